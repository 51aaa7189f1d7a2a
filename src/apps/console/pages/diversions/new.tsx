import { LeftOutlined } from "@ant-design/icons"
import { Link, useNavigate } from "@tanstack/react-router"
import { Button, Input, Select } from "antd"
import { useMemo, useState } from "react"
import { dayNumber, dayString } from "../../../../kernel/day.ts"
import { NAME_HOLE } from "../../../../kernel/holes.ts"
import { listAccounts } from "../../../../modules/accounts/contract.ts"
import { makeDiversion, previewDiversion } from "../../../../modules/plans/diversions/contract.ts"
import { listSegments } from "../../../../modules/segments/contract.ts"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { DayField } from "../../../../ui/day-field.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { LabelledField } from "../../../../ui/labelled-field.tsx"
import { useLanguage, useNow } from "../../../../ui/now.tsx"
import { Section, Page as Sheet } from "../../../../ui/page.tsx"
import { problemText } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useAddress } from "../../lib/search.ts"
import { UnsavedGuard } from "../../lib/unsaved.tsx"
import { useSay } from "../../lib/words.ts"
import { Days } from "./days.tsx"

type Draft = {
  segment_id: string | null
  account_ids: string[]
  from: string | undefined
  name: string
  opening: string
}
type Preview = NonNullable<ReturnType<typeof useChange<typeof previewDiversion>>["data"]>

/** Whom, by which accounts, from which day, with which words; then the numbers, and only then it is made. */
export function Page() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [address] = useAddress()
  const now = useNow()
  const language = useLanguage()
  const [first] = useState<Draft>(() => ({
    segment_id: address.segment ?? null,
    account_ids: [],
    from: dayString(dayNumber(now)),
    name: "",
    opening: t("diversions.opening_first", { hole: NAME_HOLE[language] }),
  }))
  const [draft, setDraft] = useState(first)
  const [problem, setProblem] = useState<string | null>(null)
  const [shown, setShown] = useState<Preview | null>(null)
  const [asking, setAsking] = useState(false)
  const preview = useChange(previewDiversion)
  const make = useChange(makeDiversion, ["plans"])
  const change = (part: Partial<Draft>) => {
    setProblem(null)
    setShown(null)
    setDraft((before) => ({ ...before, ...part }))
  }
  const ask = {
    segment_id: draft.segment_id ?? "",
    account_ids: draft.account_ids,
    ...(draft.from ? { from: draft.from } : {}),
  }
  const check = async () => {
    if (!draft.segment_id) return setProblem(t("diversions.no_segment"))
    if (draft.account_ids.length === 0) return setProblem(t("diversions.no_account"))
    if (draft.name.trim() === "") return setProblem(t("diversions.no_name"))
    if (draft.opening.trim() === "") return setProblem(t("diversions.no_opening"))
    try {
      setShown(await preview.mutateAsync({ body: ask }))
    } catch (error) {
      setProblem(problemText(error))
    }
  }
  return (
    <Sheet
      title={t("diversions.make")}
      back={
        <Link to="/diversions" search={{}} className="small">
          <LeftOutlined /> {t("diversions.title")}
        </Link>
      }
    >
      <UnsavedGuard dirty={draft !== first} />
      <Section title={t("diversions.who_and_by")}>
        <Fields draft={draft} onChange={change} today={first.from ?? ""} />
        <p className="danger form-said" role="alert">
          {problem}
        </p>
        <Button type={shown ? "default" : "primary"} loading={preview.isPending} onClick={() => void check()}>
          {t("diversions.check")}
        </Button>
      </Section>
      {shown ? (
        <Outcome shown={shown} chosen={draft.account_ids}>
          <Button type="primary" disabled={shown.placed === 0} onClick={() => setAsking(true)}>
            {t("diversions.confirm", { n: formatNumber(shown.placed) })}
          </Button>
        </Outcome>
      ) : null}
      <ConfirmConsequence
        open={asking}
        title={t("diversions.confirm_title", {
          n: formatNumber(shown?.placed ?? 0),
          accounts: draft.account_ids.length,
          days: formatNumber(shown?.days_in_all ?? 0),
        })}
        verb={t("diversions.confirm_verb")}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          const made = await make.mutateAsync({
            body: { ...ask, name: draft.name.trim(), opening: draft.opening.trim() },
          })
          toast(t("diversions.made_toast", { n: formatNumber(made.people) }))
          await navigate({ to: "/diversions/$id", params: { id: made.id }, search: {}, ignoreBlocker: true })
        }}
      >
        <p>{t("diversions.confirm_text", { day: shown?.last_day ?? "" })}</p>
      </ConfirmConsequence>
    </Sheet>
  )
}

