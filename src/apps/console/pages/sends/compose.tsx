import { LeftOutlined } from "@ant-design/icons"
import { Link, useNavigate } from "@tanstack/react-router"
import { Button } from "antd"
import { useState } from "react"
import { CallRefused } from "../../../../kernel/client.ts"
import {
  createSendEndpoint,
  oneSend,
  previewSend,
  saveSend,
  submitSend,
} from "../../../../modules/sends/contract.ts"
import { formatNumber } from "../../../../ui/format.ts"
import { useNow } from "../../../../ui/now.tsx"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { SavedMeanwhile } from "../../../../ui/saved-meanwhile.tsx"
import { Loading, problemText, Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { StepFoot, Wizard } from "../../../../ui/wizard.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { call, useChange, useRead } from "../../lib/client.ts"
import { useAddress } from "../../lib/search.ts"
import { UnsavedGuard } from "../../lib/unsaved.tsx"
import { AudienceStep, ContentStep, Phone, TimeStep } from "./compose-steps.tsx"
import {
  bodyOf,
  draftOf,
  missingIn,
  newDraft,
  type SendDraft,
  STEPS,
  type Step,
  type StoredSend,
} from "./draft.ts"
import { type DryRun, DryRunReport } from "./dry-run.tsx"

/** A new send, a copy of another (`?copy=`), or a draft opened again (`?draft=`). */
export function Page() {
  const [address] = useAddress()
  const now = useNow()
  const source = address.draft ?? address.copy
  const stored = useRead(oneSend, { params: { id: source ?? "" } }, { enabled: source !== undefined })
  if (!source) return <Compose stored={null} first={newDraft(now, address.segment ?? null)} />
  return (
    <Ready query={stored}>
      {({ send }) => (
        <Compose
          key={source}
          stored={address.draft ? { id: send.id, revision: send.revision } : null}
          first={draftOf(send, now)}
        />
      )}
    </Ready>
  )
}

/** A draft that the server has, by the saving that one's changes are based on. */
type Stored = { id: string; revision: number }

/** Audience, text, time, and what will come of it: nothing is stored before the last step. */
function Compose(props: { stored: Stored | null; first: SendDraft }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const now = useNow()
  const [address, setAddress] = useAddress()
  const [stored, setStored] = useState(props.stored)
  const [saved, setSaved] = useState(props.first)
  const [draft, setDraft] = useState(saved)
  const [problem, setProblem] = useState<string | null>(null)
  const [run, setRun] = useState<DryRun | null>(null)
  const [theirs, setTheirs] = useState<StoredSend | null>(null)
  const preview = useChange(previewSend)
  const create = useChange(createSendEndpoint, ["sends"])
  const saveAgain = useChange(saveSend, ["sends"])
  const submit = useChange(submitSend, ["sends"])
  const step: Step = STEPS.find((one) => one === address.step) ?? "audience"
  const change = (part: Partial<SendDraft>) => {
    setProblem(null)
    setRun(null)
    setDraft((before) => ({ ...before, ...part }))
  }

  const go = (to: Step) => {
    setProblem(null)
    setAddress({ step: to })
  }
  const stopAt = (of: Step): boolean => {
    const wanting = missingIn(draft, of)
    if (!wanting) return false
    setAddress({ step: of })
    setProblem(t(wanting))
    return true
  }
  const check = async () => {
    if (STEPS.some(stopAt)) return
    go("check")
    setRun(null)
    try {
      setRun(await preview.mutateAsync({ body: bodyOf(draft) }))
    } catch (error) {
      setProblem(problemText(error))
    }
  }
  const forward = () => {
    if (stopAt(step)) return
    const next = STEPS[STEPS.indexOf(step) + 1] ?? "check"
    if (next === "check") void check()
    else go(next)
  }
  /** `over`: the saving that is knowingly replaced. */
  const save = async (submitting: boolean, over = stored?.revision) => {
    setProblem(null)
    setTheirs(null)
    if (STEPS.some(stopAt)) return
    try {
      const body = bodyOf(draft)
      // Saved but not submitted (the time is over, say): the next press changes this draft and makes no second one.
      const kept = stored
        ? await saveAgain.mutateAsync({
            params: { id: stored.id },
            body: { ...body, ...(over === undefined ? {} : { based_on: over }) },
          })
        : await create.mutateAsync({ body })
      setStored(kept)
      setSaved(draft)
      if (submitting) await submit.mutateAsync({ params: { id: kept.id } })
      toast(t(submitting ? "sends.submitted" : "sends.draft_saved"))
      await navigate({ to: "/sends/$id", params: { id: kept.id }, search: {}, ignoreBlocker: true })
    } catch (error) {
      setProblem(problemText(error))
      if (!stored || !(error instanceof CallRefused) || error.problem.code !== "version_changed") return
      // Where theirs cannot be read now, the refusal still stands.
      const newest = await call(oneSend, { params: { id: stored.id } }).catch(() => null)
      if (!newest) return
      setTheirs(newest.send)
      setProblem(null)
    }
  }
  const take = (newest: StoredSend) => {
    const taken = draftOf(newest, now)
    setDraft(taken)
    setSaved(taken)
    setRun(null)
    setStored({ id: newest.id, revision: newest.revision })
    setTheirs(null)
  }

  return (
    <Sheet
      title={t(props.stored ? "sends.edit_title" : "sends.make")}
      back={
        <Link to="/sends" className="small">
          <LeftOutlined /> {t("sends.back")}
        </Link>
      }
    >
      <UnsavedGuard dirty={draft !== saved} />
      <Wizard
        current={step}
        steps={STEPS.map((key) => ({ key, title: t(`sends.step_${key}`) }))}
        consequence={<Consequence run={run} text={draft.text} />}
      >
        {step === "audience" ? <AudienceStep draft={draft} onChange={change} /> : null}
        {step === "content" ? <ContentStep draft={draft} onChange={change} /> : null}
        {step === "time" ? <TimeStep draft={draft} onChange={change} /> : null}
        {step !== "check" ? null : run ? (
          <DryRunReport run={run} />
        ) : preview.isPending ? (
          <Loading rows={6} />
        ) : null}
        {theirs ? (
          <SavedMeanwhile
            busy={saveAgain.isPending}
            onMine={() => void save(false, theirs.revision)}
            theirs={<Button onClick={() => take(theirs)}>{t("ui.take_theirs")}</Button>}
          >
            <p>{t("sends.conflict")}</p>
            <p className="secondary">
              {theirs.name} · {theirs.text}
            </p>
          </SavedMeanwhile>
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
                loading={create.isPending || saveAgain.isPending || submit.isPending}
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

/** Always in sight: whom it reaches, in how many parcels and days, and how it looks on a phone. */
function Consequence(props: { run: DryRun | null; text: string }) {
  const { t } = useTranslation()
  const { run } = props
  return (
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
      <Phone text={props.text} />
    </div>
  )
}
