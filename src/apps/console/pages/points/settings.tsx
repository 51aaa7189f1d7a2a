import { Button, Form, InputNumber } from "antd"
import { useState } from "react"
import { type CallAnswer, CallRefused } from "../../../../kernel/client.ts"
import { readPointsSettings, savePointsSettings } from "../../../../modules/points/contract.ts"
import { PlainTable } from "../../../../ui/chart.tsx"
import { FormProblem, useSubmit } from "../../../../ui/form-drawer.tsx"
import { formatMoney, formatNumber, MISSING } from "../../../../ui/format.ts"
import { Section, Page as Sheet } from "../../../../ui/page.tsx"
import { SavedMeanwhile } from "../../../../ui/saved-meanwhile.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { call, useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { UnsavedGuard } from "../../lib/unsaved.tsx"
import { useCodeWord } from "../../lib/words.ts"

type Answer = CallAnswer<typeof readPointsSettings>
type Values = { points_per_yuan: number; valid_days: number | null; yuan_per_100_points: number }
type Saved = Answer["settings"]
const FEN = 100

const valuesOf = (settings: Saved): Values => ({
  points_per_yuan: settings.points_per_yuan,
  valid_days: settings.valid_days,
  yuan_per_100_points: settings.fen_per_100_points / FEN,
})

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
  // What the fields began with: another read of the settings changes nothing that somebody is writing.
  const [based, setBased] = useState(props.answer.settings)
  const [theirs, setTheirs] = useState<Saved | null>(null)
  const [dirty, setDirty] = useState(false)
  const may = can("settings.write")
  const put = async ({ yuan_per_100_points, ...values }: Values, over: Saved) => {
    setTheirs(null)
    const body = {
      ...over,
      ...values,
      valid_days: values.valid_days ?? null,
      fen_per_100_points: Math.round(yuan_per_100_points * FEN),
    }
    try {
      const { settings } = await save.mutateAsync({ body: { ...body, based_on: over } })
      setBased(settings)
      setDirty(false)
      toast(t("points.saved"))
    } catch (error) {
      const changed = error instanceof CallRefused && error.problem.code === "version_changed"
      // Where theirs cannot be read now, the refusal still stands.
      const newest = changed ? await call(readPointsSettings, {}).catch(() => null) : null
      if (!newest) throw error
      setTheirs(newest.settings)
    }
  }
  const { busy, problem, submit } = useSubmit<Values>(form, (values) => put(values, based))
  const over = useSubmit<Values>(form, (values) => put(values, theirs ?? based))
  const take = (newest: Saved) => {
    form.setFieldsValue(valuesOf(newest))
    setBased(newest)
    setDirty(false)
    setTheirs(null)
  }
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      disabled={!may}
      onValuesChange={() => setDirty(true)}
      onFinish={(values) => void submit(values)}
      initialValues={valuesOf(based)}
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
      {theirs ? (
        <SavedMeanwhile
          busy={over.busy}
          onMine={() => void over.submit(form.getFieldsValue())}
          theirs={<Button onClick={() => take(theirs)}>{t("ui.take_theirs")}</Button>}
        >
          <p>{t("points.conflict")}</p>
          <p className="secondary">
            {t("points.says", {
              per_yuan: formatNumber(theirs.points_per_yuan),
              days:
                theirs.valid_days === null
                  ? t("points.for_ever")
                  : `${formatNumber(theirs.valid_days)} ${t("points.valid_days_unit")}`,
              cost: formatMoney(theirs.fen_per_100_points),
            })}
          </p>
        </SavedMeanwhile>
      ) : null}
      <FormProblem text={problem ?? over.problem} />
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