function Fields(props: { draft: Draft; onChange: (part: Partial<Draft>) => void; today: string }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const say = useSay()
  const { draft, onChange } = props
  const segments = useRead(listSegments, {})
  const accounts = useRead(listAccounts, { query: { state: "in_use", hazard: "none" } })
  const rows = (segments.data?.rows ?? []).filter((one) => one.broken === null)
  const chosen = rows.find((one) => one.id === draft.segment_id)
  return (
    <div className="stack-s form-column">
      <LabelledField label={t("diversions.segment")} hint={t("diversions.segment_hint")}>
        {(id) => (
          <Select
            id={id}
            loading={segments.isPending}
            value={chosen ? draft.segment_id : null}
            showSearch={{ optionFilterProp: "label" }}
            options={rows.map((one) => ({ value: one.id, label: one.name }))}
            onChange={(segment_id) => onChange({ segment_id })}
          />
        )}
      </LabelledField>
      {chosen ? <p>{say(chosen.sentence)}</p> : null}
      <LabelledField label={t("diversions.accounts")} hint={t("diversions.accounts_hint")}>
        {(id) => (
          <Select
            id={id}
            mode="multiple"
            loading={accounts.isPending}
            value={draft.account_ids}
            optionFilterProp="label"
            options={(accounts.data?.rows ?? []).map((one) => ({
              value: one.id,
              label: t("diversions.account_option", { name: one.name, n: one.quotas.friends }),
            }))}
            onChange={(account_ids: string[]) => onChange({ account_ids })}
          />
        )}
      </LabelledField>
      <LabelledField label={t("diversions.from")} hint={t("diversions.from_hint")}>
        {(id) => (
          <DayField id={id} value={draft.from} from={props.today} onChange={(from) => onChange({ from })} />
        )}
      </LabelledField>
      <LabelledField label={t("diversions.name")} hint={t("diversions.name_hint")}>
        {(id) => (
          <Input
            id={id}
            value={draft.name}
            maxLength={60}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </LabelledField>
      <LabelledField
        label={t("diversions.opening")}
        hint={t("diversions.opening_hint", { hole: NAME_HOLE[language] })}
      >
        {(id) => (
          <Input.TextArea
            id={id}
            value={draft.opening}
            maxLength={300}
            autoSize={{ minRows: 2, maxRows: 6 }}
            onChange={(event) => onChange({ opening: event.target.value })}
          />
        )}
      </LabelledField>
    </div>
  )
}

function Outcome(props: { shown: Preview; chosen: string[]; children: React.ReactNode }) {
  const { t } = useTranslation()
  const accounts = useRead(listAccounts, { query: { state: "in_use", hazard: "none" } })
  const { shown, chosen } = props
  const named = useMemo(
    () => (accounts.data?.rows ?? []).filter((one) => chosen.includes(one.id)),
    [accounts.data, chosen],
  )
  return (
    <Section title={t("diversions.outcome")}>
      <div className="stack-s">
        <p>
          <strong>
            {t("diversions.outcome_sentence", {
              audience: formatNumber(shown.audience),
              people: formatNumber(shown.people),
              days: formatNumber(shown.days_in_all),
              last: shown.last_day ?? "",
            })}
          </strong>
        </p>
        {shown.audience > shown.people ? (
          <p className="secondary">
            {t("diversions.skipped", { n: formatNumber(shown.audience - shown.people) })}
          </p>
        ) : null}
        {shown.left > 0 ? (
          <p className="danger">{t("diversions.left", { n: formatNumber(shown.left) })}</p>
        ) : null}
        {shown.days.length > 0 ? <Days days={shown.days} accounts={named} /> : null}
        {shown.days_in_all > shown.days.length ? (
          <p className="secondary small">{t("diversions.first_days", { n: shown.days.length })}</p>
        ) : null}
        <div>{props.children}</div>
      </div>
    </Section>
  )
}
