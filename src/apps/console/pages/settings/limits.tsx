import { Button } from "antd"
import { type ReactNode, useState } from "react"
import { listLimits } from "../../../../modules/sends/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Empty, Ready } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"
import { Approval } from "./approval.tsx"
import { CorrectLimit } from "./correct-limit.tsx"
import { type Limit, type LimitRow, limitsIn, sourceOf, spanOf } from "./limit-rows.ts"
import { useLimitValue } from "./limit-value.ts"

export function Page() {
  const { t } = useTranslation()
  const word = useCodeWord()
  const query = useRead(listLimits, {})
  const [correcting, setCorrecting] = useState<Limit | null>(null)
  return (
    <Sheet title={t("limits.title")} purpose={t("limits.purpose")}>
      <Ready query={query}>
        {(answer) => {
          const { house, platforms } = limitsIn(answer.rows)
          return (
            <div className="stack">
              <Approval />
              <Part title={t("limits.house")} hint={t("limits.house_hint")}>
                <LimitTable
                  name="limits-house"
                  label={t("limits.house")}
                  limits={house}
                  onCorrect={setCorrecting}
                />
              </Part>
              {[...platforms].map(([channel, limits]) => {
                const title = `${word("channel_name", channel)} · ${t("limits.platform")}`
                return (
                  <Part key={channel} title={title} hint={t("limits.platform_hint")}>
                    <LimitTable
                      name={`limits-${channel}`}
                      label={title}
                      limits={limits}
                      onCorrect={setCorrecting}
                    />
                  </Part>
                )
              })}
            </div>
          )
        }}
      </Ready>
      <CorrectLimit limit={correcting} onClose={() => setCorrecting(null)} />
    </Sheet>
  )
}

/** A table is a card already: what it is about stands above it. */
function Part(props: { title: string; hint: string; children: ReactNode }) {
  return (
    <section className="stack-s" aria-label={props.title}>
      <h2>{props.title}</h2>
      <p className="secondary">{props.hint}</p>
      {props.children}
    </section>
  )
}

function LimitTable(props: {
  name: string
  label: string
  limits: Limit[]
  onCorrect: (limit: Limit) => void
}) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const value = useLimitValue()
  const { can } = useSession()
  return (
    <DataTable
      name={props.name}
      label={props.label}
      rows={props.limits}
      rowKey={(limit) => limit.key}
      empty={<Empty title={t("limits.title")} />}
      expand={(limit) => <History limit={limit} />}
      columns={[
        {
          key: "name",
          title: t("limits.name"),
          fixed: true,
          render: ({ name, held }) => (
            <span className="name">
              {word("limit_name", name)} {held.own ? <Badge tone="info">{t("limits.own")}</Badge> : null}
            </span>
          ),
        },
        {
          key: "value",
          title: t("limits.value"),
          numeric: true,
          render: ({ held, coming }) => (
            <>
              {value(held)}
              {coming.map((row) => (
                <span key={row.effective_from} className="secondary small block">
                  {t("limits.coming", { day: row.effective_from, value: value(row) })}
                </span>
              ))}
            </>
          ),
        },
        { key: "per", title: t("limits.per"), render: ({ per }) => word("limit_span", spanOf(per)) },
        { key: "source", title: t("limits.source"), render: ({ held }) => <Source row={held} /> },
        {
          key: "from",
          title: t("limits.from"),
          render: ({ held }) => <span className="num nowrap">{held.effective_from}</span>,
        },
        {
          key: "do",
          title: "",
          fixed: true,
          render: (limit) =>
            can("settings.write") ? (
              <Button type="link" size="small" onClick={() => props.onCorrect(limit)}>
                {t("limits.correct")}
              </Button>
            ) : null,
        },
      ]}
    />
  )
}

function History(props: { limit: Limit }) {
  const { t } = useTranslation()
  const value = useLimitValue()
  return (
    <ul className="plain-list" aria-label={t("limits.history")}>
      {props.limit.history.map((row) => (
        <li key={row.effective_from}>
          <span className="num">{row.effective_from}</span> {value(row)} <Source row={row} />
        </li>
      ))}
    </ul>
  )
}

function Source(props: { row: LimitRow }) {
  const { t } = useTranslation()
  const source = sourceOf(props.row)
  if ("href" in source)
    return (
      <a href={source.href} target="_blank" rel="noreferrer" className="mono small">
        {source.href.replace("https://", "")}
      </a>
    )
  return (
    <span className="secondary">{"word" in source ? t(`limit_source.${source.word}`) : source.text}</span>
  )
}
