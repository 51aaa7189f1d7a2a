import { Link } from "@tanstack/react-router"
import { Button, Form, Segmented, Select } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { listGroups } from "../../../../modules/groups/contract.ts"
import { listSegments } from "../../../../modules/segments/contract.ts"
import { listBulks, startBulk, undoBulk } from "../../../../modules/tags/bulk/contract.ts"
import { listTags } from "../../../../modules/tags/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { formatNumber, MISSING } from "../../../../ui/format.ts"
import { Time, useNow } from "../../../../ui/now.tsx"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { TagWays } from "./ways.tsx"

type Bulk = CallAnswer<typeof listBulks>["rows"][number]
type Groups = CallAnswer<typeof listTags>["groups"]
const LOOK_MS = 2_000
const underWay = (b: Bulk) => b.state === "running" || b.state === "undoing"

export function Page() {
  const { t } = useTranslation()
  const { can } = useSession()
  const query = useRead(listBulks, {}, { every_ms: (data) => (data?.rows.some(underWay) ? LOOK_MS : false) })
  const taxonomy = useRead(listTags, {})
  const undo = useChange(undoBulk, ["tags"])
  const now = useNow()
  const [starting, setStarting] = useState(false)
  const [undoing, setUndoing] = useState<Bulk | null>(null)
  const groups = taxonomy.data?.groups ?? []
  const nameOf = (id: string) => groups.flatMap((g) => g.tags).find((tag) => tag.id === id)?.name ?? MISSING
  const button = can("tags.write") ? (
    <Button type="primary" onClick={() => setStarting(true)}>
      {t("tag_bulks.start")}
    </Button>
  ) : null
  return (
    <Sheet title={t("tag_bulks.title")} purpose={t("tag_bulks.purpose")} actions={button}>
      <div className="stack">
        <TagWays />
        <DataTable<Bulk>
          name="tag_bulks"
          label={t("tag_bulks.title")}
          rows={query.data?.rows}
          rowKey={(r) => r.id}
          error={query.error}
          onRetry={() => void query.refetch()}
          empty={
            <Empty title={t("tag_bulks.empty")} action={button}>
              {t("tag_bulks.empty_text")}
            </Empty>
          }
          columns={[
            { key: "tag", title: t("tags.tag"), fixed: true, render: (r) => nameOf(r.tag_id) },
            { key: "of", title: t("tag_bulks.of"), render: (r) => <Of bulk={r} /> },
            {
              key: "state",
              title: t("tag_bulks.state"),
              render: (r) => (
                <Badge tone={r.state === "broken" ? "bad" : underWay(r) ? "info" : "plain"}>
                  {t(`tag_bulks.state_${r.state}`)}
                </Badge>
              ),
            },
            {
              key: "people",
              title: t("tag_bulks.people"),
              numeric: true,
              render: (r) => formatNumber(r.people),
            },
            {
              key: "given",
              title: t("tag_bulks.given"),
              numeric: true,
              render: (r) => formatNumber(r.given),
            },
            {
              key: "taken",
              title: t("tag_bulks.taken"),
              numeric: true,
              render: (r) => formatNumber(r.taken),
            },
            { key: "by", title: t("tag_bulks.by"), render: (r) => r.by_name ?? MISSING },
            { key: "at", title: t("tag_bulks.at"), render: (r) => <Time at={r.asked_at} /> },
            {
              key: "do",
              title: "",
              fixed: true,
              render: (r) =>
                r.state === "done" && can("tags.write") && new Date(r.undo_until).getTime() > now ? (
                  <span className="row">
                    <Button size="small" type="link" onClick={() => setUndoing(r)}>
                      {t("tag_bulks.undo")}
                    </Button>
                    <span className="secondary small">
                      {t("tag_bulks.undo_until")} <Time at={r.undo_until} />
                    </span>
                  </span>
                ) : null,
            },
          ]}
        />
      </div>
      <Start open={starting} onClose={() => setStarting(false)} groups={groups} />
      <ConfirmConsequence
        open={undoing !== null}
        title={t("tag_bulks.undo_title", {
          n: formatNumber(undoing?.given ?? 0),
          tag: undoing ? nameOf(undoing.tag_id) : "",
        })}
        verb={t("tag_bulks.undo")}
        danger
        onClose={() => setUndoing(null)}
        onConfirm={async () => {
          await undo.mutateAsync({ params: { id: undoing!.id } })
          toast(t("tag_bulks.undo_begun"))
        }}
      >
        <p>{t("tag_bulks.undo_text")}</p>
      </ConfirmConsequence>
    </Sheet>
  )
}

