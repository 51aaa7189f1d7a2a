import { LeftOutlined } from "@ant-design/icons"
import { Link, useParams } from "@tanstack/react-router"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { readSegment } from "../../../../modules/segments/contract.ts"
import {
  MOVES_EXPLAINED,
  MOVES_KEPT_DAYS,
  MOVES_LISTED,
  movedPeople,
} from "../../../../modules/segments/movement/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { FilterBar } from "../../../../ui/filters.tsx"
import { formatNumber, MISSING } from "../../../../ui/format.ts"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useList } from "../../lib/search.ts"
import { useSay } from "../../lib/words.ts"
import { TraitValue } from "../customers/values.tsx"

type Row = CallAnswer<typeof movedPeople>["rows"][number]

/** Who came into a segment and went out of it on a day, each with the conditions that changed. */
export function Page() {
  const { t } = useTranslation()
  const { id, day } = useParams({ strict: false }) as { id: string; day: string }
  const list = useList(["way"])
  const segment = useRead(readSegment, { params: { id } })
  const way = list.filters.way === "in" || list.filters.way === "out" ? list.filters.way : undefined
  const query = useRead(
    movedPeople,
    { params: { id, day }, query: { cursor: list.cursor, ...(way ? { way } : {}) } },
    { keep: true },
  )
  return (
    <Sheet
      title={t("movement.day_title", { name: segment.data?.name ?? "", day })}
      purpose={t("movement.day_purpose")}
      back={
        <Link to="/segments/$id" params={{ id }} search={{}} className="small">
          <LeftOutlined /> {t("movement.back")}
        </Link>
      }
    >
      <div className="stack-s">
        <DataTable
          name="segment-moved"
          label={t("movement.list")}
          rows={query.data?.rows}
          rowKey={(row) => row.customer_id}
          error={query.error}
          onRetry={() => void query.refetch()}
          refreshing={query.isPlaceholderData}
          paging={list.paging(query.data?.next_cursor)}
          filters={
            <FilterBar
              values={list.filters}
              onChange={list.setFilters}
              filters={[
                {
                  key: "way",
                  kind: "choice",
                  label: t("movement.way"),
                  options: [
                    { value: "in", label: t("movement.came") },
                    { value: "out", label: t("movement.went") },
                  ],
                },
              ]}
            />
          }
          empty={
            <Empty title={t("movement.empty")}>{t("movement.empty_text", { days: MOVES_KEPT_DAYS })}</Empty>
          }
          columns={[
            {
              key: "name",
              title: t("segments.member"),
              fixed: true,
              render: (row) => (
                <Link to="/customers/$id" params={{ id: row.customer_id }} search={{}} className="name">
                  {row.name || MISSING}
                </Link>
              ),
            },
            {
              key: "way",
              title: t("movement.way"),
              render: (row) => (
                <Badge tone={row.way === "in" ? "good" : "plain"}>
                  {t(row.way === "in" ? "movement.came" : "movement.went")}
                </Badge>
              ),
            },
            { key: "why", title: t("movement.why"), render: (row) => <Reasons row={row} /> },
            {
              key: "owner",
              title: t("segments.member_owner"),
              render: (row) => <span className="name">{row.owner_name ?? MISSING}</span>,
            },
          ]}
        />
        <p className="secondary small">{t("movement.listed", { n: formatNumber(MOVES_LISTED) })}</p>
      </div>
    </Sheet>
  )
}

function Reasons(props: { row: Row }) {
  const { t } = useTranslation()
  const say = useSay()
  const { why } = props.row
  if (why === null)
    return (
      <span className="secondary">{t("movement.why_unknown", { n: formatNumber(MOVES_EXPLAINED) })}</span>
    )
  if (why.length === 0) return <span className="secondary">{t("movement.why_none")}</span>
  return (
    <ul className="stack-s">
      {why.map((one) => {
        const word = one.before === null ? (one.after ? "now_met" : "now_unmet") : one.after ? "met" : "unmet"
        const sentence = one.sentence ? say(one.sentence) : t("movement.condition_gone")
        return (
          <li key={one.path} className="wrap-cell">
            {t(`movement.${word}`, { sentence })}
            {one.values.map(({ before, after, label, ...rest }) => (
              <span key={rest.trait} className="secondary small">
                {" "}
                {say(label)}{" "}
                {one.before === null ? null : (
                  <>
                    <TraitValue trait={{ ...rest, ...before } as never} />
                    {" → "}
                  </>
                )}
                <TraitValue trait={{ ...rest, ...after } as never} />
              </span>
            ))}
          </li>
        )
      })}
    </ul>
  )
}
