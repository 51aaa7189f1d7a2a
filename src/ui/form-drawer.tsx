import { Button, Drawer, Form, type FormProps } from "antd"
import { type ReactNode, useCallback, useContext, useEffect, useState } from "react"
import { CallRefused } from "../kernel/client.ts"
import { problemText } from "./states.tsx"
import { UnsavedContext } from "./unsaved.ts"
import { useTranslation } from "./words/use.ts"

/**
 * A form in a drawer. A refusal of the server is shown under the field that it names and takes the focus there; one without
 * a field stands above the footer. What was typed stays, whatever went wrong, and is not lost unasked; what is being sent is
 * waited for.
 */
export function FormDrawer<Values extends object>(props: {
  open: boolean
  title: string
  verb: string
  onClose: () => void
  onSubmit: (values: Values) => Promise<unknown>
  initial?: Partial<Values>
  danger?: boolean
  children: ReactNode
}) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Values>()
  const { busy, problem, submit, forget } = useSubmit(form, props.onSubmit)
  const [typed, setTyped] = useState(false)
  const [asking, setAsking] = useState(false)
  const Guard = useContext(UnsavedContext)
  useEffect(() => {
    if (!props.open) return
    form.resetFields()
    forget()
    setTyped(false)
    setAsking(false)
  }, [props.open, form, forget])
  const leave = () => {
    if (busy) return
    if (typed) setAsking(true)
    else props.onClose()
  }
  return (
    <Drawer
      open={props.open}
      onClose={leave}
      title={props.title}
      size={480}
      destroyOnHidden
      closable={{ "aria-label": t("ui.close") }}
      footer={
        <div className="form-foot">
          {asking ? (
            <div className="form-leave" role="alert">
              <span>{t("ui.unsaved")}</span>
              <Button size="small" onClick={() => setAsking(false)}>
                {t("ui.stay")}
              </Button>
              <Button size="small" danger disabled={busy} onClick={props.onClose}>
                {t("ui.leave")}
              </Button>
            </div>
          ) : null}
          <FormProblem text={problem} />
          <Button disabled={busy} onClick={leave}>
            {t("ui.cancel")}
          </Button>
          <Button type="primary" danger={!!props.danger} loading={busy} onClick={() => form.submit()}>
            {props.verb}
          </Button>
        </div>
      }
    >
      {/* What is sent may go on to another page by itself. */}
      {Guard ? <Guard dirty={props.open && typed && !busy} /> : null}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        scrollToFirstError={{ focus: true }}
        onValuesChange={() => setTyped(true)}
        onFinish={submit}
        {...(props.initial ? { initialValues: props.initial } : {})}
      >
        {props.children}
      </Form>
    </Drawer>
  )
}

export function FormProblem(props: { text: string | null }) {
  return (
    <div className="form-problem" role="alert">
      {props.text}
    </div>
  )
}

type FormHandle<Values> = NonNullable<FormProps<Values>["form"]>

/** Sends a form once, and puts what the server refused back where it belongs. */
export function useSubmit<Values extends object>(
  form: FormHandle<Values>,
  send: (values: Values) => Promise<unknown>,
) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (values: Values) => {
    setBusy(true)
    setProblem(null)
    try {
      await send(values)
    } catch (error) {
      const field = error instanceof CallRefused ? error.problem.field : undefined
      const path = field?.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part))
      const known = path && form.getFieldInstance(path as never)
      if (known && path) {
        form.setFields([{ name: path as never, errors: [problemText(error)] }])
        form.focusField?.(path as never)
      } else setProblem(problemText(error))
    } finally {
      setBusy(false)
    }
  }
  const forget = useCallback(() => setProblem(null), [])
  return { busy, problem, submit, forget }
}
