import type { CallAnswer } from "../../../../kernel/client.ts"
import { listVersions } from "../../../../modules/tags/taxonomy/contract.ts"
import { DataTable } from "../../../../ui/data-table.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { useJoin, useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useList } from "../../lib/search.ts"
import { TagWays } from "./ways.tsx"

type Version = CallAnswer<typeof listVersions>["rows"][number]

export function Page() {
  const { t } = useTranslation()
  const list = useList([])
  const query = useRead(
    listVersions,
    { query: { limit: 50, ...(list.cursor ? { cursor: list.cursor } : {}) } },
    { keep: true },
  )
  return (
    <Sheet title={t("taxonomy.versions")} purpose={t("taxonomy.versions_purpose")}>
      <div className="stack">
        <TagWays />
        <DataTable<Version>
          name="tag_versions"
          label={t("taxonomy.versions")}
          rows={query.data?.rows}
          rowKey={(r) => String(r.number)}
          error={query.error}
          onRetry={() => void query.refetch()}
          paging={list.paging(query.data?.next_cursor)}
          empty={<Empty title={t("taxonomy.no_versions")}>{t("taxonomy.no_versions_text")}</Empty>}
          columns={[
            {
              key: "number",
              title: t("taxonomy.version"),
              fixed: true,
              render: (r) => formatNumber(r.number),
            },
            {
              key: "what",
              title: t("taxonomy.what"),
              fixed: true,
              render: (r) => (
                // A long list of names is read down, not sideways.
                <div style={{ whiteSpace: "normal", minWidth: 240, maxWidth: 560 }}>
                  <What of={r.what} />
                </div>
              ),
            },
            {
              key: "by",
              title: t("taxonomy.decided_by"),
              render: (r) => r.by_name ?? t("taxonomy.by_channel"),
            },
            { key: "at", title: t("taxonomy.when"), render: (r) => <Time at={r.at} /> },
          ]}
        />
      </div>
    </Sheet>
  )
}

/** A change as a sentence in the names of then. */
function What(props: { of: Version["what"] }) {
  const { t } = useTranslation()
  const join = useJoin()
  const { kind, group = "", tag = "", to, text = "", added = [], renamed = [], retired = [] } = props.of
  switch (kind) {
    case "add_group":
      return <>{t("taxonomy.did_add_group", { group })}</>
    case "add_tag":
      return <>{t("taxonomy.did_add_tag", { group, tag, text })}</>
    case "rename_tag":
      return <>{t("taxonomy.did_rename_tag", { group, tag, to: to ?? "" })}</>
    case "describe_tag":
      return <>{t("taxonomy.did_describe_tag", { group, tag, text })}</>
    case "retire_tag":
      return (
        <>
          {to
            ? t("taxonomy.did_replace_tag", { group, tag, to })
            : t("taxonomy.did_retire_tag", { group, tag })}
        </>
      )
    case "change_group":
      return <>{t("taxonomy.did_change_group", { group, to: to ?? group })}</>
    case "channel_synced":
      return (
        <>
          {[
            added.length > 0 ? t("taxonomy.did_come", { names: join(added) }) : "",
            renamed.length > 0 ? t("taxonomy.did_rename", { names: join(renamed) }) : "",
            retired.length > 0 ? t("taxonomy.did_go", { names: join(retired) }) : "",
          ]
            .filter((said) => said !== "")
            .join(" ")}
        </>
      )
  }
}
