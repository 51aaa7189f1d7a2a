import { Button, Form, Input, Select } from "antd"
import { useState } from "react"
import type { CallInput } from "../../../../kernel/client.ts"
import { BY_QUERY_MAX, type countCustomers } from "../../../../modules/customers/contract.ts"
import { listedSegment } from "../../../../modules/segments/contract.ts"
import {
  assignTag,
  assignTagByQuery,
  listTags,
  removeTag,
  removeTagByQuery,
} from "../../../../modules/tags/contract.ts"
import type { Selection } from "../../../../ui/data-table.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { PassOn } from "../transfers/pass-on.tsx"

export type Filter = NonNullable<CallInput<typeof countCustomers>["query"]>
type What = "tag" | "untag" | "segment" | "transfer"

/** What can be done to the chosen customers: some by id, or all that the filters hold, whose number the server compares. */
export function Batch(props: { selection: Selection; count: number; filter: Filter; onDone: () => void }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const [asking, setAsking] = useState<What | null>(null)
  const byQuery = props.selection.kind === "query"
  const tooMany = byQuery && props.count > BY_QUERY_MAX
  const button = (what: What) => (
    <Button disabled={props.count === 0 || tooMany} onClick={() => setAsking(what)}>
      {t(`customers.batch_${what}`)}
    </Button>
  )
  return (
    <>
      {tooMany && (can("tags.write") || can("segments.write")) ? (
        <span className="secondary">{t("customers.batch_limit", { n: formatNumber(BY_QUERY_MAX) })}</span>
      ) : null}
      {can("tags.write") ? button("tag") : null}
      {can("tags.write") ? button("untag") : null}
      {can("segments.write") && byQuery ? button("segment") : null}
      {can("transfers.write") ? button("transfer") : null}
      <TagForm {...props} asking={asking} onClose={() => setAsking(null)} />
      <SegmentForm {...props} open={asking === "segment"} onClose={() => setAsking(null)} />
      <PassOn
        open={asking === "transfer"}
        who={
          props.selection.kind === "query"
            ? { filter: props.filter, people: props.count }
            : { customer_ids: props.selection.ids }
        }
        count={props.count}
        onClose={() => setAsking(null)}
        onDone={props.onDone}
      />
    </>
  )
}

type FormProps = Parameters<typeof Batch>[0] & { onClose: () => void }

function TagForm(props: FormProps & { asking: What | null }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const { selection, filter, count } = props
  const open = props.asking === "tag" || props.asking === "untag"
  const tags = useRead(listTags, {}, { enabled: open && can("tags.read") })
  const refresh = ["customers", "tags"]
  const giving = useChange(assignTag, refresh)
  const taking = useChange(removeTag, refresh)
  const givingAll = useChange(assignTagByQuery, refresh)
  const takingAll = useChange(removeTagByQuery, refresh)
  const gives = props.asking === "tag"
  const n = formatNumber(count)
  const submit = async ({ id }: { id: string }) => {
    const params = { id }
    const all = { params, body: { filter, people: count } }
    const some = { params, body: { customer_ids: selection.kind === "ids" ? selection.ids : [] } }
    const byQuery = selection.kind === "query"
    const done = gives
      ? (await (byQuery ? givingAll.mutateAsync(all) : giving.mutateAsync(some))).assigned
      : (await (byQuery ? takingAll.mutateAsync(all) : taking.mutateAsync(some))).removed
    toast(t(gives ? "customers.batch_tagged" : "customers.batch_untagged", { n: formatNumber(done) }))
    props.onClose()
    props.onDone()
  }
  return (
    <FormDrawer<{ id: string }>
      open={open}
      title={t(gives ? "customers.batch_tag_people" : "customers.batch_untag_people", { n })}
      verb={t(gives ? "customers.batch_tag_people" : "customers.batch_untag_people", { n })}
      danger={!gives}
      onClose={props.onClose}
      onSubmit={submit}
    >
      <Form.Item
        name="id"
        label={t("customers.batch_which_tag")}
        rules={[{ required: true, message: t("ui.required") }]}
      >
        <Select
          showSearch
          optionFilterProp="label"
          options={(tags.data?.groups ?? []).map((group) => ({
            label: group.name,
            options: group.tags
              .filter((tag) => !tag.retired_at)
              .map((tag) => ({ value: tag.id, label: tag.name })),
          }))}
        />
      </Form.Item>
    </FormDrawer>
  )
}

function SegmentForm(props: FormProps & { open: boolean }) {
  const { t } = useTranslation()
  const make = useChange(listedSegment, ["segments"])
  const n = formatNumber(props.count)
  return (
    <FormDrawer<{ name: string }>
      open={props.open}
      title={t("customers.batch_segment_people", { n })}
      verb={t("customers.batch_segment_people", { n })}
      onClose={props.onClose}
      onSubmit={async ({ name }) => {
        await make.mutateAsync({ body: { name, filter: props.filter, people: props.count } })
        toast(t("customers.batch_segmented", { name }))
        props.onClose()
        props.onDone()
      }}
    >
      <p className="secondary">{t("customers.batch_segment_hint")}</p>
      <Form.Item
        name="name"
        label={t("customers.batch_segment_name")}
        rules={[{ required: true, whitespace: true, message: t("ui.required") }]}
      >
        <Input maxLength={40} autoComplete="off" />
      </Form.Item>
    </FormDrawer>
  )
}
