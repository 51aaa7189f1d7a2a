import { Link } from "@tanstack/react-router"
import { Button, Input } from "antd"
import { useId, useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import {
  claimInspection,
  judgeInspection,
  readScores,
  VERDICTS,
} from "../../../../modules/tags/inspection/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { formatNumber, MISSING } from "../../../../ui/format.ts"
import { Section, Page as Sheet } from "../../../../ui/page.tsx"
import { Empty, problemText } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { Verdicts } from "./verdicts.tsx"
import { TagWays } from "./ways.tsx"

type Drawn = NonNullable<CallAnswer<typeof claimInspection>["inspection"]>
type Score = CallAnswer<typeof readScores>["rows"][number]

export function Page() {
  const { t } = useTranslation()
  const { can } = useSession()
  const query = useRead(readScores, {})
  return (
    <Sheet title={t("tag_inspections.title")} purpose={t("tag_inspections.purpose")}>
      <div className="stack">
        <TagWays />
        {can("tags.inspect") ? <Desk /> : null}
        <Verdicts />
        <DataTable<Score>
          name="tag_scores"
          label={t("tag_inspections.scores")}
          rows={query.data?.rows}
          rowKey={(r) => `${r.week} ${r.staff_id}`}
          error={query.error}
          onRetry={() => void query.refetch()}
          empty={<Empty title={t("tag_inspections.empty")}>{t("tag_inspections.empty_text")}</Empty>}
          columns={[
            { key: "week", title: t("tag_inspections.week"), fixed: true, render: (r) => r.week },
            { key: "who", title: t("tag_inspections.operator"), render: (r) => r.staff_name ?? MISSING },
            {
              key: "score",
              title: t("tag_inspections.score"),
              numeric: true,
              render: (r) => (r.score === null ? MISSING : `${r.score / 10}%`),
            },
            {
              key: "drawn",
              title: t("tag_inspections.drawn"),
              numeric: true,
              render: (r) => formatNumber(r.drawn),
            },
            {
              key: "disputed",
              title: t("tag_inspections.disputed"),
              numeric: true,
              render: (r) => formatNumber(r.disputed),
            },
            ...VERDICTS.map((verdict) => ({
              key: verdict,
              title: t(`tag_inspections.${verdict}`),
              numeric: true,
              render: (r: Score) => formatNumber(r[verdict]),
            })),
          ]}
        />
      </div>
    </Sheet>
  )
}

/** One customer at a time: their tags, and whether they are right. */
function Desk() {
  const { t } = useTranslation()
  const [drawn, setDrawn] = useState<Drawn | null>(null)
  const [note, setNote] = useState("")
  const noteId = useId()
  const claim = useChange(claimInspection)
  const judge = useChange(judgeInspection, ["tags"])
  const next = () =>
    claim.mutate(
      { body: {} },
      {
        onSuccess({ inspection }) {
          setDrawn(inspection)
          setNote("")
          if (!inspection) toast(t("tag_inspections.all_done"))
        },
        onError: (error) => toast(problemText(error), "bad"),
      },
    )
  const say = (verdict: (typeof VERDICTS)[number]) =>
    judge.mutate(
      { params: { id: drawn!.id }, body: { verdict, note } },
      { onSuccess: next, onError: (error) => toast(problemText(error), "bad") },
    )
  const busy = claim.isPending || judge.isPending
  if (!drawn)
    return (
      <Section title={t("tag_inspections.desk")}>
        <p className="secondary">{t("tag_inspections.desk_text")}</p>
        <Button type="primary" loading={claim.isPending} onClick={next}>
          {t("tag_inspections.take")}
        </Button>
      </Section>
    )
  return (
    <Section title={t("tag_inspections.desk")}>
      <div className="stack-s">
        <span className="row">
          <Link to="/customers/$id" params={{ id: drawn.customer_id }} search={{}} className="name">
            {drawn.customer_name || t("tag_inspections.unnamed")}
          </Link>
          <span className="secondary">
            {t("tag_inspections.of_operator", { name: drawn.staff_name ?? MISSING })}
          </span>
        </span>
        {drawn.disputed ? (
          <p className="warn">
            {t("tag_inspections.was_judged", {
              name: drawn.disputed.judged_by_name ?? MISSING,
              verdict: t(`tag_inspections.${drawn.disputed.verdict}`),
            })}
            <br />
            {t("tag_inspections.objects", { reason: drawn.disputed.reason })}
          </p>
        ) : null}
        {drawn.tags.length === 0 ? (
          <p className="secondary">{t("tag_inspections.no_tags")}</p>
        ) : (
          <ul className="row">
            {drawn.tags.map((tag) => (
              <li key={tag.tag_id}>
                <Badge>
                  {tag.group} · {tag.name}
                </Badge>
              </li>
            ))}
          </ul>
        )}
        <label htmlFor={noteId}>{t("tag_inspections.note")}</label>
        <Input id={noteId} value={note} maxLength={300} onChange={(e) => setNote(e.target.value)} />
        <span className="row">
          {VERDICTS.map((verdict) => (
            <Button
              key={verdict}
              type={verdict === "right" ? "primary" : "default"}
              disabled={busy}
              onClick={() => say(verdict)}
            >
              {t(`tag_inspections.${verdict}`)}
            </Button>
          ))}
        </span>
      </div>
    </Section>
  )
}
