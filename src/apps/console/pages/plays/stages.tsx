import type { CallAnswer } from "../../../../kernel/client.ts"
import type { playResults } from "../../../../modules/plans/plays/contract.ts"
import { PlainTable } from "../../../../ui/chart.tsx"
import { formatNumber, formatShare, MISSING } from "../../../../ui/format.ts"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useCodeWord, useSay } from "../../lib/words.ts"

type Stage = CallAnswer<typeof playResults>["stages"][number]

/** How far people came, stage by stage, and where and why they left. */
export function Stages({ stages }: { stages: readonly Stage[] }) {
  const { t } = useTranslation()
  const say = useSay()
  const word = useCodeWord()
  if (stages.length === 0) return null
  const why = ({ reason, words, n }: Stage["ends"][number]) =>
    `${words ? say(words) : word("step_outcome", reason)} ${formatNumber(n)}`
  return (
    <PlainTable
      label={t("plays.stages")}
      words={[7]}
      head={[
        t("plays.stage"),
        t("plays.stage_entered"),
        t("plays.stage_done"),
        t("plays.stage_rate"),
        t("plays.stage_inside"),
        t("plays.stage_dropped"),
        t("plays.stage_days"),
        t("plays.stage_why"),
      ]}
      rows={stages.map((one) => [
        one.name,
        formatNumber(one.entered),
        formatNumber(one.done),
        one.entered > 0 ? formatShare(one.done, one.entered) : MISSING,
        formatNumber(one.inside),
        formatNumber(one.dropped),
        one.median_days === null ? MISSING : formatNumber(one.median_days),
        one.ends.length > 0 ? one.ends.map(why).join(" · ") : MISSING,
      ])}
    />
  )
}
