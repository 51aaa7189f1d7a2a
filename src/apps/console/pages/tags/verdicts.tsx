import { Link } from "@tanstack/react-router"
import { Button, Form, Input } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { disputeInspection, listVerdicts } from "../../../../modules/tags/inspection/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"

type Verdict = CallAnswer<typeof listVerdicts>["rows"][number]
type Word = Verdict["verdict"]

/** What was found, of one's own work or of everybody's; whose work it was may dispute it, and somebody else has the last word. */
export function Verdicts() {
  const { t } = useTranslation()
  const query = useRead(listVerdicts, {})
  const [disputing, setDisputing] = useState<Verdict | null>(null)
  const said = (verdict: Word) => (
    <Badge tone={verdict === "right" ? "good" : "bad"}>{t(`tag_inspections.${verdict}`)}</Badge>
  )
  const second = (r: Verdict) => {
    if (r.second_verdict) return said(r.second_verdict)
    return r.disputed_at ? <Badge tone="warn">{t("tag_inspections.second_waits")}</Badge> : MISSING
  }
  return (
    <>
      <DataTable<Verdict>
        name="tag_verdicts"
        label={t("tag_inspections.verdicts")}
        rows={query.data?.rows}
        rowKey={(r) => r.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        empty={
          <Empty title={t("tag_inspections.no_verdicts")}>{t("tag_inspections.no_verdicts_text")}</Empty>
        }
        columns={[
          {
            key: "customer",
            title: t("tag_inspections.customer"),
            fixed: true,
            render: (r) => (
              <Link to="/customers/$id" params={{ id: r.customer_id }} search={{}} className="name">
                {r.customer_name || t("tag_inspections.unnamed")}
              </Link>
            ),
          },
          { key: "who", title: t("tag_inspections.operator"), render: (r) => r.staff_name ?? MISSING },
          { key: "verdict", title: t("tag_inspections.verdict"), render: (r) => said(r.verdict) },
          { key: "by", title: t("tag_inspections.judged_by"), render: (r) => r.judged_by_name ?? MISSING },
          { key: "at", title: t("tag_inspections.judged_at"), render: (r) => <Time at={r.judged_at} /> },
          { key: "note", title: t("tag_inspections.note"), folded: true, render: (r) => r.note || MISSING },
          {
            key: "reason",
            title: t("tag_inspections.reason"),
            folded: true,
            render: (r) => r.reason || MISSING,
          },
          {
            key: "second",
            title: t("tag_inspections.second"),
            render: (r) => (
              <>
                {second(r)} {r.second_by_name}
              </>
            ),
          },
          {
            key: "do",
            title: "",
            fixed: true,
            render: (r) =>
              r.may_dispute ? (
                <Button type="link" size="small" onClick={() => setDisputing(r)}>
                  {t("tag_inspections.dispute")}
                </Button>
              ) : null,
          },
        ]}
      />
      <Dispute of={disputing} onClose={() => setDisputing(null)} />
    </>
  )
}

function Dispute(props: { of: Verdict | null; onClose: () => void }) {
  const { t } = useTranslation()
  const dispute = useChange(disputeInspection, ["tags"])
  const { of } = props
  return (
    <FormDrawer<{ reason: string }>
      open={of !== null}
      title={t("tag_inspections.dispute_title", { name: of?.customer_name || t("tag_inspections.unnamed") })}
      verb={t("tag_inspections.dispute")}
      onClose={props.onClose}
      onSubmit={async (body) => {
        if (!of) return
        await dispute.mutateAsync({ params: { id: of.id }, body })
        props.onClose()
        toast(t("tag_inspections.dispute_sent"))
      }}
    >
      <Form.Item
        name="reason"
        label={t("tag_inspections.dispute_reason")}
        extra={t("tag_inspections.dispute_hint")}
        rules={[{ required: true, message: t("ui.required") }]}
      >
        <Input.TextArea rows={3} maxLength={300} />
      </Form.Item>
    </FormDrawer>
  )
}
