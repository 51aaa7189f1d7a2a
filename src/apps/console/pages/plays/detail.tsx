import { LeftOutlined } from "@ant-design/icons"
import { Link, useParams } from "@tanstack/react-router"
import { Button } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { onePlay, publishPlay, switchPlay } from "../../../../modules/plans/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { PlainTable } from "../../../../ui/chart.tsx"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { formatNumber, MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Section, Page as Sheet } from "../../../../ui/page.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"
import { type Step, stepsOf } from "./steps.ts"
import { WhyPerson } from "./why-person.tsx"

type Play = CallAnswer<typeof onePlay>
const REFRESH_MS = 10_000

export function Page() {
  const { t } = useTranslation()
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useRead(onePlay, { params: { id } }, { every_ms: REFRESH_MS })
  return (
    <Ready query={query}>
      {(play) => (
        <Sheet
          title={play.name}
          purpose={
            <Badge tone={play.running ? "good" : "plain"}>
              {t(play.running ? "plays.running" : "plays.stopped_state")}
            </Badge>
          }
          back={
            <Link to="/plays" className="small">
              <LeftOutlined /> {t("plays.back")}
            </Link>
          }
          actions={<OnOff play={play} />}
        >
          <div className="stack">
            <Steps play={play} />
            <div className="grid-2">
              <WhyPerson id={play.id} />
              <Versions play={play} />
            </div>
          </div>
        </Sheet>
      )}
    </Ready>
  )
}

function OnOff(props: { play: Play }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const change = useChange(switchPlay, ["plays"])
  const [asking, setAsking] = useState(false)
  const on = props.play.running
  if (!can("plays.write")) return null
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t(on ? "plays.switch_off" : "plays.switch_on")}</Button>
      <ConfirmConsequence
        open={asking}
        title={t(on ? "plays.switch_off_title" : "plays.switch_on_title")}
        verb={t(on ? "plays.switch_off" : "plays.switch_on")}
        danger={on}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          await change.mutateAsync({ params: { id: props.play.id }, body: { running: !on } })
          toast(t("plays.switched"))
        }}
      />
    </>
  )
}

function Steps(props: { play: Play }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { play } = props
  const waitWords = ({ days, hours, at }: NonNullable<Step["wait"]>) =>
    [
      days > 0 ? t("plays.after_days", { n: days }) : "",
      hours > 0 ? t("plays.after_hours", { n: hours }) : "",
      at ?? "",
    ]
      .filter(Boolean)
      .join(" ")
  const shown = play.versions.find((one) => one.state === "published") ?? play.versions[0]
  const rows = stepsOf(shown?.definition).map((step, n) => {
    const standing = play.standing.filter((one) => one.node === step.id)
    const waiting = standing.reduce((sum, one) => sum + one.waiting, 0)
    const next = standing
      .flatMap((one) => one.due_next ?? [])
      .sort((a, b) => (new Date(a) < new Date(b) ? -1 : 1))[0]
    const outcomes = play.steps.filter((one) => one.node === step.id)
    return [
      <span key="step" className="row">
        <span className="secondary num">{n + 1}</span>
        <span className="clip" title={step.title ?? step.id}>
          {step.title ?? (step.wait ? waitWords(step.wait) : step.id)}
        </span>
      </span>,
      word("node_kind", step.kind),
      formatNumber(waiting),
      next ? <Time key="next" at={next} /> : MISSING,
      outcomes.length === 0
        ? MISSING
        : outcomes.map((one) => `${word("step_outcome", one.outcome)} ${formatNumber(one.n)}`).join(" · "),
    ]
  })
  return (
    <Section title={t("plays.steps")}>
      <PlainTable
        label={t("plays.steps")}
        words={[1, 4]}
        head={[
          t("plays.step"),
          t("plays.kind"),
          t("plays.waiting"),
          t("plays.due_next"),
          t("plays.outcomes"),
        ]}
        rows={rows}
      />
    </Section>
  )
}

function Versions(props: { play: Play }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const publish = useChange(publishPlay, ["plays"])
  const [asking, setAsking] = useState<number | null>(null)
  return (
    <Section title={t("plays.versions")}>
      <ul className="todo">
        {props.play.versions.map((one) => (
          <li key={one.version} className="row">
            <span className="num">
              {t("plays.version")} {one.version}
            </span>
            <Badge tone={one.state === "published" ? "good" : "plain"}>{t(`play_state.${one.state}`)}</Badge>
            <span className="secondary small">
              <Time at={one.published_at ?? one.saved_at} />
            </span>
            <span className="grow" />
            {one.state === "draft" && can("plays.write") ? (
              <Button size="small" onClick={() => setAsking(one.version)}>
                {t("plays.publish")}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      <ConfirmConsequence
        open={asking !== null}
        title={t("plays.publish_title", { n: asking ?? 0 })}
        verb={t("plays.publish")}
        onClose={() => setAsking(null)}
        onConfirm={async () => {
          if (asking === null) return
          await publish.mutateAsync({ params: { id: props.play.id }, body: { version: asking } })
          toast(t("plays.published_now"))
        }}
      />
    </Section>
  )
}
