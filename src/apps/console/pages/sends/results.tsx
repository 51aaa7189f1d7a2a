import { Button } from "antd"
import { remindSendEndpoint } from "../../../../modules/sends/contract.ts"
import { PlainTable } from "../../../../ui/chart.tsx"
import { formatNumber, MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Section } from "../../../../ui/page.tsx"
import { Stat } from "../../../../ui/stat.tsx"
import { problemText } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"
import type { One } from "./detail.tsx"

/** 员工执行情况: who has pressed send, and who still has to. */
export function StaffBlock(props: { one: One }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const { staff, send } = props.one
  const remind = useChange(remindSendEndpoint, ["sends"])
  const waits =
    staff.some((one) => one.tasks_open > 0) && (send.state === "planning" || send.state === "running")
  return (
    <Section
      title={t("sends.staff_block")}
      extra={
        waits && can("sends.write") ? (
          <Button
            size="small"
            loading={remind.isPending}
            onClick={() =>
              remind.mutate(
                { params: { id: send.id } },
                {
                  onError: (error) => toast(problemText(error), "bad"),
                  onSuccess: ({ tasks }) => toast(t("sends.reminded_now", { n: tasks })),
                },
              )
            }
          >
            {t("sends.remind")}
          </Button>
        ) : null
      }
    >
      {staff.length === 0 ? (
        <p className="secondary">{t("sends.no_staff_yet")}</p>
      ) : (
        <PlainTable
          label={t("sends.staff_block")}
          head={[
            t("sends.account_name"),
            t("sends.confirmed"),
            t("sends.sent_to_staff"),
            t("sends.pending"),
            t("sends.reminded_at"),
          ]}
          rows={staff.map((one) => [
            one.name,
            formatNumber(one.confirmed),
            formatNumber(one.sent_to_staff),
            formatNumber(one.pending),
            one.reminded_at ? <Time key="at" at={one.reminded_at} /> : MISSING,
          ])}
        />
      )}
    </Section>
  )
}

const OUTCOMES = ["waiting", "not_friend", "over_quota", "failed", "unknown", "expired", "cancelled"] as const

/** 客户触达情况: what became of everybody, each with the reason. */
export function CustomerBlock(props: { one: One }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { customers } = props.one
  return (
    <Section title={t("sends.customer_block")}>
      <div className="grid-stats">
        <Stat
          big
          label={t("sends.delivered")}
          value={formatNumber(customers.delivered)}
          definition={t("sends.delivered_definition")}
        />
        <Stat
          label={t("sends.planned")}
          value={formatNumber(customers.planned)}
          definition={t("sends.planned_definition")}
        />
      </div>
      <PlainTable
        label={t("sends.customer_block")}
        head={[t("sends.reason"), t("sends.count")]}
        rows={[
          ...OUTCOMES.filter((key) => customers[key] > 0).map((key) => [
            t(`sends.${key}`),
            formatNumber(customers[key]),
          ]),
          ...customers.left_out.map((one) => [word("left_out", one.reason), formatNumber(one.people)]),
        ]}
      />
    </Section>
  )
}
