import { Button, Input, Modal } from "antd"
import { type ReactNode, useEffect, useId, useState } from "react"
import { problemText } from "./states.tsx"
import { useTranslation } from "./words/use.ts"

/** Asks before something that cannot be taken back, naming what will happen; the gravest ones want a word typed. */
export function ConfirmConsequence(props: {
  open: boolean
  /** The consequence in one sentence: 将向 12,480 人发送. */
  title: string
  verb: string
  danger?: boolean
  /** What must be typed, letter for letter. */
  typed?: string
  onConfirm: () => Promise<unknown>
  onClose: () => void
  children?: ReactNode
}) {
  const { t } = useTranslation()
  const typedId = useId()
  const [text, setText] = useState("")
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    if (!props.open) return
    setText("")
    setProblem(null)
  }, [props.open])
  const go = async () => {
    setBusy(true)
    try {
      await props.onConfirm()
      props.onClose()
    } catch (error) {
      setProblem(problemText(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      open={props.open}
      title={props.title}
      onCancel={props.onClose}
      closable={{ "aria-label": t("ui.close") }}
      footer={[
        <Button key="cancel" onClick={props.onClose}>
          {t("ui.cancel")}
        </Button>,
        <Button
          key="go"
          type="primary"
          danger={!!props.danger}
          loading={busy}
          disabled={props.typed !== undefined && text.trim() !== props.typed}
          onClick={() => void go()}
        >
          {props.verb}
        </Button>,
      ]}
    >
      {props.children}
      {props.typed !== undefined ? (
        <label className="typed" htmlFor={typedId}>
          <span>{t("ui.type_to_confirm", { word: props.typed })}</span>
          <Input
            id={typedId}
            value={text}
            onChange={(event) => setText(event.target.value)}
            autoComplete="off"
          />
        </label>
      ) : null}
      {problem ? (
        <p role="alert" className="danger">
          {problem}
        </p>
      ) : null}
    </Modal>
  )
}
