import { Button, Checkbox, Form, Input, Select } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { NAME_HOLE } from "../../../../kernel/holes.ts"
import {
  addScript,
  dropScript,
  listScripts,
  SCRIPT_LETTERS_MAX,
  SITUATIONS,
  type Situation,
} from "../../../../modules/accounts/scripts/contract.ts"
import { listTags } from "../../../../modules/tags/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { useLanguage } from "../../../../ui/now.tsx"
import { Section } from "../../../../ui/page.tsx"
import { Empty, Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"

type Script = CallAnswer<typeof listScripts>["rows"][number]
type Values = { situation: Situation; text: string; shared: boolean; persona_tag_id?: string | null }
const REFRESHES = ["accounts.scripts"]

/** The kinds of people that a script may be for: the living tags of the persona groups. */
function usePersonas(): { value: string; label: string }[] {
  const { can } = useSession()
  const tags = useRead(listTags, {}, { enabled: can("tags.read") })
  return (tags.data?.groups ?? [])
    .filter((group) => group.dimension === "persona")
    .flatMap((group) =>
      group.tags.filter((tag) => !tag.retired_at).map((tag) => ({ value: tag.id, label: tag.name })),
    )
}

/** What the account says beside a chat: its own lines, and those that all accounts of its function share. */
export function Scripts(props: { id: string }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { can } = useSession()
  const query = useRead(listScripts, { params: { id: props.id } })
  const personas = usePersonas()
  const add = useChange(addScript, REFRESHES)
  const drop = useChange(dropScript, REFRESHES)
  const [writing, setWriting] = useState<Script | "new" | null>(null)
  const [dropping, setDropping] = useState<Script | null>(null)
  const language = useLanguage()
  const may = can("accounts.write")
  const old = writing === "new" ? null : writing
  return (
    <Section
      title={t("scripts.title")}
      extra={
        may ? (
          <Button size="small" onClick={() => setWriting("new")}>
            {t("scripts.add")}
          </Button>
        ) : null
      }
    >
      <p className="secondary">{t("scripts.purpose")}</p>
      <Ready query={query} rows={3}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title={t("scripts.empty")}>{t("scripts.empty_text")}</Empty>
          ) : (
            <ul className="todo">
              {rows.map((one) => (
                <li key={one.id}>
                  <div className="row">
                    <Badge>{word("situation", one.situation)}</Badge>
                    {one.persona_tag_id ? (
                      <Badge tone="info">
                        {personas.find((tag) => tag.value === one.persona_tag_id)?.label ??
                          t("scripts.one_kind")}
                      </Badge>
                    ) : null}
                    {one.shared ? <span className="secondary small">{t("scripts.shared")}</span> : null}
                    <span className="grow" />
                    {may ? (
                      <>
                        <Button
                          size="small"
                          aria-label={`${t("scripts.change")}: ${one.text}`}
                          onClick={() => setWriting(one)}
                        >
                          {t("scripts.change")}
                        </Button>
                        <Button
                          size="small"
                          aria-label={`${t("scripts.drop")}: ${one.text}`}
                          onClick={() => setDropping(one)}
                        >
                          {t("scripts.drop")}
                        </Button>
                      </>
                    ) : null}
                  </div>
                  <p className="pre">{one.text}</p>
                </li>
              ))}
            </ul>
          )
        }
      </Ready>
      <FormDrawer<Values>
        key={old?.id ?? "new"}
        open={writing !== null}
        title={t(old ? "scripts.change_title" : "scripts.add")}
        verb={t("ui.save")}
        initial={
          old
            ? {
                situation: old.situation,
                text: old.text,
                shared: old.shared,
                persona_tag_id: old.persona_tag_id,
              }
            : { shared: false }
        }
        onClose={() => setWriting(null)}
        onSubmit={async (values) => {
          await add.mutateAsync({
            params: { id: props.id },
            body: { ...values, persona_tag_id: values.persona_tag_id ?? null, replaces: old?.id ?? null },
          })
          toast(t("scripts.saved"))
          setWriting(null)
        }}
      >
        <Form.Item
          name="situation"
          label={t("scripts.situation")}
          rules={[{ required: true, message: t("ui.required") }]}
        >
          <Select options={SITUATIONS.map((value) => ({ value, label: word("situation", value) }))} />
        </Form.Item>
        <Form.Item name="persona_tag_id" label={t("scripts.persona")} extra={t("scripts.persona_hint")}>
          <Select allowClear placeholder={t("scripts.everybody")} options={personas} />
        </Form.Item>
        <Form.Item
          name="text"
          label={t("scripts.text")}
          extra={t("scripts.text_hint", { hole: NAME_HOLE[language] })}
          rules={[{ required: true, whitespace: true, message: t("ui.required") }]}
        >
          <Input.TextArea autoSize={{ minRows: 3, maxRows: 10 }} maxLength={SCRIPT_LETTERS_MAX} showCount />
        </Form.Item>
        <Form.Item name="shared" valuePropName="checked" extra={t("scripts.share_hint")}>
          <Checkbox>{t("scripts.share")}</Checkbox>
        </Form.Item>
      </FormDrawer>
      <ConfirmConsequence
        open={dropping !== null}
        title={t(dropping?.shared ? "scripts.drop_shared_title" : "scripts.drop_title")}
        verb={t("scripts.drop")}
        danger
        onClose={() => setDropping(null)}
        onConfirm={async () => {
          if (!dropping) return
          await drop.mutateAsync({ params: { id: props.id, script_id: dropping.id }, body: {} })
          toast(t("scripts.dropped"))
        }}
      />
    </Section>
  )
}
