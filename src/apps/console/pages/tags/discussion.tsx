import { Form, Input, Segmented } from "antd"
import { addComment, readDiscussion } from "../../../../modules/tags/taxonomy/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { Time } from "../../../../ui/now.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import type { Proposal } from "./proposals.tsx"

type Values = { kind: "comment" | "meeting"; body: string }

/** What was said about a proposal, and a place to say more: a word of one's own, or the record of a meeting. */
export function Discussion(props: { proposal: Proposal | null; title: string; onClose: () => void }) {
  const { t } = useTranslation()
  const id = props.proposal?.id ?? ""
  const query = useRead(readDiscussion, { params: { id } }, { enabled: props.proposal !== null })
  const add = useChange(addComment, ["tags"])
  return (
    <FormDrawer<Values>
      open={props.proposal !== null}
      title={t("taxonomy.discussion_of", { what: props.title })}
      verb={t("taxonomy.say")}
      onClose={props.onClose}
      initial={{ kind: "comment" }}
      onSubmit={async (body) => {
        await add.mutateAsync({ params: { id }, body })
        props.onClose()
        toast(t("taxonomy.said"))
      }}
    >
      <Ready query={query} rows={2}>
        {({ rows }) =>
          rows.length === 0 ? (
            <p className="secondary">{t("taxonomy.nothing_said")}</p>
          ) : (
            <ul className="todo">
              {rows.map((one) => (
                <li key={one.id}>
                  <span className="row">
                    <strong>{one.by_name}</strong>
                    {one.kind === "meeting" ? <Badge tone="info">{t("taxonomy.meeting")}</Badge> : null}
                    <span className="secondary small">
                      <Time at={one.at} />
                    </span>
                  </span>
                  <span style={{ whiteSpace: "pre-wrap" }}>{one.body}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Ready>
      <Form.Item name="kind" label={t("taxonomy.comment_kind")}>
        <Segmented
          options={[
            { value: "comment", label: t("taxonomy.comment") },
            { value: "meeting", label: t("taxonomy.meeting") },
          ]}
        />
      </Form.Item>
      <Form.Item
        name="body"
        label={t("taxonomy.words")}
        rules={[{ required: true, message: t("ui.required") }]}
      >
        <Input.TextArea autoSize={{ minRows: 3 }} maxLength={2_000} />
      </Form.Item>
    </FormDrawer>
  )
}
