import { Button, Form, InputNumber } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { readPointsSettings, savePointsSettings } from "../../../../modules/points/contract.ts"
import { PlainTable } from "../../../../ui/chart.tsx"
import { FormProblem, useSubmit } from "../../../../ui/form-drawer.tsx"
import { formatMoney, formatNumber, MISSING } from "../../../../ui/format.ts"
import { Section, Page as Sheet } from "../../../../ui/page.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { UnsavedGuard } from "../../lib/unsaved.tsx"
import { useCodeWord } from "../../lib/words.ts"

type Answer = CallAnswer<typeof readPointsSettings>
type Values = { points_per_yuan: number; valid_days: number | null; yuan_per_100_points: number }
const FEN = 100

export function Page() {
  const { t } = useTranslation()
  const query = useRead(readPointsSettings, {})
  return (
    <Sheet title={t("points.title")} purpose={t("points.purpose")}>
      <Ready query={query}>
        {(answer) => (
          <div className="grid-2">
            <Section title={t("points.settings")}>
              <Settings answer={answer} />
            </Section>
            <Section title={t("points.budgets")}>
              <Months answer={answer} />
            </Section>
          </div>
        )}
      </Ready>
    </Sheet>
  )
}

function Settings(props: { answer: Answer }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const save = useChange(savePointsSettings, ["points"])
  const [form] = Form.useForm<Values>()
  const { settings } = props.answer
  const [dirty, setDirty] = useState(false)
  const may = can("settings.write")
  const { busy, problem, submit } = useSubmit<Values>(form, async ({ yuan_per_100_points, ...values }) => {
    await save.mutateAsync({
      body: {
        ...settings,
        ...values,
        valid_days: values.valid_days ?? null,
        fen_per_100_points: Math.round(yuan_per_100_points * FEN),
      },
    })
    setDirty(false)
    toast(t("points.saved"))
  })
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      disabled={!may}
      onValuesChange={() => setDirty(true)}
      onFinish={(values) => void submit(values)}
      initialValues={{
        points_per_yuan: settings.points_per_yuan,
        valid_days: settings.valid_days,
        yuan_per_100_points: settings.fen_per_100_points / FEN,
      }}
    >
      <UnsavedGuard dirty={dirty} />
      {may ? null : <p className="secondary">{t("points.read_only")}</p>}
      <Form.Item
        name="points_per_yuan"
        label={t("points.per_yuan")}
        extra={t("points.per_yuan_hint")}
        rules={[{ required: true, message: t("ui.required") }]}
      >
        <InputNumber controls={false} min={0} max={1000} precision={0} suffix={t("points.per_yuan_unit")} />
      </Form.Item>
      <Form.Item name="valid_days" label={t("points.valid_days")} extra={t("points.valid_days_hint")}>
        <InputNumber controls={false} min={1} precision={0} suffix={t("points.valid_days_unit")} />
      </Form.Item>
      <Form.Item
        name="yuan_per_100_points"
        label={t("points.cost")}
        extra={t("points.cost_hint")}
        rules={[{ required: true, message: t("ui.required") }]}
      >
        <InputNumber controls={false} min={0} precision={2} suffix={t("points.cost_unit")} />
      </Form.Item>
      <FormProblem text={problem} />
      {may ? (
        <Button type="primary" htmlType="submit" loading={busy}>
          {t("points.save")}
        </Button>
      ) : null}
    </Form>
  )
}

function Months(props: { answer: Answer }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { months } = props.answer
  if (months.length === 0) return <p className="secondary">{t("points.no_budgets")}</p>
  return (
    <PlainTable
      label={t("points.budgets")}
      head={[
        t("points.rule"),
        t("points.month"),
        t("points.given"),
        t("points.budget"),
        t("points.cost_so_far"),
      ]}
      rows={months.map((m) => [
        word("points_rule", m.rule),
        m.month,
        formatNumber(m.points),
        m.budget === null ? MISSING : formatNumber(m.budget),
        formatMoney(m.cost_fen),
      ])}
    />
  )
}
