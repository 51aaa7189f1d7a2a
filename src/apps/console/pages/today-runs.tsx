import { Link } from "@tanstack/react-router"
import { dayNumber } from "../../../kernel/day.ts"
import { listPlays } from "../../../modules/plans/plays/contract.ts"
import { listSends } from "../../../modules/sends/contract.ts"
import { formatNumber } from "../../../ui/format.ts"
import { Time, useNow } from "../../../ui/now.tsx"
import { Section } from "../../../ui/page.tsx"
import { useTranslation } from "../../../ui/words/use.ts"
import { useRead } from "../lib/client.ts"
import { useSession } from "../lib/session.tsx"
import { SendStateBadge } from "./sends/state.tsx"

const REFRESH_MS = 15_000

/** What the system does today without anybody's hand. */
export function Runs() {
  const { t } = useTranslation()
  const { can } = useSession()
  const now = useNow()
  const sends = useRead(listSends, { query: {} }, { enabled: can("sends.read"), every_ms: REFRESH_MS })
  const plays = useRead(listPlays, {}, { enabled: can("plays.read"), every_ms: REFRESH_MS })
  const day = dayNumber(now)
  const live = (sends.data?.rows ?? []).filter(
    (one) =>
      one.state === "running" ||
      one.state === "planning" ||
      (one.state === "awaiting_approval" && dayNumber(new Date(one.send_at)) <= day),
  )
  const running = (plays.data?.rows ?? []).filter((one) => one.running)
  return (
    <Section title={t("plans.runs")}>
      {live.length + running.length === 0 ? <p className="secondary">{t("plans.runs_empty")}</p> : null}
      {live.length > 0 ? (
        <>
          <h3>{t("plans.running_sends")}</h3>
          <ul className="todo">
            {live.map((one) => (
              <li key={one.id} className="row">
                <Link to="/sends/$id" params={{ id: one.id }} search={{}} className="name">
                  {one.name}
                </Link>
                <SendStateBadge state={one.state} />
                <span className="grow" />
                <Time at={one.send_at} />
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {running.length > 0 ? (
        <>
          <h3>{t("plans.running_plays")}</h3>
          <ul className="todo">
            {running.map((one) => (
              <li key={one.id} className="row">
                <Link to="/plays/$id" params={{ id: one.id }} search={{}} className="name">
                  {one.name}
                </Link>
                <span className="grow" />
                <span className="secondary num">{t("plans.in_play", { n: formatNumber(one.active) })}</span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Section>
  )
}
