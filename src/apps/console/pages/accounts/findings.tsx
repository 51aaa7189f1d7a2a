import { FINDING_KINDS, listFindings } from "../../../../modules/accounts/findings/contract.ts"
import { FilterBar } from "../../../../ui/filters.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useList } from "../../lib/search.ts"
import { useCodeWord } from "../../lib/words.ts"
import { FindingsTable } from "./findings-table.tsx"

const STATES = ["open", "late", "settled"] as const

export function Page() {
  const { t } = useTranslation()
  const word = useCodeWord()
  const list = useList(["state", "kind", "stocktake"])
  const query = {
    state: STATES.find((one) => one === list.filters.state),
    kind: FINDING_KINDS.find((one) => one === list.filters.kind),
    stocktake_id: list.filters.stocktake,
  }
  const counts = useRead(listFindings, { query }, { keep: true }).data?.counts
  return (
    <Sheet
      title={t("findings.title")}
      purpose={
        counts
          ? `${t("findings.purpose")} ${t("findings.counts", { open: formatNumber(counts.open), late: formatNumber(counts.late) })}`
          : t("findings.purpose")
      }
    >
      <FindingsTable
        views
        name="findings"
        query={query}
        filters={
          <FilterBar
            filters={[
              {
                key: "state",
                kind: "choice",
                label: t("findings.state"),
                options: STATES.map((value) => ({ value, label: word("finding_state", value) })),
              },
              {
                key: "kind",
                kind: "choice",
                label: t("findings.kind"),
                options: FINDING_KINDS.map((value) => ({ value, label: word("finding_kind", value) })),
              },
            ]}
            values={list.filters}
            onChange={list.setFilters}
          />
        }
      />
    </Sheet>
  )
}
