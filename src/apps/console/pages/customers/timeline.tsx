import { Link } from "@tanstack/react-router"
import { Button } from "antd"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { readTimeline } from "../../../../modules/customers/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { formatMoney, formatNumber, MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Empty, Ready } from "../../../../ui/states.tsx"
import { useJoin, useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useList } from "../../lib/search.ts"
import { useCodeWord, useSay } from "../../lib/words.ts"

type Fact = CallAnswer<typeof readTimeline>["rows"][number]

/** Everything that happened with one customer, newest first; `only` keeps the facts of some types. */
export function Timeline(props: { id: string; only?: string; emptyText?: string }) {
  const { t } = useTranslation()
  const list = useList([])
  const query = useRead(
    readTimeline,
    { params: { id: props.id }, query: { cursor: list.cursor, types: props.only } },
    { keep: true },
  )
  return (
    <Ready query={query}>
      {(page) => {
        const paging = list.paging(page.next_cursor)
        if (page.rows.length === 0 && !paging.hasNewer)
          return (
            <div className="card">
              <Empty title={t("customers.timeline_empty")}>
                {props.emptyText ?? t("customers.timeline_empty_text")}
              </Empty>
            </div>
          )
        return (
          <div className="card">
            <ol className="timeline" aria-label={t("customers.tab_timeline")}>
              {page.rows.map((fact) => (
                <Entry key={fact.id} fact={fact} />
              ))}
            </ol>
            {paging.hasNewer || paging.hasOlder ? (
              <div className="table-foot">
                <span className="pager">
                  <Button size="small" disabled={!paging.hasNewer} onClick={paging.onNewer}>
                    {t("ui.newer")}
                  </Button>
                  <Button size="small" disabled={!paging.hasOlder} onClick={paging.onOlder}>
                    {t("ui.older")}
                  </Button>
                </span>
              </div>
            ) : null}
          </div>
        )
      }}
    </Ready>
  )
}

function Entry(props: { fact: Fact }) {
  const { t } = useTranslation()
  const say = useSay()
  const { fact } = props
  return (
    <li>
      <span className="timeline-time secondary small">
        <Time at={fact.occurred_at} />
      </span>
      <div>
        <span className="row">
          <strong>{say(fact.label)}</strong>
          <Detail fact={fact} />
          {fact.origin === "history" ? <Badge>{t("customers.history")}</Badge> : null}
        </span>
      </div>
    </li>
  )
}

const str = (value: unknown) => (typeof value === "string" && value !== "" ? value : null)
const num = (value: unknown) => (typeof value === "number" ? value : null)

const PLAY_ENDS = { done: "plays.done", stopped: "plays.left", failed: "plays.failed" } as const
const isHowItEnded = (state: unknown): state is keyof typeof PLAY_ENDS =>
  typeof state === "string" && state in PLAY_ENDS

/** The one or two things of a fact that people look for; the rest stays in the record. */
function Detail(props: { fact: Fact }) {
  const { t } = useTranslation()
  const join = useJoin()
  const word = useCodeWord()
  const say = useSay()
  const { payload, type, change, names } = props.fact
  if (change)
    return (
      <span className="secondary">
        {`${say(change.of)} ${change.from ? `${say(change.from)} → ` : ""}${say(change.to)}`}
      </span>
    )
  if (type.startsWith("order.")) {
    const fen = num(payload.paid_fen) ?? num(payload.refund_fen) ?? num(payload.added_fen)
    const lines = Array.isArray(payload.lines) ? (payload.lines as { name?: string }[]) : []
    const names = lines.flatMap((line) => str(line.name) ?? [])
    return (
      <>
        <span className="num">{fen === null ? MISSING : formatMoney(fen)}</span>
        <span className="secondary clip">{join(names.slice(0, 3))}</span>
      </>
    )
  }
  if (type.startsWith("group.") && str(payload.group_id))
    return (
      <>
        <Link to="/groups/$id" params={{ id: payload.group_id as string }} search={{}}>
          {names.group_id === undefined ? word("nav", "groups") : names.group_id || t("groups.unnamed")}
        </Link>
        {str(payload.scene) ? (
          <span className="secondary">{word("scene", payload.scene as string)}</span>
        ) : null}
      </>
    )
  if (type.startsWith("tag.")) return names.tag_id ? <span className="secondary">{names.tag_id}</span> : null
  if (type.startsWith("play.") && names.play_id)
    return (
      <>
        <Link to="/plays/$id" params={{ id: payload.play_id as string }} search={{}}>
          {names.play_id}
        </Link>
        {isHowItEnded(payload.state) ? (
          <span className="secondary">{t(PLAY_ENDS[payload.state])}</span>
        ) : null}
      </>
    )
  if (type.startsWith("assignment."))
    return names.assignment_id ? <span className="secondary">{names.assignment_id}</span> : null
  if (type.startsWith("touch.") && str(payload.state))
    return <span className="secondary">{word("touch_state", payload.state as string)}</span>
  const points = num(payload.points) ?? num(payload.amount)
  if (type.startsWith("points.") && points !== null)
    return <span className="num">{formatNumber(points)}</span>
  const text = str(payload.to) ?? str(payload.name) ?? str(payload.title)
  return text ? <span className="secondary">{text}</span> : null
}
