import { Form, Input } from "antd"
import { INTEGER_MAX } from "../../../../kernel/contract.ts"
import { correctLimitRow } from "../../../../modules/sends/contract.ts"
import { DayField } from "../../../../ui/day-field.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { formatDay } from "../../../../ui/format.ts"
import { useNow } from "../../../../ui/now.tsx"
import { NumberItem } from "../../../../ui/number-field.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import { useCodeWord } from "../../lib/words.ts"
import { clockOf, type Limit, minuteOf } from "./limit-rows.ts"

type Values = { value?: number; clock?: string; source: string; effective_from: string }

/** A new row of a limit from a day on; what was before stays in the table. */
export function CorrectLimit(props: { limit: Limit | null; onClose: () => void }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const today = formatDay(useNow())
  const correct = useChange(correctLimitRow, ["limits"])
  const { limit } = props
  const isClock = limit?.held.unit === "minute_of_day"
  const required = { required: true, message: t("ui.required") }
  return (
    <FormDrawer<Values>
      open={limit !== null}
      title={t("limits.correct_title", { name: limit ? word("limit_name", limit.name) : "" })}
      verb={t("limits.correct_verb")}
      onClose={props.onClose}
      initial={
        limit
          ? {
              ...(isClock ? { clock: clockOf(limit.held.value) } : { value: limit.held.value }),
              effective_from: today,
            }
          : {}
      }
      onSubmit={async ({ value, clock, source, effective_from }) => {
        if (!limit) return
        await correct.mutateAsync({
          body: {
            name: limit.name,
            per: limit.per,
            value: clock === undefined ? (value ?? 0) : (minuteOf(clock) ?? 0),
            source,
            effective_from,
          },
        })
        toast(t("limits.corrected", { day: effective_from }))
        props.onClose()
      }}
    >
      {isClock ? (
        <Form.Item
          name="clock"
          label={t("limits.new_time")}
          rules={[
            required,
            {
              validator: async (_, text: string) => {
                if (text && minuteOf(text) === null) throw new Error(t("limits.time_hint"))
              },
            },
          ]}
        >
          <Input style={{ width: 120 }} placeholder="21:30" inputMode="numeric" />
        </Form.Item>
      ) : (
        <NumberItem
          name="value"
          label={t("limits.new_value")}
          min={0}
          max={INTEGER_MAX}
          decimals={0}
          required
          width={180}
          {...unitOf(limit, t)}
        />
      )}
      <Form.Item name="source" label={t("limits.source")} extra={t("limits.source_hint")} rules={[required]}>
        <Input maxLength={300} />
      </Form.Item>
      <Form.Item
        name="effective_from"
        label={t("limits.from")}
        extra={t("limits.from_hint")}
        rules={[required]}
      >
        <DayField />
      </Form.Item>
    </FormDrawer>
  )
}

/** Times travel as milliseconds and are typed as such: only platforms' own numbers have them. */
function unitOf(limit: Limit | null, t: ReturnType<typeof useTranslation>["t"]) {
  const unit = limit?.held.unit
  if (unit !== "bytes" && unit !== "chars" && unit !== "ms") return {}
  return { unit: t(`limits.unit_${unit}`) }
}
