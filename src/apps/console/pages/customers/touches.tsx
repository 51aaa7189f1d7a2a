import { Link } from "@tanstack/react-router"
import { Button, Segmented } from "antd"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { listTouches } from "../../../../modules/plans/touches/contract.ts"
import { Badge, type Tone } from "../../../../ui/badge.tsx"
import { formatNumber, formatTime } from "../../../../ui/format.ts"
import { Time, useLanguage, useNow } from "../../../../ui/now.tsx"
import { Empty, Ready } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useList } from "../../lib/search.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord, useSay } from "../../lib/words.ts"

type Answer = CallAnswer<typeof listTouches>
type Touch = Answer["rows"][number]
const PARTS = ["got", "coming", "not_got"] as const
type Part = (typeof PARTS)[number]
const TONES: Record<Part, Tone> = { got: "good", coming: "info", not_got: "warn" }

/** What one customer got, will get, and did not get, each with where it came from and the reason in words. */
export function Touches(props: { id: string }) {
  const { t } = useTranslation()
  const list = useList(["part"])
  const part = PARTS.find((one) => one === list.filters.part)
  const query = useRead(
    listTouches,
    { params: { id: props.id }, query: { cursor: list.cursor, ...(part ? { part } : {}) } },
    { keep: true },
  )
  return (
    <Ready query={query}>
      {({ rows, counts, next_cursor }) => {
        const all = counts.got + counts.coming + counts.not_got
        if (all === 0)
          return (
            <div className="card">
              <Empty title={t("touches.empty")}>{t("touches.empty_text")}</Empty>
            </div>
          )
        const paging = list.paging(next_cursor)
        return (
          <div className="card stack-s">
            <Segmented
              aria-label={t("touches.part")}
              value={part ?? "all"}
              options={[
                { value: "all", label: `${t("touches.all")} ${formatNumber(all)}` },
                ...PARTS.map((one) => ({
                  value: one as string,
                  label: `${t(`touches.${one}`)} ${formatNumber(counts[one])}`,
                })),
              ]}
              onChange={(value) => list.setFilters({ part: value === "all" ? undefined : String(value) })}
            />
            {rows.length === 0 && part && !paging.hasNewer ? (
              <Empty title={t(`touches.none_${part}`)}>{t("touches.none_text")}</Empty>
            ) : (
              <ol className="timeline" aria-label={t("touches.list")}>
                {rows.map((touch) => (
                  <Entry key={touch.key} touch={touch} />
                ))}
              </ol>
            )}
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

function Entry(props: { touch: Touch }) {
  const { touch } = props
  const word = useCodeWord()
  const reason = useReason()(touch)
  return (
    <li>
      <span className="timeline-time secondary small">
        <Time at={touch.at} />
      </span>
      <div className="stack-s">
        <span className="row">
          <Badge tone={TONES[touch.part]}>{word("touch_state", touch.state)}</Badge>
          <Cause touch={touch} />
        </span>
        {reason ? <span className={touch.part === "not_got" ? "warn" : "secondary"}>{reason}</span> : null}
        <span className="pre">{touch.text}</span>
        <Way touch={touch} />
      </div>
    </li>
  )
}

function Cause(props: { touch: Touch }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const { kind, id, name } = props.touch.cause
  if (kind === "welcome") return <span>{t("touches.from_welcome")}</span>
  const play = kind === "play"
  const opens = id !== null && can(play ? "plays.read" : "sends.read")
  return (
    <span className="row">
      <span className="secondary">{t(play ? "touches.from_play" : "touches.from_send")}</span>
      {opens && name ? (
        <Link to={play ? "/plays/$id" : "/sends/$id"} params={{ id }} search={{}} className="name">
          {name}
        </Link>
      ) : (
        <span className="name">{name ?? ""}</span>
      )}
    </span>
  )
}

/** Who says it, and the receipts in the order in which they came. */
function Way(props: { touch: Touch }) {
  const { t } = useTranslation()
  const now = useNow()
  const language = useLanguage()
  const { account, by_hand_name, handed_at, reminded_at, expires_at, part } = props.touch
  const at = (moment: Date) => formatTime(moment, now, language)
  const said = [
    account?.custodian_name
      ? t("touches.through_staff", { name: account.name, staff: account.custodian_name })
      : account
        ? t("touches.through", { name: account.name })
        : null,
    by_hand_name ? t("touches.by_hand", { name: by_hand_name }) : null,
    handed_at ? t("touches.handed", { at: at(handed_at) }) : null,
    reminded_at ? t("touches.reminded", { at: at(reminded_at) }) : null,
    part === "coming" && expires_at ? t("touches.until", { at: at(expires_at) }) : null,
  ].filter((one) => one !== null)
  return said.length === 0 ? null : <span className="secondary small">{said.join(" · ")}</span>
}

/** States that say all there is to say. */
const SAID_BY_STATE = new Set(["not_friend", "over_quota", "send_cancelled"])

function useReason(): (touch: Touch) => string | null {
  const { t } = useTranslation()
  const word = useCodeWord()
  const say = useSay()
  return ({ reason, stopped_by, state }) => {
    if (stopped_by) return t("touches.stopped_by", { fact: say(stopped_by) })
    if (reason === null || reason === state || SAID_BY_STATE.has(reason)) return null
    if (reason.startsWith("cannot:")) return word("left_out", "by_hand_only")
    const known = word("left_out", reason)
    if (known !== reason) return known
    return /^-?\d+$/.test(reason) ? t("touches.by_code", { code: reason }) : t("touches.by_channel")
  }
}
