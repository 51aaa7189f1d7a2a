import { Checkbox, Form, Input, Select } from "antd"
import type { CallInput } from "../../../../kernel/client.ts"
import { ROLES } from "../../../../modules/staff/shared.ts"
import { proposeChange } from "../../../../modules/tags/contract.ts"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import { useCodeWord } from "../../lib/words.ts"
import type { Taxonomy } from "./board.tsx"
import { UsersOfTag } from "./users.tsx"

type Change = NonNullable<CallInput<typeof proposeChange>["body"]>["change"]
const KINDS = ["add_tag", "add_group", "rename_tag", "describe_tag", "retire_tag", "change_group"] as const
const DIMENSIONS = ["payment", "persona", "time", "region", "custom"] as const

type Values = { kind: (typeof KINDS)[number]; reason?: string } & Record<string, unknown>

export function Propose(props: { open: boolean; onClose: () => void; taxonomy: Taxonomy }) {
  const { t } = useTranslation()
  const word = useCodeWord()
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
      <Form.Item noStyle shouldUpdate={(a: Values, b: Values) => a.kind !== b.kind || a.tag_id !== b.tag_id}>
        {({ getFieldValue }) => {
          const kind = getFieldValue("kind") as Values["kind"]
          return (
            <>
              {kind === "add_tag" || kind === "change_group" ? (
                <Form.Item name="group_id" label={t("tags.group")} rules={must}>
                  <Select options={groups} />
                </Form.Item>
              ) : null}
              {kind !== "add_tag" && kind !== "add_group" && kind !== "change_group" ? (
                <Form.Item name="tag_id" label={t("tags.tag")} rules={must}>
                  <Select options={tags} showSearch={{ optionFilterProp: "label" }} />
                </Form.Item>
              ) : null}
              {kind !== "describe_tag" && kind !== "retire_tag" ? (
                <Form.Item
                  name="name"
                  label={t(kind === "rename_tag" || kind === "change_group" ? "tags.new_name" : "tags.name")}
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
                <>
                  <Form.Item
                    name="replaced_by"
                    label={t("tags.replaced_by")}
                    extra={t("taxonomy.replaced_hint")}
                  >
                    <Select allowClear options={tags} showSearch={{ optionFilterProp: "label" }} />
                  </Form.Item>
                  <UsersOfTag id={getFieldValue("tag_id") as string | undefined} />
                </>
              ) : null}
              {kind === "change_group" ? (
                <>
                  <Form.Item name="required" valuePropName="checked" extra={t("taxonomy.required_hint")}>
                    <Checkbox>{t("taxonomy.required")}</Checkbox>
                  </Form.Item>
                  <Form.Item name="roles" label={t("taxonomy.roles")} extra={t("taxonomy.roles_hint")}>
                    <Select
                      mode="multiple"
                      allowClear
                      options={ROLES.map((value) => ({ value, label: word("role", value) }))}
                    />
                  </Form.Item>
                </>
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
    change_group: ["kind", "group_id", "name"],
  }
  const kept = fields[String(values.kind)] ?? []
  const whole = Object.fromEntries(
    kept.map((name) => [name, values[name] ?? (name === "replaced_by" ? null : "")]),
  )
  if (whole.kind === "change_group") {
    const roles = (values.roles ?? []) as string[]
    return { ...whole, required: values.required === true, roles: roles.length > 0 ? roles : null }
  }
  return whole.kind === "add_group" ? { ...whole, exclusive: values.exclusive === true } : whole
}
