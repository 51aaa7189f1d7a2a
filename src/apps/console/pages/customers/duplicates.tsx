import { Link } from "@tanstack/react-router"
import { Button, Radio } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { keepApart, listPairs, mergeInto } from "../../../../modules/customers/merge/contract.ts"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { formatMoney, formatNumber, MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useJoin, useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useList } from "../../lib/search.ts"
import { useCodeWord } from "../../lib/words.ts"
import { MergedLately } from "./merged-lately.tsx"

type Pair = CallAnswer<typeof listPairs>["rows"][number]
type Side = Pair["customer"]

const keyOf = (pair: Pair) => `${pair.customer.id}:${pair.other.id}`
const nameOf = (side: Side) => side.name || side.phone_masked || MISSING

/** Pairs of customers that may be one person: somebody looks at both and decides. */
export function Page() {
  const { t } = useTranslation()
  const word = useCodeWord()
  const list = useList([])
  const query = useRead(listPairs, { query: { cursor: list.cursor } }, { keep: true })
  const [merging, setMerging] = useState<Pair | null>(null)
  const [parting, setParting] = useState<Pair | null>(null)
  return (
    <Sheet title={t("duplicates.title")} purpose={t("duplicates.purpose")}>
      <div className="stack">
        <DataTable
          name="duplicates"
          label={t("duplicates.title")}
          rows={query.data?.rows}
          rowKey={keyOf}
          error={query.error}
          onRetry={() => void query.refetch()}
          refreshing={query.isPlaceholderData}
          paging={list.paging(query.data?.next_cursor)}
          empty={<Empty title={t("duplicates.empty")}>{t("duplicates.empty_text")}</Empty>}
          columns={[
            {
              key: "one",
              title: t("duplicates.one"),
              fixed: true,
              render: (r) => <Person side={r.customer} />,
            },
            {
              key: "other",
              title: t("duplicates.other"),
              fixed: true,
              render: (r) => <Person side={r.other} />,
            },
            { key: "shared", title: t("duplicates.shared"), render: (r) => word("identity", r.shared) },
            { key: "found", title: t("duplicates.found"), render: (r) => <Time at={r.found_at} /> },
            {
              key: "decide",
              title: t("duplicates.decide"),
              fixed: true,
              render: (r) => (
                <span className="row">
                  <Button size="small" onClick={() => setMerging(r)}>
                    {t("duplicates.merge")}
                  </Button>
                  <Button size="small" type="link" onClick={() => setParting(r)}>
                    {t("duplicates.apart")}
                  </Button>
                </span>
              ),
            },
          ]}
        />
        <MergedLately />
      </div>
      {merging ? <Merge key={keyOf(merging)} pair={merging} onClose={() => setMerging(null)} /> : null}
      {parting ? <Apart pair={parting} onClose={() => setParting(null)} /> : null}
    </Sheet>
  )
}

function Person(props: { side: Side }) {
  const { t } = useTranslation()
  const join = useJoin()
  const { side } = props
  return (
    <div>
      <Link to="/customers/$id" params={{ id: side.id }} search={{}} className="name">
        {nameOf(side)}
      </Link>
      <div className="secondary small">
        {t("duplicates.figures", {
          orders: formatNumber(side.orders),
          gmv: formatMoney(side.gmv_fen),
          points: formatNumber(side.points),
        })}
      </div>
      <div className="secondary small wrap-cell">
        {[side.phone_masked, side.accounts.length > 0 ? join(side.accounts) : t("duplicates.no_account")]
          .filter(Boolean)
          .join(" · ")}
      </div>
    </div>
  )
}

function Merge(props: { pair: Pair; onClose: () => void }) {
  const { t } = useTranslation()
  const { customer, other } = props.pair
  const merge = useChange(mergeInto, ["customers"])
  const [stays, setStays] = useState(customer.id)
  const [kept, gone] = stays === customer.id ? [customer, other] : [other, customer]
  return (
    <ConfirmConsequence
      open
      danger
      title={t("duplicates.merge_title", { kept: nameOf(kept), gone: nameOf(gone) })}
      verb={t("duplicates.merge")}
      onClose={props.onClose}
      onConfirm={async () => {
        await merge.mutateAsync({ params: { id: kept.id }, body: { other_id: gone.id } })
        toast(t("duplicates.merged", { name: nameOf(kept) }))
      }}
    >
      <fieldset className="stack-s">
        <legend>{t("duplicates.stays")}</legend>
        <Radio.Group
          value={stays}
          onChange={(event) => setStays(event.target.value as string)}
          options={[customer, other].map((side) => ({ value: side.id, label: <Choice side={side} /> }))}
          vertical
        />
      </fieldset>
      <p>{t("duplicates.merge_text")}</p>
    </ConfirmConsequence>
  )
}

/** Two of one name are told apart by what they have. */
function Choice(props: { side: Side }) {
  const { t } = useTranslation()
  const { side } = props
  return (
    <>
      {nameOf(side)}{" "}
      <span className="secondary small">
        {t("duplicates.figures", {
          orders: formatNumber(side.orders),
          gmv: formatMoney(side.gmv_fen),
          points: formatNumber(side.points),
        })}
      </span>
    </>
  )
}

function Apart(props: { pair: Pair; onClose: () => void }) {
  const { t } = useTranslation()
  const apart = useChange(keepApart, ["customers.pairs"])
  const { customer, other } = props.pair
  return (
    <ConfirmConsequence
      open
      title={t("duplicates.apart_title", { one: nameOf(customer), other: nameOf(other) })}
      verb={t("duplicates.apart")}
      onClose={props.onClose}
      onConfirm={async () => {
        await apart.mutateAsync({ body: { customer_id: customer.id, other_id: other.id } })
        toast(t("duplicates.kept_apart"))
      }}
    />
  )
}
