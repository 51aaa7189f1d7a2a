import { LeftOutlined } from "@ant-design/icons"
import { Link, useNavigate } from "@tanstack/react-router"
import { Button, Input, InputNumber, Segmented, Select } from "antd"
import { type ReactNode, useId, useState } from "react"
import type { CallInput } from "../../../../kernel/client.ts"
import { atTime, dayNumber, SHANGHAI_OFFSET_MS } from "../../../../kernel/day.ts"
import { listSegments } from "../../../../modules/segments/contract.ts"
import { createSendEndpoint, previewSend, submitSend } from "../../../../modules/sends/contract.ts"
import { formatNumber } from "../../../../ui/format.ts"
import { useNow } from "../../../../ui/now.tsx"
import { Section, Page as Sheet } from "../../../../ui/page.tsx"
import { Loading, problemText } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { StepFoot, Wizard } from "../../../../ui/wizard.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useAddress } from "../../lib/search.ts"
import { useSay } from "../../lib/words.ts"
import { type DryRun, DryRunReport } from "./dry-run.tsx"

type Body = NonNullable<CallInput<typeof createSendEndpoint>["body"]>
const STEPS = ["audience", "content", "time", "check"] as const
type Step = (typeof STEPS)[number]
const FUNCTIONS = ["ip", "sales", "member", "agent"] as const
const EVENING = 20
const HOUR_MS = 3_600_000
const NAME_HOLE = "{{name}}"

/** `2026-11-23T20:00` in the shop's zone, as the browser's field wants it. */
const toField = (ms: number) => new Date(ms + SHANGHAI_OFFSET_MS).toISOString().slice(0, 16)

/** Audience, text, time, and what will come of it: nothing is stored before the last step. */
export function Page() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [address, setAddress] = useAddress()
  const now = useNow()
  const [segment, setSegment] = useState<string | null>(address.segment ?? null)
  const [name, setName] = useState("")
  const [text, setText] = useState("")
  const [nature, setNature] = useState<"selling" | "service">("selling")
  const [account, setAccount] = useState<Body["account_function"]>(null)
  const [life, setLife] = useState(7)
  const [at, setAt] = useState(() => {
    const evening = atTime(dayNumber(now), EVENING).getTime()
    return toField(evening > now + HOUR_MS ? evening : evening + 24 * HOUR_MS)
  })
  const [problem, setProblem] = useState<string | null>(null)
  const [run, setRun] = useState<DryRun | null>(null)
  const preview = useChange(previewSend)
  const create = useChange(createSendEndpoint, ["sends"])
  const submit = useChange(submitSend, ["sends"])
  const step: Step = STEPS.find((one) => one === address.step) ?? "audience"

  const body = (): Body => ({
    name: name.trim(),
    text: text.trim(),
    nature,
    segment_id: segment,
    account_function: account ?? null,
    send_at: `${at}:00+08:00`,
    life_days: life,
  })
  const missing = (of: Step): string | null => {
    if (of === "audience") return segment ? null : t("sends.no_segment")
    if (of === "content")
      return name.trim() === "" ? t("sends.name_empty") : text.trim() === "" ? t("sends.text_empty") : null
    if (of === "time") return at ? null : t("sends.at_missing")
    return null
  }
  const go = (to: Step) => {
    setProblem(null)
    setAddress({ step: to })
  }
  const check = async () => {
    const wrong = STEPS.find((one) => missing(one) !== null)
    if (wrong) {
      setAddress({ step: wrong })
      return setProblem(missing(wrong))
    }
    go("check")
    setRun(null)
    try {
      setRun(await preview.mutateAsync({ body: body() }))
    } catch (error) {
      setProblem(problemText(error))
    }
  }
  const forward = () => {
    const wrong = missing(step)
    if (wrong) return setProblem(wrong)
    const next = STEPS[STEPS.indexOf(step) + 1] ?? "check"
    if (next === "check") void check()
    else go(next)
  }
  const save = async (submitting: boolean) => {
    setProblem(null)
    try {
      const { id } = await create.mutateAsync({ body: body() })
      if (submitting) await submit.mutateAsync({ params: { id } })
      toast(t(submitting ? "sends.submitted" : "sends.draft_saved"))
      await navigate({ to: "/sends/$id", params: { id }, search: {} })
    } catch (error) {
      setProblem(problemText(error))
    }
  }

  return (
    <Sheet
      title={t("sends.make")}
      back={
        <Link to="/sends" className="small">
          <LeftOutlined /> {t("sends.back")}
        </Link>
      }
    >
      <Wizard
        current={step}
        steps={STEPS.map((key) => ({ key, title: t(`sends.step_${key}`) }))}
        consequence={
          <div className="stack-s">
            <p>
              <strong>
                {run
                  ? t("sends.consequence", {
                      n: formatNumber(run.reached),
                      parcels: formatNumber(run.parcels),
                      days: formatNumber(run.days.length),
                    })
                  : t("sends.consequence_wait")}
              </strong>
            </p>
            <Phone text={text} />
          </div>
        }
      >
        {step === "audience" ? <Audience value={segment} onChange={setSegment} /> : null}
        {step === "content" ? (
          <Section title={t("sends.step_content")}>
            <div className="stack-s form-column">
              <Labelled label={t("sends.name")} hint={t("sends.name_hint")}>
                {(id) => (
                  <Input
                    id={id}
                    value={name}
                    maxLength={60}
                    onChange={(event) => setName(event.target.value)}
                  />
                )}
              </Labelled>
              <Labelled label={t("sends.text")} hint={t("sends.text_hint", { hole: NAME_HOLE })}>
                {(id) => (
                  <Input.TextArea
                    id={id}
                    value={text}
                    autoSize={{ minRows: 5, maxRows: 14 }}
                    onChange={(event) => setText(event.target.value)}
                  />
                )}
              </Labelled>
              <Segmented
                aria-label={t("sends.nature")}
                value={nature}
                options={[
                  { value: "selling", label: t("sends.selling") },
                  { value: "service", label: t("sends.service") },
                ]}
                onChange={(value) => setNature(value === "service" ? "service" : "selling")}
                style={{ alignSelf: "flex-start" }}
              />
              <p className="secondary small">{t("sends.nature_hint")}</p>
            </div>
          </Section>
        ) : null}
        {step === "time" ? (
          <Section title={t("sends.step_time")}>
            <div className="stack-s form-column">
              <Labelled label={t("sends.at")} hint={t("sends.at_hint")}>
                {(id) => (
                  <Input
                    id={id}
                    type="datetime-local"
                    value={at}
                    style={{ width: 220 }}
                    onChange={(event) => setAt(event.target.value)}
                  />
                )}
              </Labelled>
              <Labelled label={t("sends.account")}>
                {(id) => (
                  <Select
                    id={id}
                    allowClear
                    placeholder={t("sends.account_any")}
                    value={account}
                    style={{ width: 260 }}
                    options={FUNCTIONS.map((value) => ({ value, label: t(`account_function.${value}`) }))}
                    onChange={(value) => setAccount(value ?? null)}
                  />
                )}
              </Labelled>
              <Labelled label={t("sends.life")}>
                {(id) => (
                  <InputNumber
                    id={id}
                    min={1}
                    max={31}
                    value={life}
                    onChange={(value) => setLife(value ?? 1)}
                  />
                )}
              </Labelled>
            </div>
          </Section>
        ) : null}
        {step === "check" ? (
          run ? (
            <DryRunReport run={run} />
          ) : preview.isPending ? (
            <Loading rows={6} />
          ) : null
        ) : null}
        <p className="danger" role="alert">
          {problem}
        </p>
        <StepFoot
          back={
            step === "audience" ? null : (
              <Button onClick={() => go(STEPS[STEPS.indexOf(step) - 1] ?? "audience")}>
                {t("ui.previous")}
              </Button>
            )
          }
        >
          {step === "check" ? (
            <>
              <Button onClick={() => void check()} loading={preview.isPending}>
                {t("sends.check")}
              </Button>
              <Button onClick={() => void save(false)}>{t("sends.save_draft")}</Button>
              <Button
                type="primary"
                disabled={!run || run.reached === 0}
                loading={create.isPending || submit.isPending}
                onClick={() => void save(true)}
              >
                {t("sends.submit")}
              </Button>
            </>
          ) : (
            <Button type="primary" onClick={forward}>
              {t(step === "time" ? "sends.check" : "ui.next")}
            </Button>
          )}
        </StepFoot>
      </Wizard>
    </Sheet>
  )
}

