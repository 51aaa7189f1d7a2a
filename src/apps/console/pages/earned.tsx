import type { CallAnswer } from "../../../kernel/client.ts"
import type { oneSend } from "../../../modules/sends/contract.ts"
import { formatMoney, formatNumber } from "../../../ui/format.ts"
import { Section } from "../../../ui/page.tsx"
import { Stat } from "../../../ui/stat.tsx"
import { useTranslation } from "../../../ui/words/use.ts"

/** What a send or a play brought: orders within the window after its touches. */
export function Earned(props: { earned: CallAnswer<typeof oneSend>["earned"] }) {
  const { t } = useTranslation()
  const { earned } = props
  const definition = t("sends.window", { n: earned.window_days })
  return (
    <Section title={t("sends.earned_block")} extra={<span className="secondary small">{definition}</span>}>
      <div className="grid-stats">
        <Stat big label={t("sends.gmv")} value={formatMoney(earned.gmv_fen)} definition={definition} />
        <Stat label={t("sends.net")} value={formatMoney(earned.net_fen)} definition={definition} />
        <Stat label={t("sends.orders")} value={formatNumber(earned.orders)} definition={definition} />
        <Stat label={t("sends.customers")} value={formatNumber(earned.customers)} definition={definition} />
      </div>
    </Section>
  )
}
