import { Button } from "antd"
import { useState } from "react"
import { useTranslation } from "./words/use.ts"

/** A secret that is shown a single time, with a button that copies it. */
export function ShownOnce(props: { title: string; text: string; secret: string; onClose: () => void }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  return (
    <section className="card shown-once" role="alert">
      <h2>{props.title}</h2>
      <p className="secondary">{props.text}</p>
      <div className="row">
        <code className="mono secret">{props.secret}</code>
        <Button
          size="small"
          onClick={() => void navigator.clipboard?.writeText(props.secret).then(() => setCopied(true))}
        >
          {t(copied ? "ui.copied" : "ui.copy")}
        </Button>
        <Button size="small" type="text" onClick={props.onClose}>
          {t("ui.close")}
        </Button>
      </div>
    </section>
  )
}
