import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { whyPlay } from "../../../../modules/plans/plays/contract.ts"
import { Badge, type Tone } from "../../../../ui/badge.tsx"
import { Time } from "../../../../ui/now.tsx"
import { Section } from "../../../../ui/page.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useCodeWord, useSay } from "../../lib/words.ts"
import { PersonField } from "../customers/person-field.tsx"

type Enrolment = CallAnswer<typeof whyPlay>["enrolments"][number]

/** Why one person got something from this play, or did not. */
export function WhyPerson(props: { id: string }) {
  const { t } = useTranslation()
  const [person, setPerson] = useState<string | null>(null)
  return (
    <Section title={t("plays.why_title")}>
      <div className="stack-s">
        <PersonField value={person} onChange={setPerson} />
        {person ? <Way id={props.id} person={person} /> : null}
      </div>
    </Section>
  )
}

function Way(props: { id: string; person: string }) {
  const { t } = useTranslation()
  const query = useRead(whyPlay, { params: { id: props.id, customer_id: props.person } })
  return (
    <Ready query={query} rows={3}>
      {({ enrolments }) =>
        enrolments.length === 0 ? (
          <p className="secondary">{t("plays.why_none")}</p>
        ) : (
          <div className="stack">
            {enrolments.map((one) => (
              <Entered key={one.entry} one={one} />
            ))}
          </div>
        )
      }
    </Ready>
  )
}

const TONES: Record<string, Tone> = { active: "info", done: "good", failed: "bad" }

function Entered(props: { one: Enrolment }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const say = useSay()
  const { one } = props
  // What went wrong in a step is told in its detail; here stands why it ended.
  const because = one.stopped_by
    ? t("plays.stopped_by", { fact: say(one.stopped_by) })
    : one.state === "active"
      ? one.words
        ? t("plays.waits_at", { text: say(one.words) })
        : null
      : one.reason
        ? word("step_outcome", one.reason)
        : null
  return (
    <div className="stack-s">
      <p className="row">
        <Badge tone={TONES[one.state] ?? "plain"}>{word("step_outcome", one.state)}</Badge>
        <Time at={one.entered_at} />
        <span className="secondary small">{t("plays.version_of", { n: one.version })}</span>
      </p>
      {one.entered_on ? <p className="secondary small">{say(one.entered_on)}</p> : null}
      {because ? <p>{because}</p> : null}
      <ol className="timeline">
        {one.steps.map((step) => (
          <li key={step.step}>
            <span className="timeline-time secondary small">
              <Time at={step.at} />
            </span>
            <span className="row">
              <span>{step.words ? say(step.words) : step.node}</span>
              <Badge tone={step.outcome === "failed" ? "bad" : "plain"}>
                {word("step_outcome", step.outcome)}
              </Badge>
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}
