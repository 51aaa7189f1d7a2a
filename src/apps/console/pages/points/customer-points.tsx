import { Button, Form, Input } from "antd"
import { useState } from "react"
import { adjustPoints, POINTS_MAX, pointsHistory, readPoints } from "../../../../modules/points/contract.ts"
import { PlainTable } from "../../../../ui/chart.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { formatNumber, MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { NumberItem } from "../../../../ui/number-field.tsx"
import { Section } from "../../../../ui/page.tsx"
import { Stat } from "../../../../ui/stat.tsx"
import { Empty, Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useList } from "../../lib/search.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"

/** A customer's points: what there is, where it came from, until when. */
export function CustomerPoints(props: { id: string; name: string }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { can } = useSession()
  const query = useRead(readPoints, { params: { id: props.id } })
  const adjust = useChange(adjustPoints, ["points", "customers"])
  const [adjusting, setAdjusting] = useState(false)
  return (
    <div className="stack">
      <Ready query={query} rows={3}>
        {(held) => (
          <Section
            title={t("nav.points")}
            extra={
              can("points.grant") ? (
                <Button onClick={() => setAdjusting(true)}>{t("points.adjust")}</Button>
              ) : null
            }
          >
            <div className="grid-stats">
              <Stat
                big
                label={t("points.balance")}
                value={formatNumber(held.balance)}
                definition={t("points.balance_definition")}
              />
              <Stat
                label={t("points.expiring")}
                value={formatNumber(held.expiring_in_7_days)}
                definition={t("points.expiring_definition")}
              />
              <Stat
                label={t("points.reserved")}
                value={formatNumber(held.reserved)}
                definition={t("points.reserved_definition")}
              />
              <Stat
                label={t("points.owed")}
                value={formatNumber(held.owed)}
                definition={t("points.owed_definition")}
              />
            </div>
            {held.lots.length > 0 ? (
              <PlainTable
                label={t("points.lots")}
                head={[t("points.lots"), t("points.points"), t("points.left"), t("points.valid_until")]}
                rows={held.lots.map((lot) => [
                  word("points_rule", lot.rule),
                  formatNumber(lot.points),
                  formatNumber(lot.left),
                  lot.valid_until ?? t("points.for_ever"),
                ])}
              />
            ) : null}
          </Section>
        )}
      </Ready>
      <History id={props.id} />
      <FormDrawer<{ points: number; note: string }>
        open={adjusting}
        title={t("points.adjust_title", { name: props.name })}
        verb={t("points.adjust")}
        onClose={() => setAdjusting(false)}
        onSubmit={async (body) => {
          await adjust.mutateAsync({ params: { id: props.id }, body })
          setAdjusting(false)
          toast(t("points.adjusted"))
        }}
      >
        <NumberItem
          name="points"
          label={t("points.adjust_points")}
          hint={t("points.adjust_hint")}
          min={-POINTS_MAX}
          max={POINTS_MAX}
          decimals={0}
          required
          width={160}
        />
        <Form.Item
          name="note"
          label={t("points.adjust_note")}
          rules={[{ required: true, message: t("ui.required") }]}
        >
          <Input maxLength={200} />
        </Form.Item>
      </FormDrawer>
    </div>
  )
}

function History(props: { id: string }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const list = useList([])
  const query = useRead(
    pointsHistory,
    { params: { id: props.id }, query: list.cursor ? { cursor: list.cursor } : {} },
    { keep: true },
  )
  return (
    <DataTable
      name="points-history"
      label={t("points.history")}
      rows={query.data?.rows}
      rowKey={(r) => r.posting}
      error={query.error}
      onRetry={() => void query.refetch()}
      refreshing={query.isPlaceholderData}
      paging={list.paging(query.data?.next_cursor)}
      empty={<Empty title={t("points.no_history")}>{t("points.no_history_text")}</Empty>}
      columns={[
        { key: "rule", title: t("points.rule"), fixed: true, render: (r) => word("points_rule", r.rule) },
        { key: "kind", title: t("points.kind"), render: (r) => word("posting_kind", r.kind) },
        {
          key: "points",
          title: t("points.points"),
          numeric: true,
          render: (r) => `${r.points > 0 ? "+" : ""}${formatNumber(r.points)}`,
        },
        {
          key: "owed",
          title: t("points.owed"),
          numeric: true,
          folded: true,
          render: (r) => (r.owed === 0 ? MISSING : formatNumber(r.owed)),
        },
        {
          key: "source",
          title: t("points.source"),
          folded: true,
          render: (r) => <span className="mono">{r.source}</span>,
        },
        { key: "at", title: t("points.at"), render: (r) => <Time at={r.at} /> },
      ]}
    />
  )
}
