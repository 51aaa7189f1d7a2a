import { Button, Checkbox, Form, Input, Select } from "antd"
import { useState } from "react"
import type { CallAnswer, CallInput } from "../../../kernel/client.ts"
import { decideChange, listProposals, listTags, proposeChange } from "../../../modules/tags/contract.ts"
import { Badge } from "../../../ui/badge.tsx"
import { FormDrawer } from "../../../ui/form-drawer.tsx"
import { Time } from "../../../ui/now.tsx"
import { Section, Page as Sheet } from "../../../ui/page.tsx"
import { Empty, problemText, Ready } from "../../../ui/states.tsx"
import { toast } from "../../../ui/toast.tsx"
import { Why } from "../../../ui/why.tsx"
import { useTranslation } from "../../../ui/words/use.ts"
import { useChange, useRead } from "../lib/client.ts"
import { useSession } from "../lib/session.tsx"

type Taxonomy = CallAnswer<typeof listTags>
type Proposal = CallAnswer<typeof listProposals>["rows"][number]
type Change = NonNullable<CallInput<typeof proposeChange>["body"]>["change"]
const KINDS = ["add_tag", "add_group", "rename_tag", "describe_tag", "retire_tag"] as const
const DIMENSIONS = ["payment", "persona", "time", "region", "custom"] as const

export function Page() {
  const { t } = useTranslation()
  const { can } = useSession()
  const taxonomy = useRead(listTags, {})
  const proposals = useRead(listProposals, {})
  const [proposing, setProposing] = useState(false)
  const button = can("tags.write") ? (
    <Button type="primary" onClick={() => setProposing(true)}>
      {t("tags.propose")}
    </Button>
  ) : null
  return (
    <Sheet title={t("tags.title")} purpose={t("tags.purpose")} actions={button}>
      <Ready query={taxonomy}>
        {(known) => (
          <div className="stack">
            <Ready query={proposals} rows={2}>
              {(all) => <Waiting rows={all.rows.filter((p) => p.decided_at === null)} taxonomy={known} />}
            </Ready>
            {known.groups.length === 0 ? (
              <div className="card">
                <Empty title={t("tags.empty")} action={button}>
                  {t("tags.empty_text")}
                </Empty>
              </div>
            ) : (
              <div className="grid-2">
                {known.groups.map((group) => (
                  <Group key={group.id} group={group} />
                ))}
              </div>
            )}
            <Propose open={proposing} onClose={() => setProposing(false)} taxonomy={known} />
          </div>
        )}
      </Ready>
    </Sheet>
  )
}

