import { Link } from "@tanstack/react-router"
import { Button, Checkbox, Form, Switch } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { listChannelTags, readSync, setSync } from "../../../../modules/tags/sync/contract.ts"
import { Badge, type Tone } from "../../../../ui/badge.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { formatNumber, MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Facts, Page as Sheet } from "../../../../ui/page.tsx"
import { Empty, Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useList } from "../../lib/search.ts"
import { useSession } from "../../lib/session.tsx"
import { TagWays } from "./ways.tsx"

type Sync = CallAnswer<typeof readSync>
type Row = CallAnswer<typeof listChannelTags>["rows"][number]

const TONES: Record<Row["state"], Tone> = {
  same: "good",
  waiting: "info",
  theirs_alone: "plain",
  refused: "bad",
  asked: "warn",
  left_out: "plain",
  gone: "plain",
}

/** How our tags and those of WeCom are kept in step, and whose each of them is. */
export function Page() {
  const { t } = useTranslation()
  const { can } = useSession()
  const query = useRead(readSync, {})
  const [setting, setSetting] = useState(false)
  return (
    <Sheet
      title={t("tag_sync.title")}
      purpose={t("tag_sync.purpose")}
      actions={
        can("tags.approve") ? (
          <Button type="primary" disabled={!query.data} onClick={() => setSetting(true)}>
            {t("tag_sync.set")}
          </Button>
        ) : null
      }
    >
      <div className="stack">
        <TagWays />
        <Ready query={query}>
          {(sync) => (
            <>
              <Standing sync={sync} />
              {setting ? <Settings sync={sync} onClose={() => setSetting(false)} /> : null}
            </>
          )}
        </Ready>
        <Theirs />
      </div>
    </Sheet>
  )
}

function Standing(props: { sync: Sync }) {
  const { t } = useTranslation()
  const { sync } = props
  const pushed = sync.groups.filter((g) => g.pushed)
  return (
    <section className="card stack-s" aria-label={t("tag_sync.standing")}>
      {sync.possible ? null : <p className="secondary">{t("tag_sync.impossible")}</p>}
      <Facts
        items={[
          [
            t("tag_sync.state"),
            <Badge key="s" tone={sync.on ? "good" : "plain"}>
              {t(sync.on ? "tag_sync.is_on" : "tag_sync.is_off")}
            </Badge>,
          ],
          [
            t("tag_sync.conflicts"),
            <Link key="c" to="/tags/conflicts" search={{}}>
              {t("tag_sync.open_conflicts", { n: formatNumber(sync.open_conflicts) })}
            </Link>,
          ],
          [t("tag_sync.waiting"), formatNumber(sync.waiting)],
          [
            t("tag_sync.groups"),
            pushed.length > 0
              ? pushed
                  .map((g) =>
                    t("tag_sync.group_tied", {
                      name: g.name,
                      there: formatNumber(g.in_channel),
                      all: formatNumber(g.tags),
                    }),
                  )
                  .join(t("tag_sync.and"))
              : t("tag_sync.no_groups"),
          ],
          [t("tag_sync.seen_at"), <Time key="n" at={sync.seen_at} />],
          [t("tag_sync.pushed_at"), <Time key="p" at={sync.pushed_at} />],
        ]}
      />
      {sync.problem ? (
        <p role="alert" className="danger">
          {t("tag_sync.problem", { code: sync.problem })}
        </p>
      ) : null}
    </section>
  )
}

function Settings(props: { sync: Sync; onClose: () => void }) {
  const { t } = useTranslation()
  const save = useChange(setSync, ["tags"])
  const { sync } = props
  return (
    <FormDrawer<{ on: boolean; groups: string[] }>
      open
      title={t("tag_sync.set")}
      verb={t("tag_sync.save")}
      initial={{ on: sync.on, groups: sync.groups.filter((g) => g.pushed).map((g) => g.id) }}
      onClose={props.onClose}
      onSubmit={async ({ on, groups }) => {
        await save.mutateAsync({ body: { on, pushed_group_ids: groups } })
        props.onClose()
        toast(t(on ? "tag_sync.saved_on" : "tag_sync.saved_off"))
      }}
    >
      <Form.Item
        name="on"
        valuePropName="checked"
        label={t("tag_sync.on_label")}
        help={t("tag_sync.on_help")}
      >
        <Switch disabled={!sync.possible && !sync.on} />
      </Form.Item>
      <Form.Item name="groups" label={t("tag_sync.groups_label")} help={t("tag_sync.groups_help")}>
        <Checkbox.Group
          className="stack-s"
          options={sync.groups.map((g) => ({ value: g.id, label: g.name }))}
        />
      </Form.Item>
    </FormDrawer>
  )
}

/** Every tag of WeCom: who made it, which of ours it is. */
function Theirs() {
  const { t } = useTranslation()
  const list = useList([])
  const query = useRead(listChannelTags, { query: { cursor: list.cursor } }, { keep: true })
  return (
    <DataTable<Row>
      name="channel-tags"
      label={t("tag_sync.theirs_title")}
      rows={query.data?.rows}
      rowKey={(r) => r.ref}
      error={query.error}
      onRetry={() => void query.refetch()}
      refreshing={query.isPlaceholderData}
      paging={list.paging(query.data?.next_cursor)}
      empty={<Empty title={t("tag_sync.empty")}>{t("tag_sync.empty_text")}</Empty>}
      columns={[
        { key: "theirs", title: t("tag_sync.theirs"), fixed: true, render: (r) => r.theirs },
        { key: "group", title: t("tag_sync.group"), render: (r) => r.group_name || MISSING },
        { key: "ours", title: t("tag_sync.ours"), fixed: true, render: (r) => r.ours ?? MISSING },
        {
          key: "made",
          title: t("tag_sync.made_by"),
          render: (r) => t(r.made_by_us ? "tag_sync.by_us" : "tag_sync.by_them"),
        },
        {
          key: "state",
          title: t("tag_sync.state"),
          fixed: true,
          render: (r) => (
            <Badge tone={TONES[r.state]}>
              {t(`tag_sync.state_${r.state}`)}
              {r.code ? ` ${r.code}` : ""}
            </Badge>
          ),
        },
      ]}
    />
  )
}
