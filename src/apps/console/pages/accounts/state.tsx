import type { CallAnswer } from "../../../../kernel/client.ts"
import type { listAccounts, readAccount } from "../../../../modules/accounts/contract.ts"
import { Badge, type Tone } from "../../../../ui/badge.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useCodeWord } from "../../lib/words.ts"

export type Account = CallAnswer<typeof listAccounts>["rows"][number]
export type AccountDetail = CallAnswer<typeof readAccount>

const TONES: Record<Account["state"], Tone> = {
  requested: "plain",
  starting: "info",
  nurturing: "info",
  ready: "good",
  in_use: "good",
  returning: "warn",
  retired: "plain",
  written_off: "plain",
}

export function StateBadge(props: { account: Pick<Account, "state" | "unsigned"> }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { state, unsigned } = props.account
  return (
    <span className="row">
      <Badge tone={TONES[state]}>{word("account_state", state)}</Badge>
      {unsigned ? <Badge tone="warn">{t("accounts.unsigned")}</Badge> : null}
    </span>
  )
}

export function HazardBadge(props: { hazard: Account["hazard"] }) {
  const word = useCodeWord()
  return <Badge tone={props.hazard === "none" ? "good" : "bad"}>{word("hazard", props.hazard)}</Badge>
}

export function Custodian(props: { account: Pick<Account, "state" | "custodian_name"> }) {
  const { t } = useTranslation()
  const { state, custodian_name } = props.account
  if (custodian_name) return <>{custodian_name}</>
  return state === "in_use" ? (
    <span className="warn">{t("accounts.no_custodian")}</span>
  ) : (
    <span className="secondary">—</span>
  )
}
