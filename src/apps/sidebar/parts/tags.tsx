import { useState } from "react"
import { assignTag, listTags, removeTag } from "../../../modules/tags/contract.ts"
import { formatTime } from "../../../ui/format.ts"
import { useAct, useRead } from "../lib/client.ts"
import { focusAtOpening } from "../lib/focus.ts"
import { language, t, word } from "../words/use.ts"
import type { Answer, Customer } from "./person.tsx"
import { ActProblem, Failed } from "./states.tsx"

type Worn = Customer["tags"][number]
/** Tags that the search shows at once; a word more narrows it. */
const OFFERED_MAX = 60

/** What the customer wears; whoever may puts a tag on or takes one off, and is asked once before it is gone. */
export function Tags(props: { answer: Answer; customer: Customer; onDone: (said: string) => void }) {
  const { answer, customer } = props
  const [giving, setGiving] = useState(false)
  const [taking, setTaking] = useState<Worn | null>(null)
  const remove = useAct(removeTag)
  const taken = (tag: Worn) => {
    setTaking(null)
    props.onDone(t("tag_taken", { tag: tag.name }))
  }
  const take = async (tag: Worn) => {
    const answered = await remove.run({ params: { id: tag.tag_id }, body: { customer_ids: [customer.id] } })
    if (answered) taken(tag)
  }
  const from = (tag: Worn) =>
    [tag.group, word("tag_source", tag.source), formatTime(tag.assigned_at, answer.shop_now, language)].join(
      " · ",
    )
  return (
    <section className="part" aria-labelledby="tags-title">
      <div className="row">
        <h2 id="tags-title">{t("tags")}</h2>
        <span className="grow" />
        {answer.may.tag ? (
          <button
            type="button"
            className="button link"
            aria-expanded={giving}
            onClick={() => setGiving(!giving)}
          >
            {t(giving ? "close" : "give_tag")}
          </button>
        ) : null}
      </div>
      {customer.tags.length === 0 ? <p className="secondary">{t("no_tags")}</p> : null}
      <ul className="row chips">
        {customer.tags.map((tag) => (
          <li key={tag.tag_id} className="chip" title={from(tag)}>
            <span className="name">{tag.name}</span>
            {answer.may.tag && tag.may_take ? (
              <button
                type="button"
                aria-label={t("take_tag", { tag: tag.name })}
                onClick={() => {
                  remove.forget()
                  setTaking(tag)
                }}
              >
                ×
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      {taking ? (
        <div className="band warn row" role="alertdialog" aria-label={t("take_sure", { tag: taking.name })}>
          <span>{t("take_sure", { tag: taking.name })}</span>
          <button
            type="button"
            className="button danger"
            disabled={remove.busy}
            onClick={() => void take(taking)}
          >
            {t("take")}
          </button>
          <button type="button" className="button" ref={focusAtOpening} onClick={() => setTaking(null)}>
            {t("keep")}
          </button>
          <ActProblem act={remove} onDone={() => taken(taking)} />
        </div>
      ) : null}
      {giving ? (
        <Give
          customer={customer}
          role={answer.me.role}
          onGiven={(name) => {
            setGiving(false)
            props.onDone(t("tag_given", { tag: name }))
          }}
        />
      ) : null}
    </section>
  )
}

function Give(props: { customer: Customer; role: Answer["me"]["role"]; onGiven: (name: string) => void }) {
  const { customer, role } = props
  const { answer, error, reload } = useRead(listTags, {})
  const [typed, setTyped] = useState("")
  const [asked, setAsked] = useState("")
  const assign = useAct(assignTag)
  const worn = new Set(customer.tags.map((tag) => tag.tag_id))
  const give = async (tag: { id: string; name: string }) => {
    setAsked(tag.name)
    const answered = await assign.run({ params: { id: tag.id }, body: { customer_ids: [customer.id] } })
    if (answered) props.onGiven(tag.name)
  }
  const groups = (answer?.groups ?? [])
    .filter((group) => role === "owner" || group.roles === null || group.roles.includes(role))
    .map((group) => ({
      ...group,
      tags: group.tags.filter(
        (tag) =>
          tag.retired_at === null && !worn.has(tag.id) && `${group.name}${tag.name}`.includes(typed.trim()),
      ),
    }))
    .filter((group) => group.tags.length > 0)
  let left = OFFERED_MAX
  return (
    <div className="give">
      <input
        ref={focusAtOpening}
        type="search"
        aria-label={t("find_tag")}
        placeholder={t("find_tag")}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <ActProblem act={assign} onDone={() => props.onGiven(asked)} />
      {error ? <Failed error={error} onRetry={reload} small /> : null}
      {answer && groups.length === 0 ? <p className="secondary">{t("no_such_tag")}</p> : null}
      {groups.map((group) => {
        const shown = group.tags.slice(0, Math.max(0, left))
        left -= shown.length
        return shown.length === 0 ? null : (
          <fieldset key={group.id} className="chips-of">
            <legend className="secondary small">{group.name}</legend>
            {shown.map((tag) => (
              <button
                key={tag.id}
                type="button"
                className="chip"
                title={tag.definition}
                disabled={assign.busy}
                onClick={() => void give(tag)}
              >
                {tag.name}
              </button>
            ))}
          </fieldset>
        )
      })}
    </div>
  )
}
