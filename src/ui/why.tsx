import { Button, Popover } from "antd"
import type { ReactNode } from "react"
import { useTranslation } from "./words/use.ts"

/** One click from a class, score, count or refusal to the rule and the numbers that made it, or from a word to what it means. */
export function Why(props: { of: string; label?: string; children: ReactNode }) {
  const { t } = useTranslation()
  const label = props.label ?? t("ui.why")
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      title={props.of}
      content={<div className="why-body">{props.children}</div>}
    >
      <Button type="text" size="small" className="why" aria-label={`${label}: ${props.of}`}>
        {label}
      </Button>
    </Popover>
  )
}
