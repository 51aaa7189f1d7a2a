import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { CallRefused } from "../../../../kernel/client.ts"
import type { ConditionTree } from "../../../../kernel/tree.ts"
import { countSegment, previewSegment } from "../../../../modules/segments/contract.ts"
import { formatNumber, MISSING } from "../../../../ui/format.ts"
import { Stat } from "../../../../ui/stat.tsx"
import { Loading, problemText } from "../../../../ui/states.tsx"
import { Why } from "../../../../ui/why.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { call } from "../../lib/client.ts"
import { useSettled } from "../../lib/settled.ts"
import { useSay } from "../../lib/words.ts"
import { WhyFacts } from "../customers/values.tsx"

const COUNT_AFTER_MS = 200
const SAMPLE_AFTER_MS = 700
const SAMPLE = 5

/** Beside the builder: how many, what the rule says in one sentence, and a few people with the reasons. */
export function Live(props: { rule: ConditionTree | null; everybody: boolean }) {
  const { t } = useTranslation()
  const say = useSay()
  const rule = useSettled(props.rule, COUNT_AFTER_MS)
  const count = useQuery({
    queryKey: [countSegment.id, rule],
    queryFn: ({ signal }) => call(countSegment, { body: { rule: rule ?? { all: [] } }, signal }),
    enabled: rule !== null,
    placeholderData: (before) => before,
    retry: false,
  })
  const waiting = props.rule === null
  return (
    <div className="stack">
      <div aria-live="polite">
        {count.error ? (
          <p className="danger">{problemText(count.error)}</p>
        ) : (
          <Stat
            big
            label={t("segments.count")}
            definition={t("segments.count_definition")}
            value={
              <span className={count.isPlaceholderData || waiting ? "secondary" : ""}>
                {count.data ? formatNumber(count.data.count) : MISSING}
              </span>
            }
            {...(count.data ? { at: count.data.as_of.at } : {})}
            note={
              waiting
                ? t("segments.incomplete")
                : count.data?.count === 0
                  ? t("segments.nobody")
                  : props.everybody
                    ? t("segments.everybody")
                    : undefined
            }
          />
        )}
      </div>
      <div>
        <h3>{t("segments.sentence")}</h3>
        <p>{count.data && !waiting ? say(count.data.sentence) : MISSING}</p>
      </div>
      <Sample rule={props.rule} />
    </div>
  )
}

function Sample(props: { rule: ConditionTree | null }) {
  const { t } = useTranslation()
  const say = useSay()
  const rule = useSettled(props.rule, SAMPLE_AFTER_MS)
  const sample = useQuery({
    queryKey: [previewSegment.id, rule],
    queryFn: ({ signal }) =>
      call(previewSegment, { body: { rule: rule ?? { all: [] }, sample: SAMPLE }, signal }),
    enabled: rule !== null,
    placeholderData: (before) => before,
    retry: false,
  })
  if (sample.error instanceof CallRefused) return null
  if (!sample.data) return rule === null ? null : <Loading rows={3} />
  if (sample.data.sample.length === 0) return null
  return (
    <div>
      <h3>{t("segments.sample")}</h3>
      <ul className="stack-s">
        {sample.data.sample.map((one) => (
          <li key={one.customer_id} className="row">
            <Link to="/customers/$id" params={{ id: one.customer_id }} search={{}} className="name">
              {one.name || MISSING}
            </Link>
            <Why of={`${t("segments.matched_because")} · ${one.name}`}>
              {one.reasons.map((reason) => (
                <div key={reason.path}>
                  <p>
                    <span aria-hidden="true">{reason.holds ? "✓ " : "✗ "}</span>
                    {say(reason.sentence)}
                  </p>
                  {reason.values.map((v) => (
                    <WhyFacts key={v.trait} why={{ [say(v.label)]: v.value }} />
                  ))}
                </div>
              ))}
            </Why>
          </li>
        ))}
      </ul>
    </div>
  )
}