/** Whom it was given to, by the name that they have now. */
function Of(props: { bulk: Bulk }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const { of, ref } = props.bulk
  const segments = useRead(listSegments, {}, { enabled: of === "segment" && can("segments.read") })
  const chats = useRead(listGroups, {}, { enabled: of === "group" && can("groups.read") })
  const kind = t(`tag_bulks.of_${of}`)
  const params = { id: ref ?? "" }
  const segment = segments.data?.rows.find((one) => one.id === ref)
  const chat = chats.data?.rows.find((one) => one.id === ref)
  if (segment)
    return (
      <span>
        {kind}{" "}
        <Link to="/segments/$id" params={params} search={{}} className="name">
          {segment.name}
        </Link>
      </span>
    )
  if (chat)
    return (
      <span>
        {kind}{" "}
        <Link to="/groups/$id" params={params} search={{}} className="name">
          {chat.name || t("groups.unnamed")}
        </Link>
      </span>
    )
  return <>{kind}</>
}

type Values = { tag_id: string; of: "segment" | "group"; segment_id?: string; group_id?: string }

function Start(props: { open: boolean; onClose: () => void; groups: Groups }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const segments = useRead(listSegments, {}, { enabled: props.open && can("segments.read") })
  const chats = useRead(listGroups, {}, { enabled: props.open && can("groups.read") })
  const start = useChange(startBulk, ["tags"])
  const must = [{ required: true, message: t("ui.required") }]
  return (
    <FormDrawer<Values>
      open={props.open}
      title={t("tag_bulks.start")}
      verb={t("tag_bulks.start_verb")}
      initial={{ of: "segment" }}
      onClose={props.onClose}
      onSubmit={async ({ tag_id, of, segment_id, group_id }) => {
        const body = of === "segment" ? { segment_id: segment_id! } : { group_id: group_id! }
        const { people } = await start.mutateAsync({ params: { id: tag_id }, body })
        props.onClose()
        toast(t("tag_bulks.started", { n: formatNumber(people) }))
      }}
    >
      <Form.Item name="tag_id" label={t("tags.tag")} rules={must}>
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
      <Form.Item name="of" label={t("tag_bulks.of")}>
        <Segmented
          options={[
            { value: "segment", label: t("tag_bulks.of_segment") },
            { value: "group", label: t("tag_bulks.of_group") },
          ]}
        />
      </Form.Item>
      <Form.Item noStyle shouldUpdate={(a: Values, b: Values) => a.of !== b.of}>
        {({ getFieldValue }) =>
          getFieldValue("of") === "group" ? (
            <Form.Item name="group_id" label={t("tag_bulks.which_group")} rules={must}>
              <Select
                showSearch={{ optionFilterProp: "label" }}
                options={(chats.data?.rows ?? []).map((g) => ({
                  value: g.id,
                  label: g.name || t("groups.unnamed"),
                }))}
              />
            </Form.Item>
          ) : (
            <Form.Item name="segment_id" label={t("tag_bulks.which_segment")} rules={must}>
              <Select
                showSearch={{ optionFilterProp: "label" }}
                options={(segments.data?.rows ?? []).map((s) => ({ value: s.id, label: s.name }))}
              />
            </Form.Item>
          )
        }
      </Form.Item>
    </FormDrawer>
  )
}
