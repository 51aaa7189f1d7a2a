import type { CallAnswer } from "../../../../kernel/client.ts"
import type { listTransfers, STATES } from "../../../../modules/transfers/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { useTranslation } from "../../../../ui/words/use.ts"

export type TransferRow = CallAnswer<typeof listTransfers>["rows"][number]
type State = (typeof STATES)[number]

const TONE = {
  planned: "plain",
  asked: "info",
  waiting: "info",
  done: "good",
  refused: "warn",
  full: "warn",
  failed: "bad",
  cancelled: "plain",
} as const

export function PassingBadge(props: { state: State }) {
  const { t } = useTranslation()
  return <Badge tone={TONE[props.state]}>{t(`transfers.state_${props.state}`)}</Badge>
}

/** How far a transfer is, in words: only what there is of it. */
export function Progress(props: { row: TransferRow }) {
  const { t } = useTranslation()
  const { customers, groups } = props.row
  const states = (Object.keys(TONE) as State[]).filter((state) => customers[state] > 0)
  const owned = groups.asked + groups.done + groups.failed
  return (
    <span className="row">
      {states.map((state) => (
        <Badge key={state} tone={TONE[state]}>
          {t(`transfers.state_${state}`)} {formatNumber(customers[state])}
        </Badge>
      ))}
      {owned > 0 ? (
        <Badge tone={groups.failed > 0 ? "bad" : groups.asked > 0 ? "info" : "good"}>
          {t("transfers.groups_of", { done: formatNumber(groups.done), n: formatNumber(owned) })}
        </Badge>
      ) : null}
    </span>
  )
}
