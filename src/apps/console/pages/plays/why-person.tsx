import { Button, Select } from "antd"
import { useId, useState } from "react"
import { listCustomers } from "../../../../modules/customers/contract.ts"
import { tryPlay, whyPlay } from "../../../../modules/plans/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { Time } from "../../../../ui/now.tsx"
import { Section } from "../../../../ui/page.tsx"
import { problemText, Ready } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSettled } from "../../lib/settled.ts"
import { useCodeWord } from "../../lib/words.ts"

const TYPING_MS = 300

/** Why one person got something from this play, or did not; and what would happen to them, without doing it. */
export function WhyPerson(props: { id: string }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const field = useId()
  const [text, setText] = useState("")
  const [person, setPerson] = useState<string | null>(null)
  const asked = useSettled(text, TYPING_MS)
  const found = useRead(listCustomers, { query: { q: asked, limit: 10 } }, { enabled: asked.trim() !== "" })
  const attempt = useChange(tryPlay)
  return (
    <Section title={t("plays.why_title")}>
      <div className="stack-s">
        <div className="field">
          <label htmlFor={field}>{t("customers.name")}</label>
          <Select
            id={field}
            placeholder={t("customers.search")}
            value={person}
            showSearch={{ filterOption: false, onSearch: setText }}
            options={(found.data?.rows ?? []).map((r) => ({ value: r.id, label: r.remark || r.name }))}
            onChange={(id: string) => {
              attempt.reset()
              setPerson(id)
            }}
          />
        </div>
        {person ? <Way id={props.id} person={person} /> : null}
        {person ? (
          <Button
            loading={attempt.isPending}
            onClick={() => attempt.mutate({ params: { id: props.id }, body: { customer_id: person } })}
          >
            {t("plays.try_ask")}
          </Button>
        ) : null}
        {attempt.error ? (
          <p className="danger" role="alert">
            {problemText(attempt.error)}
          </p>
        ) : null}
        {attempt.data ? (
          <ol className="timeline" aria-label={t("plays.try_title")}>
            {attempt.data.steps.map((step) => (
              <li key={`${step.node}:${String(step.at)}`}>
                <span className="secondary small">
                  <Time at={step.at} />
                </span>
                <span>
                  {word("node_kind", step.kind)} {step.answer ? word("step_outcome", step.answer) : ""}
                </span>
              </li>
            ))}
            <li>
              <span />
              <span className="secondary">
                {t("plays.try_end", { reason: word("step_outcome", attempt.data.ended) })}
              </span>
            </li>
          </ol>
        ) : null}
      </div>
    </Section>
  )
}

function Way(props: { id: string; person: string }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const query = useRead(whyPlay, { params: { id: props.id, customer_id: props.person } })
  return (
    <Ready query={query} rows={3}>
      {({ enrolments }) =>
        enrolments.length === 0 ? (
          <p className="secondary">{t("plays.why_none")}</p>
        ) : (
          <div className="stack-s">
            {enrolments.map((one) => (
              <div key={one.entry}>
                <p className="row">
                  <Badge>{word("step_outcome", one.state)}</Badge>
                  <Time at={one.entered_at} />
                  {one.reason ? <span className="secondary">{word("step_outcome", one.reason)}</span> : null}
                </p>
                <ol className="timeline">
                  {one.steps.map((step) => (
                    <li key={step.step}>
                      <span className="secondary small">
                        <Time at={step.at} />
                      </span>
                      <span>
                        {step.node} · {word("step_outcome", step.outcome)}
                      </span>
                    </li>
                  ))}
                </ol>
              </div>
            ))}
          </div>
        )
      }
    </Ready>
  )
}
