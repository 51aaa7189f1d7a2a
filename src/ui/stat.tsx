import { Popover } from "antd"
import type { ReactNode } from "react"
import type { Instant } from "./format.ts"
import { Time } from "./now.tsx"
import { useTranslation } from "./words/use.ts"

/** A number that says what it is and of when. The definition opens by click and by keyboard, not only on hover. */
export function Stat(props: {
  label: string
  value: ReactNode
  exact?: string
  definition: string
  at?: Instant | null
  note?: ReactNode
  /** A way to what the number is made of. */
  behind?: ReactNode
  big?: boolean
}) {
  const { t } = useTranslation()
  return (
    <div className={props.big ? "stat stat-big" : "stat"}>
      <Popover
        trigger="click"
        title={props.label}
        content={
          <div className="why-body">
            <p>{props.definition}</p>
            {props.exact ? <p className="num">{props.exact}</p> : null}
            {props.behind ? <p>{props.behind}</p> : null}
            {props.at ? (
              <p className="secondary small">
                <AsOf at={props.at} />
              </p>
            ) : null}
          </div>
        }
      >
        <button type="button" className="stat-label" aria-label={`${props.label} ${t("ui.definition")}`}>
          {props.label}
        </button>
      </Popover>
      <div className="stat-value num" title={props.exact}>
        {props.value}
      </div>
      {props.note ? <div className="stat-note secondary small">{props.note}</div> : null}
    </div>
  )
}

export function AsOf(props: { at: Instant }) {
  const { t } = useTranslation()
  const [before, after] = t("ui.as_of", { at: "\u0000" }).split("\u0000")
  return (
    <span className="secondary small">
      {before}
      <Time at={props.at} />
      {after}
    </span>
  )
}