function Labelled(props: { label: string; hint?: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      {props.children(id)}
      {props.hint ? <span className="hint">{props.hint}</span> : null}
    </div>
  )
}

function Audience(props: { value: string | null; onChange: (id: string | null) => void }) {
  const { t } = useTranslation()
  const say = useSay()
  const query = useRead(listSegments, {})
  const rows = (query.data?.rows ?? []).filter((one) => one.broken === null)
  const chosen = rows.find((one) => one.id === props.value)
  return (
    <Section title={t("sends.step_audience")}>
      <div className="stack-s form-column">
        <Labelled label={t("sends.choose_segment")} hint={t("sends.choose_segment_hint")}>
          {(id) => (
            <Select
              id={id}
              loading={query.isPending}
              value={chosen ? props.value : null}
              showSearch={{ optionFilterProp: "label" }}
              options={rows.map((one) => ({ value: one.id, label: one.name }))}
              onChange={props.onChange}
            />
          )}
        </Labelled>
        {chosen ? <p>{say(chosen.sentence)}</p> : null}
        <Link to="/segments/$id" params={{ id: "new" }} search={{}}>
          {t("sends.go_segments")}
        </Link>
      </div>
    </Section>
  )
}

/** The text as it stands on the customer's phone. */
function Phone(props: { text: string }) {
  const { t } = useTranslation()
  const shown = props.text.replace(/\{\{\s*name\s*\}\}/g, t("sends.preview_name"))
  return (
    <figure className="phone" aria-label={t("sends.preview")}>
      <figcaption className="secondary small">{t("sends.preview")}</figcaption>
      <div className="phone-screen">{shown.trim() ? <p className="bubble pre">{shown}</p> : null}</div>
    </figure>
  )
}
