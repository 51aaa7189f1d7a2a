import { DatePicker, TimePicker } from "antd"
// The component library's date fields speak dayjs and nothing else; here it only carries the digits of a shop day or time.
import dayjs from "dayjs"

const DAY = "YYYY-MM-DD"
const MINUTE = "YYYY-MM-DD HH:mm"
const CLOCK = "HH:mm"

type Field = {
  /** Given by a form's item. */
  id?: string
  label?: string
  width?: number
  disabled?: boolean
  /** What is asked for; the label where nothing else is said. */
  placeholder?: string
  onChange?: (value: string | undefined) => void
}

/** A day of the shop as `YYYY-MM-DD`: typed or picked, in the page's language whatever the browser speaks. */
export function DayField(props: Field & { value?: string | undefined; from?: string }) {
  const { from } = props
  return (
    <DatePicker
      {...common(props)}
      format={DAY}
      value={read(props.value, DAY)}
      onChange={(picked) => props.onChange?.(picked?.format(DAY))}
      {...(from ? { minDate: dayjs(from, DAY) } : {})}
    />
  )
}

/** A minute of the shop as `YYYY-MM-DD HH:mm`. */
export function MinuteField(props: Field & { value?: string | undefined; from?: string }) {
  const { from } = props
  return (
    <DatePicker
      {...common(props)}
      showTime={{ format: "HH:mm", minuteStep: 5 }}
      format={MINUTE}
      value={read(props.value, MINUTE)}
      onChange={(picked) => props.onChange?.(picked?.format(MINUTE))}
      {...(from ? { minDate: dayjs(from, DAY) } : {})}
    />
  )
}

/** A clock time of the shop as `HH:mm`. */
export function ClockField(props: Field & { value?: string | undefined }) {
  return (
    <TimePicker
      {...common(props)}
      format={CLOCK}
      minuteStep={5}
      value={props.value ? dayjs(`2000-01-01 ${props.value}`, MINUTE) : null}
      onChange={(picked) => props.onChange?.(picked?.format(CLOCK))}
    />
  )
}

function common(props: Field) {
  return {
    ...(props.id ? { id: props.id } : {}),
    ...(props.label ? { "aria-label": props.label, placeholder: props.placeholder ?? props.label } : {}),
    ...(props.width ? { style: { width: props.width } } : {}),
    disabled: props.disabled ?? false,
    needConfirm: false,
  }
}

/** Digits without a zone on both sides, so that no browser's zone shifts them. */
function read(value: string | undefined, format: string) {
  if (!value) return null
  const read = dayjs(value.slice(0, format.length))
  return read.isValid() ? read : null
}
