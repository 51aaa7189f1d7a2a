import { Steps } from "antd"
import type { ReactNode } from "react"
import { useTranslation } from "./words/use.ts"

/** Steps on the left, the work in the middle, its consequence always in sight on the right. */
export function Wizard(props: {
  steps: { key: string; title: string }[]
  current: string
  consequence?: ReactNode
  children: ReactNode
}) {
  const { t } = useTranslation()
  const at = props.steps.findIndex((s) => s.key === props.current)
  return (
    <div className={props.consequence ? "wizard with-rail" : "wizard"}>
      <nav aria-label={t("ui.steps")} className="wizard-steps">
        <Steps
          orientation="vertical"
          size="small"
          current={at}
          items={props.steps.map((s) => ({ title: s.title }))}
        />
      </nav>
      <div className="wizard-work">{props.children}</div>
      {props.consequence ? (
        <aside className="card wizard-rail" aria-live="polite">
          {props.consequence}
        </aside>
      ) : null}
    </div>
  )
}

/** The row of buttons under a step: back on the left, the verb on the right. */
export function StepFoot(props: { back?: ReactNode; children: ReactNode }) {
  return (
    <div className="step-foot">
      <div>{props.back}</div>
      <div className="step-verbs">{props.children}</div>
    </div>
  )
}
