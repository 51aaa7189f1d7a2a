import { Button, Checkbox, Form, Input, Select, Switch } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { listSegments } from "../../../../modules/segments/contract.ts"
import { listTags } from "../../../../modules/tags/contract.ts"
import {
  listTagRules,
  makeTagRule,
  removeTagRule,
  switchTagRule,
} from "../../../../modules/tags/keeping/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty, problemText } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord, useSay } from "../../lib/words.ts"
import { TagWays } from "./ways.tsx"

type Rule = CallAnswer<typeof listTagRules>["rows"][number]
const LOOK_MS = 3_000

export function Page() {
  const { t } = useTranslation()
  const say = useSay()
  const word = useCodeWord()
  const { can } = useSession()
  const query = useRead(
    listTagRules,
    {},
    { every_ms: (data) => (data?.rows.some((r) => r.looking) ? LOOK_MS : false) },
  )
  const taxonomy = useRead(listTags, {})
  const turn = useChange(switchTagRule, ["tags"])
  const [making, setMaking] = useState(false)
  const [removing, setRemoving] = useState<Rule | null>(null)
  const groups = taxonomy.data?.groups ?? []
  const nameOf = (rule: Rule) =>
    rule.group_id
      ? t("tag_rules.each_of", { group: groups.find((g) => g.id === rule.group_id)?.name ?? "" })
      : (groups.flatMap((g) => g.tags).find((tag) => tag.id === rule.tag_id)?.name ?? MISSING)
  const button = can("tags.approve") ? (
    <Button type="primary" onClick={() => setMaking(true)}>
      {t("tag_rules.make")}
    </Button>
  ) : null
  return (
    <Sheet title={t("tag_rules.title")} purpose={t("tag_rules.purpose")} actions={button}>
      <div className="stack">
        <TagWays />
        <DataTable<Rule>
          name="tag_rules"
          label={t("tag_rules.title")}
          rows={query.data?.rows}
          rowKey={(r) => r.id}
          error={query.error}
          onRetry={() => void query.refetch()}
          empty={
            <Empty title={t("tag_rules.empty")} action={button}>
              {t("tag_rules.empty_text")}
            </Empty>
          }
          columns={[
            { key: "name", title: t("tag_rules.name"), fixed: true, render: (r) => r.name },
            { key: "tag", title: t("tag_rules.tag"), render: nameOf },
            {
              key: "when",
              title: t("tag_rules.when"),
              render: (r) => (r.sentence ? say(r.sentence) : word("tag_rule_of", r.of)),
            },
            {
              key: "state",
              title: t("tag_rules.state"),
              render: (r) =>
                r.broken ? (
                  <Badge tone="bad">{word("tag_rule_broken", r.broken.code)}</Badge>
                ) : !r.running ? (
                  <Badge>{t("tag_rules.off")}</Badge>
                ) : r.looking ? (
                  <Badge tone="info">{t("tag_rules.looking")}</Badge>
                ) : (
                  <Badge tone="good">{t("tag_rules.in_line")}</Badge>
                ),
            },
            {
              key: "synced",
              title: t("tag_rules.synced"),
              render: (r) => (r.synced_at ? <Time at={r.synced_at} /> : MISSING),
            },
            {
              key: "do",
              title: "",
              fixed: true,
              render: (r) =>
                can("tags.approve") ? (
                  <span className="row">
                    <Switch
                      size="small"
                      checked={r.running}
                      aria-label={t("tag_rules.switch", { name: r.name })}
                      onChange={(running) =>
                        turn.mutate(
                          { params: { id: r.id }, body: { running } },
                          { onError: (error) => toast(problemText(error), "bad") },
                        )
                      }
                    />
                    <Button size="small" type="link" onClick={() => setRemoving(r)}>
                      {t("tag_rules.remove")}
                    </Button>
                  </span>
                ) : null,
            },
          ]}
        />
      </div>
      <Make open={making} onClose={() => setMaking(false)} groups={groups} />
      <Remove rule={removing} onClose={() => setRemoving(null)} />
    </Sheet>
  )
}

function Make(props: { open: boolean; onClose: () => void; groups: CallAnswer<typeof listTags>["groups"] }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const segments = useRead(listSegments, {}, { enabled: props.open && can("segments.read") })
  const make = useChange(makeTagRule, ["tags"])
  const must = [{ required: true, message: t("ui.required") }]
  return (
    <FormDrawer<{ name: string; tag_id: string; segment_id: string }>
      open={props.open}
      title={t("tag_rules.make")}
      verb={t("tag_rules.make_verb")}
      onClose={props.onClose}
      onSubmit={async (body) => {
        await make.mutateAsync({ body })
        props.onClose()
        toast(t("tag_rules.made"))
      }}
    >
      <Form.Item name="name" label={t("tag_rules.name")} rules={must}>
        <Input maxLength={30} />
      </Form.Item>
      <Form.Item name="tag_id" label={t("tag_rules.tag")} rules={must}>
        <Select
          showSearch={{ optionFilterProp: "label" }}
          options={props.groups.map((group) => ({
            label: group.name,
            options: group.tags
              .filter((tag) => tag.retired_at === null)
              .map((tag) => ({ value: tag.id, label: tag.name })),
          }))}
        />
      </Form.Item>
      <Form.Item
        name="segment_id"
        label={t("tag_rules.segment")}
        extra={t("tag_rules.segment_hint")}
        rules={must}
      >
        <Select
          showSearch={{ optionFilterProp: "label" }}
          options={(segments.data?.rows ?? []).map((s) => ({ value: s.id, label: s.name }))}
        />
      </Form.Item>
    </FormDrawer>
  )
}

function Remove(props: { rule: Rule | null; onClose: () => void }) {
  const { t } = useTranslation()
  const remove = useChange(removeTagRule, ["tags"])
  return (
    <FormDrawer<{ take_back: boolean }>
      open={props.rule !== null}
      title={t("tag_rules.remove_title", { name: props.rule?.name ?? "" })}
      verb={t("tag_rules.remove_verb")}
      danger
      initial={{ take_back: false }}
      onClose={props.onClose}
      onSubmit={async ({ take_back }) => {
        await remove.mutateAsync({ params: { id: props.rule!.id }, body: { take_back } })
        props.onClose()
        toast(t("tag_rules.removed"))
      }}
    >
      <Form.Item name="take_back" valuePropName="checked" extra={t("tag_rules.take_back_hint")}>
        <Checkbox>{t("tag_rules.take_back")}</Checkbox>
      </Form.Item>
    </FormDrawer>
  )
}
