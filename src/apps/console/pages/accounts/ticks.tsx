import { Checkbox, Form } from "antd"

/** A list to be ticked off, as one field of a form whose name it bears: `checklist.sim`. */
export function Ticks<I extends string>(props: {
  name: string
  label: string
  items: readonly I[]
  word: (item: I) => string
}) {
  return (
    <fieldset className="ticks">
      <legend>{props.label}</legend>
      {props.items.map((item) => (
        <Form.Item key={item} name={[props.name, item]} valuePropName="checked" noStyle>
          <Checkbox className="block">{props.word(item)}</Checkbox>
        </Form.Item>
      ))}
    </fieldset>
  )
}