function Group(props: { group: Taxonomy["groups"][number] }) {
  const { t } = useTranslation()
  const { group } = props
  return (
    <Section
      title={group.name}
      extra={
        <span className="row">
          <Badge>{t(`dimension.${group.dimension}`)}</Badge>
          {group.exclusive ? <Badge>{t("tags.exclusive")}</Badge> : null}
          {group.in_channel ? <Badge tone="info">{t("tags.in_channel")}</Badge> : null}
        </span>
      }
    >
      <ul className="row">
        {group.tags.map((tag) => (
          <li key={tag.id} className="row" style={{ gap: 0 }}>
            <Badge tone={tag.retired_at ? "plain" : "good"}>
              {tag.name}
              {tag.retired_at ? ` (${t("tags.retired")})` : ""}
            </Badge>
            {tag.definition ? (
              <Why of={tag.name}>
                <p>{tag.definition}</p>
                {tag.example ? (
                  <p className="secondary">
                    {t("tags.example")}: {tag.example}
                  </p>
                ) : null}
              </Why>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Waiting(props: { rows: Proposal[]; taxonomy: Taxonomy }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const decide = useChange(decideChange, ["tags"])
  if (props.rows.length === 0) return null
  const answer = (id: string, accept: boolean) =>
    decide.mutate(
      { params: { id }, body: { accept } },
      { onSuccess: () => toast(t("tags.decided")), onError: (error) => toast(problemText(error), "bad") },
    )
  return (
    <Section title={t("tags.proposals")}>
      <ul className="stack-s">
        {props.rows.map((one) => (
          <li key={one.id} className="row">
            <Badge tone="warn">{t("tags.waiting")}</Badge>
            <strong>{t(`tags.kind_${one.change.kind}`)}</strong>
            <span className="name">{describe(one.change, props.taxonomy)}</span>
            {one.reason ? <span className="secondary">{one.reason}</span> : null}
            <span className="secondary small">
              <Time at={one.proposed_at} />
            </span>
            <span className="grow" />
            {can("tags.approve") ? (
              <>
                <Button
                  size="small"
                  type="primary"
                  disabled={decide.isPending}
                  onClick={() => answer(one.id, true)}
                >
                  {t("tags.accept")}
                </Button>
                <Button size="small" disabled={decide.isPending} onClick={() => answer(one.id, false)}>
                  {t("tags.reject")}
                </Button>
              </>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function describe(change: Proposal["change"], taxonomy: Taxonomy): string {
  const tags = taxonomy.groups.flatMap((g) => g.tags)
  const nameOf = (id: string) => tags.find((tag) => tag.id === id)?.name ?? id
  if (change.kind === "add_group") return change.name
  if (change.kind === "add_tag")
    return `${taxonomy.groups.find((g) => g.id === change.group_id)?.name ?? ""} · ${change.name}`
  if (change.kind === "rename_tag") return `${nameOf(change.tag_id)} → ${change.name}`
  return nameOf(change.tag_id)
}

type Values = { kind: (typeof KINDS)[number]; reason?: string } & Record<string, unknown>

function Propose(props: { open: boolean; onClose: () => void; taxonomy: Taxonomy }) {
  const { t } = useTranslation()
  const propose = useChange(proposeChange, ["tags"])
  const groups = props.taxonomy.groups.map((g) => ({ value: g.id, label: g.name }))
  const tags = props.taxonomy.groups.flatMap((g) =>
    g.tags
      .filter((tag) => !tag.retired_at)
      .map((tag) => ({ value: tag.id, label: `${g.name} · ${tag.name}` })),
  )
  const must = [{ required: true, message: t("ui.required") }]
  return (
    <FormDrawer<Values>
      open={props.open}
      title={t("tags.propose")}
      verb={t("tags.propose_verb")}
      onClose={props.onClose}
      initial={{ kind: groups.length > 0 ? "add_tag" : "add_group", exclusive: false, dimension: "custom" }}
      onSubmit={async ({ reason, ...change }) => {
        await propose.mutateAsync({ body: { change: clean(change) as Change, reason: reason ?? "" } })
        props.onClose()
        toast(t("tags.proposed"))
      }}
    >
      <Form.Item name="kind" label={t("tags.kind")}>
        <Select options={KINDS.map((value) => ({ value, label: t(`tags.kind_${value}`) }))} />
      </Form.Item>
      <Form.Item noStyle shouldUpdate={(a: Values, b: Values) => a.kind !== b.kind}>
        {({ getFieldValue }) => {
          const kind = getFieldValue("kind") as Values["kind"]
          return (
            <>
              {kind === "add_tag" ? (
                <Form.Item name="group_id" label={t("tags.group")} rules={must}>
                  <Select options={groups} />
                </Form.Item>
              ) : null}
              {kind !== "add_tag" && kind !== "add_group" ? (
                <Form.Item name="tag_id" label={t("tags.tag")} rules={must}>
                  <Select options={tags} showSearch={{ optionFilterProp: "label" }} />
                </Form.Item>
              ) : null}
              {kind === "add_tag" || kind === "add_group" || kind === "rename_tag" ? (
                <Form.Item
                  name="name"
                  label={t(kind === "rename_tag" ? "tags.new_name" : "tags.name")}
                  rules={must}
                >
                  <Input maxLength={30} />
                </Form.Item>
              ) : null}
              {kind === "add_group" ? (
                <>
                  <Form.Item name="dimension" label={t("tags.dimension")}>
                    <Select
                      options={DIMENSIONS.map((value) => ({ value, label: t(`dimension.${value}`) }))}
                    />
                  </Form.Item>
                  <Form.Item name="exclusive" valuePropName="checked">
                    <Checkbox>{t("tags.exclusive")}</Checkbox>
                  </Form.Item>
                </>
              ) : null}
              {kind === "add_tag" || kind === "describe_tag" ? (
                <>
                  <Form.Item name="definition" label={t("tags.definition")} rules={must}>
                    <Input.TextArea autoSize={{ minRows: 2 }} />
                  </Form.Item>
                  <Form.Item name="example" label={t("tags.example")}>
                    <Input />
                  </Form.Item>
                </>
              ) : null}
              {kind === "retire_tag" ? (
                <Form.Item name="replaced_by" label={t("tags.replaced_by")}>
                  <Select allowClear options={tags} showSearch={{ optionFilterProp: "label" }} />
                </Form.Item>
              ) : null}
            </>
          )
        }}
      </Form.Item>
      <Form.Item name="reason" label={t("tags.reason")}>
        <Input />
      </Form.Item>
    </FormDrawer>
  )
}

/** Only the fields that the kind of change has. */
function clean(values: Record<string, unknown>): Record<string, unknown> {
  const fields: Record<string, string[]> = {
    add_group: ["kind", "name", "dimension", "exclusive"],
    add_tag: ["kind", "group_id", "name", "definition", "example"],
    rename_tag: ["kind", "tag_id", "name"],
    describe_tag: ["kind", "tag_id", "definition", "example"],
    retire_tag: ["kind", "tag_id", "replaced_by"],
  }
  const kept = fields[String(values.kind)] ?? []
  const whole = Object.fromEntries(
    kept.map((name) => [name, values[name] ?? (name === "replaced_by" ? null : "")]),
  )
  return whole.kind === "add_group" ? { ...whole, exclusive: values.exclusive === true } : whole
}
