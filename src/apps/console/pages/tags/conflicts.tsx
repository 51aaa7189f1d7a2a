import { Button, Segmented } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { decideConflictOf, listConflicts } from "../../../../modules/tags/sync/contract.ts"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useAddress, useList } from "../../lib/search.ts"
import { useSession } from "../../lib/session.tsx"
import { TagWays } from "./ways.tsx"

type Conflict = CallAnswer<typeof listConflicts>["rows"][number]
type Choice = { conflict: Conflict; side: "ours" | "theirs" }

/** What our tags and those of WeCom disagree about: somebody looks at both and chooses, once. */
export function Page() {
  const { t } = useTranslation()
  const { can } = useSession()
  const [address, change] = useAddress()
  const decided = address.part === "decided"
  const list = useList([])
  const query = useRead(
    listConflicts,
    { query: { cursor: list.cursor, decided: decided ? "true" : "false" } },
    { keep: true },
  )
  const [choosing, setChoosing] = useState<Choice | null>(null)
  return (
    <Sheet title={t("tag_conflicts.title")} purpose={t("tag_conflicts.purpose")}>
      <div className="stack">
        <TagWays />
        <Segmented
          aria-label={t("tag_conflicts.part")}
          value={decided ? "decided" : "open"}
          options={[
            { value: "open", label: t("tag_conflicts.open") },
            { value: "decided", label: t("tag_conflicts.decided") },
          ]}
          onChange={(part) =>
            change({ part: part === "decided" ? part : undefined, after: undefined }, { replace: true })
          }
        />
        <DataTable<Conflict>
          name="tag-conflicts"
          label={t("tag_conflicts.title")}
          rows={query.data?.rows}
          rowKey={(r) => r.id}
          error={query.error}
          onRetry={() => void query.refetch()}
          refreshing={query.isPlaceholderData}
          paging={list.paging(query.data?.next_cursor)}
          empty={
            <Empty title={t(decided ? "tag_conflicts.none_decided" : "tag_conflicts.empty")}>
              {t("tag_conflicts.empty_text")}
            </Empty>
          }
          columns={[
            {
              key: "kind",
              title: t("tag_conflicts.kind"),
              fixed: true,
              render: (r) => (
                <>
                  {t(`tag_conflicts.kind_${r.kind}`)}
                  {r.of === "group" ? (
                    <div className="secondary small">{t("tag_conflicts.of_group")}</div>
                  ) : null}
                </>
              ),
            },
            {
              key: "ours",
              title: t("tag_conflicts.ours"),
              fixed: true,
              render: (r) => <Side value={r.ours} by={r.ours_by} at={r.ours_at} />,
            },
            {
              key: "theirs",
              title: t("tag_conflicts.theirs"),
              fixed: true,
              render: (r) => (
                <Side
                  value={r.theirs ?? t("tag_conflicts.deleted")}
                  by={t("tag_conflicts.console")}
                  at={r.theirs_at}
                />
              ),
            },
            { key: "found", title: t("tag_conflicts.found"), render: (r) => <Time at={r.found_at} /> },
            {
              key: "choice",
              title: t("tag_conflicts.choice"),
              fixed: true,
              render: (r) =>
                r.choice ? (
                  <Chosen conflict={r} />
                ) : can("tags.approve") ? (
                  <span className="row">
                    <Button size="small" onClick={() => setChoosing({ conflict: r, side: "ours" })}>
                      {t("tag_conflicts.take_ours")}
                    </Button>
                    <Button size="small" onClick={() => setChoosing({ conflict: r, side: "theirs" })}>
                      {t("tag_conflicts.take_theirs")}
                    </Button>
                  </span>
                ) : null,
            },
          ]}
        />
      </div>
      {choosing ? <Choose choice={choosing} onClose={() => setChoosing(null)} /> : null}
    </Sheet>
  )
}

function Side(props: { value: string; by: string | null; at: Date | null }) {
  return (
    <div>
      {props.value}
      <div className="secondary small">
        {props.by ? <span className="name">{props.by} · </span> : null}
        <Time at={props.at} />
      </div>
    </div>
  )
}

function Chosen(props: { conflict: Conflict }) {
  const { t } = useTranslation()
  const { choice, decided_by, decided_at } = props.conflict
  return (
    <div>
      {t(`tag_conflicts.chose_${choice ?? "over"}`)}
      <div className="secondary small">
        <span className="name">{decided_by ?? MISSING}</span> · <Time at={decided_at} />
      </div>
    </div>
  )
}

function Choose(props: { choice: Choice; onClose: () => void }) {
  const { t } = useTranslation()
  const decide = useChange(decideConflictOf, ["tags"])
  const { conflict, side } = props.choice
  return (
    <ConfirmConsequence
      open
      title={t(`tag_conflicts.${side}_${conflict.kind}`, {
        ours: conflict.ours,
        theirs: conflict.theirs ?? "",
      })}
      verb={t(side === "ours" ? "tag_conflicts.take_ours" : "tag_conflicts.take_theirs")}
      danger={side === "theirs" && conflict.kind === "deleted_there"}
      onClose={props.onClose}
      onConfirm={async () => {
        await decide.mutateAsync({ params: { id: conflict.id }, body: { choice: side } })
        toast(t("tag_conflicts.done"))
      }}
    >
      <p>{t("tag_conflicts.once")}</p>
    </ConfirmConsequence>
  )
}
