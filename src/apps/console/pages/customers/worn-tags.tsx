import { CloseOutlined } from "@ant-design/icons"
import { Button, Form, Select } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { assignTag, customerTags, listTags, removeTag } from "../../../../modules/tags/contract.ts"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { formatTime } from "../../../../ui/format.ts"
import { useLanguage, useNow } from "../../../../ui/now.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"

type Worn = CallAnswer<typeof customerTags>["rows"][number]
const REFRESHES = ["tags", "customers"]

/** The tags of one customer, each with where it came from, and a hand to give or take one. */
export function WornTags(props: { customer_id: string; name: string }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const query = useRead(customerTags, { params: { id: props.customer_id } })
  const [giving, setGiving] = useState(false)
  const [taking, setTaking] = useState<Worn | null>(null)
  const remove = useChange(removeTag, REFRESHES)
  const writes = can("tags.write")
  return (
    <section aria-label={t("customers.tags")} className="stack-s">
      <div className="row">
        <h2>{t("customers.tags")}</h2>
        <span className="grow" />
        {writes ? (
          <Button type="link" size="small" onClick={() => setGiving(true)}>
            {t("customers.give_tag")}
          </Button>
        ) : null}
      </div>
      <Ready query={query} rows={1}>
        {({ rows }) =>
          rows.length === 0 ? (
            <p className="secondary">{t("customers.no_tags")}</p>
          ) : (
            <ul className="row tags" aria-label={t("customers.tags")}>
              {rows.map((tag) => (
                <li key={tag.tag_id}>
                  <WornTag tag={tag} {...(writes ? { onTake: () => setTaking(tag) } : {})} />
                </li>
              ))}
            </ul>
          )
        }
      </Ready>
      <GiveTag
        open={giving}
        customer_id={props.customer_id}
        name={props.name}
        worn={query.data?.rows ?? []}
        onClose={() => setGiving(false)}
      />
      <ConfirmConsequence
        open={taking !== null}
        title={t("customers.take_tag_title", { name: props.name, tag: taking?.name ?? "" })}
        verb={t("customers.take_tag_verb")}
        danger
        onClose={() => setTaking(null)}
        onConfirm={async () => {
          if (!taking) return
          await remove.mutateAsync({
            params: { id: taking.tag_id },
            body: { customer_ids: [props.customer_id] },
          })
          toast(t("customers.tag_taken", { tag: taking.name }))
        }}
      />
    </section>
  )
}

function WornTag(props: { tag: Worn; onTake?: () => void }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const now = useNow()
  const language = useLanguage()
  const { tag } = props
  const from = `${tag.group} · ${word("tag_source", tag.source)} · ${formatTime(tag.assigned_at, now, language)}`
  return (
    <span className="badge worn-tag" title={from}>
      {tag.name}
      {props.onTake ? (
        <button
          type="button"
          aria-label={t("customers.take_tag", { tag: tag.name })}
          onClick={props.onTake}
          className="worn-tag-take"
        >
          <CloseOutlined />
        </button>
      ) : null}
    </span>
  )
}

function GiveTag(props: {
  open: boolean
  customer_id: string
  name: string
  worn: readonly Worn[]
  onClose: () => void
}) {
  const { t } = useTranslation()
  const taxonomy = useRead(listTags, {}, { enabled: props.open })
  const assign = useChange(assignTag, REFRESHES)
  const has = new Set(props.worn.map((tag) => tag.tag_id))
  const groups = (taxonomy.data?.groups ?? []).map((group) => ({
    label: group.name,
    options: group.tags
      .filter((tag) => tag.retired_at === null && !has.has(tag.id))
      .map((tag) => ({ value: tag.id, label: tag.name })),
  }))
  const nameOf = (id: string) =>
    groups.flatMap((group) => group.options).find((option) => option.value === id)?.label ?? ""
  return (
    <FormDrawer<{ tag: string }>
      open={props.open}
      title={t("customers.give_tag_title", { name: props.name })}
      verb={t("customers.give_tag")}
      onClose={props.onClose}
      onSubmit={async ({ tag }) => {
        const name = nameOf(tag)
        const { assigned } = await assign.mutateAsync({
          params: { id: tag },
          body: { customer_ids: [props.customer_id] },
        })
        toast(t(assigned > 0 ? "customers.tag_given" : "customers.has_tag", { tag: name }))
        props.onClose()
      }}
    >
      <Form.Item
        name="tag"
        label={t("customers.choose_tag")}
        rules={[{ required: true, message: t("ui.required") }]}
      >
        <Select
          showSearch={{ optionFilterProp: "label" }}
          loading={taxonomy.isPending}
          options={groups.filter((group) => group.options.length > 0)}
        />
      </Form.Item>
    </FormDrawer>
  )
}
