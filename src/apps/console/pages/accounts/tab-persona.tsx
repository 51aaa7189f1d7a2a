import { Button, Form, Input, Space } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { checkImpression, readPersona, savePersona } from "../../../../modules/accounts/persona/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { PlainTable } from "../../../../ui/chart.tsx"
import { FormProblem, useSubmit } from "../../../../ui/form-drawer.tsx"
import { MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Section } from "../../../../ui/page.tsx"
import { problemText, Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"
import { Scripts } from "./scripts.tsx"

type Answer = CallAnswer<typeof readPersona>
type Values = Answer["persona"]
const LINES = ["nickname", "signature"] as const
const TEXTS = ["background", "card", "tone", "taboo"] as const

/** How the account shows itself, and whether it makes the first impression it should. */
export function Persona(props: { id: string }) {
  const query = useRead(readPersona, { params: { id: props.id } })
  return (
    <Ready query={query}>
      {(answer) => (
        <div className="stack">
          <div className="grid-2">
            <Fields id={props.id} answer={answer} />
            <Impression id={props.id} answer={answer} />
          </div>
          <Scripts id={props.id} />
        </div>
      )}
    </Ready>
  )
}

function Fields(props: { id: string; answer: Answer }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const [form] = Form.useForm<Values>()
  const save = useChange(savePersona, ["accounts.persona"])
  const may = can("accounts.write")
  const { busy, problem, submit } = useSubmit<Values>(form, async (body) => {
    await save.mutateAsync({ params: { id: props.id }, body })
    toast(t("accounts.persona_saved"))
  })
  return (
    <Section title={t("accounts.tab_persona")}>
      <p className="secondary">
        {props.answer.selling_percent < 100
          ? t("accounts.selling", { percent: props.answer.selling_percent })
          : t("accounts.selling_free")}
      </p>
      <Form<Values>
        form={form}
        layout="vertical"
        disabled={!may}
        initialValues={props.answer.persona}
        onFinish={submit}
      >
        {LINES.map((name) => (
          <Form.Item key={name} name={name} label={t(`accounts.${name}`)}>
            <Input maxLength={60} />
          </Form.Item>
        ))}
        {TEXTS.map((name) => (
          <Form.Item key={name} name={name} label={t(`accounts.${name}`)}>
            <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} maxLength={2000} />
          </Form.Item>
        ))}
        <FormProblem text={problem} />
        {may ? (
          <Button type="primary" htmlType="submit" loading={busy}>
            {t("accounts.persona_save")}
          </Button>
        ) : null}
      </Form>
    </Section>
  )
}

function Impression(props: { id: string; answer: Answer }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { can } = useSession()
  const check = useChange(checkImpression, ["accounts.persona"])
  const [problem, setProblem] = useState<string | null>(null)
  const say = (item: Answer["checks"][number]["item"], ok: boolean) =>
    check
      .mutateAsync({ params: { id: props.id }, body: { item, ok } })
      .then(() => setProblem(null))
      .catch((error: unknown) => setProblem(problemText(error)))
  const may = can("accounts.write")
  return (
    <Section title={t("accounts.impression")}>
      <PlainTable
        label={t("accounts.impression")}
        words={[1, 2]}
        head={[
          t("accounts.impression_item"),
          t("accounts.impression_found"),
          ...(may ? [t("accounts.impression_check")] : []),
        ]}
        rows={props.answer.checks.map((one) => [
          word("impression_item", one.item),
          <span key="s">
            <Badge tone={one.ok === null ? "plain" : one.ok ? "good" : "warn"}>
              {t(one.ok === null ? "accounts.unchecked" : one.ok ? "accounts.ok" : "accounts.not_ok")}
            </Badge>
            {one.at ? (
              <span className="secondary small block">
                {one.by_name ?? MISSING} <Time at={one.at} />
              </span>
            ) : null}
          </span>,
          ...(may
            ? [
                <Space key="d">
                  <Button
                    size="small"
                    aria-label={`${word("impression_item", one.item)} ${t("accounts.ok")}`}
                    onClick={() => void say(one.item, true)}
                  >
                    {t("accounts.ok")}
                  </Button>
                  <Button
                    size="small"
                    aria-label={`${word("impression_item", one.item)} ${t("accounts.not_ok")}`}
                    onClick={() => void say(one.item, false)}
                  >
                    {t("accounts.not_ok")}
                  </Button>
                </Space>,
              ]
            : []),
        ])}
      />
      <FormProblem text={problem} />
    </Section>
  )
}
