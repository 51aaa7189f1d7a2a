import { type KeyboardEvent, useRef, useState } from "react"
import type { CallAnswer } from "../../../kernel/client.ts"
import type { readSidebar } from "../../../modules/sidebar/contract.ts"
import { formatTime } from "../../../ui/format.ts"
import type { Host } from "../lib/host.ts"
import { language, say, t } from "../words/use.ts"
import { Facts } from "./facts.tsx"
import { Scripts } from "./scripts.tsx"
import { Tags } from "./tags.tsx"
import { Todo } from "./todo.tsx"

export type Answer = CallAnswer<typeof readSidebar>
export type Customer = NonNullable<Answer["customer"]>
type Part = "todo" | "scripts" | "facts"
const PARTS: readonly Part[] = ["todo", "scripts", "facts"]
/** Where somebody stands: said at the top. */
const CLASSES = ["customers.stage", "customers.standing", "customers.activity"]

/** One customer: who, how the two stand, the next step, and below it what is to be done, said and known. */
export function Person(props: { answer: Answer; customer: Customer; host: Host; reload: () => void }) {
  const { answer, customer, host } = props
  const [part, setPart] = useState<Part>(customer.assignments.length > 0 ? "todo" : "scripts")
  const [situation, setSituation] = useState<string | null>(customer.next.situation)
  const [said, setSaid] = useState("")
  const panel = useRef<HTMLDivElement>(null)
  const done = (what: string) => {
    setSaid(what)
    props.reload()
  }
  const go = (to: Part) => {
    setPart(to)
    panel.current?.focus()
  }
  const friend = answer.friendship?.state === "friend"
  return (
    <main>
      <Head answer={answer} customer={customer} />
      <Next
        customer={customer}
        onGo={(to) => {
          if (to === "scripts") setSituation(customer.next.situation)
          go(to)
        }}
      />
      <Tags answer={answer} customer={customer} onDone={done} />
      <Tabs part={part} counts={{ todo: customer.assignments.length }} onChoose={setPart} />
      <div
        role="tabpanel"
        id="panel"
        aria-labelledby={`tab-${part}`}
        tabIndex={-1}
        ref={panel}
        className="panel"
      >
        {part === "todo" ? (
          <Todo answer={answer} customer={customer} host={host} friend={friend} onDone={done} />
        ) : null}
        {part === "scripts" ? (
          <Scripts
            account={answer.account}
            situation={situation}
            onSituation={setSituation}
            send={friend ? host.send : null}
            onSaid={setSaid}
          />
        ) : null}
        {part === "facts" ? <Facts answer={answer} customer={customer} /> : null}
      </div>
      <p className={said ? "toast" : "visually-hidden"} role="status">
        {said}
      </p>
    </main>
  )
}

function Head(props: { answer: Answer; customer: Customer }) {
  const { answer, customer } = props
  const { friendship } = answer
  const name = customer.remark || customer.name || t("stranger")
  const at = (moment: Date | null) => formatTime(moment, answer.shop_now, language)
  return (
    <header className="head">
      <div className="row">
        <h1 className="name">{name}</h1>
        {customer.remark && customer.name && customer.remark !== customer.name ? (
          <span className="secondary name">{customer.name}</span>
        ) : null}
      </div>
      <ul className="row badges">
        {CLASSES.map((trait) => customer.traits.find((one) => one.name === trait)).map((trait) =>
          trait?.shown ? (
            <li key={trait.name} className="badge">
              {say(trait.shown)}
            </li>
          ) : null,
        )}
        {customer.opted_out_at ? <li className="badge badge-bad">{t("opted_out_mark")}</li> : null}
      </ul>
      <p className="secondary small">
        {[
          answer.account ? t("account", { name: answer.account.name }) : null,
          friendship?.state === "friend" ? t("friend_since", { at: at(friendship.since) }) : null,
          customer.owner_name ? t("owner", { name: customer.owner_name }) : null,
        ]
          .filter((line) => line !== null)
          .join(" · ")}
      </p>
      {friendship && friendship.state !== "friend" ? (
        <p className="band warn">{t(friendship.state, { at: at(friendship.until) })}</p>
      ) : null}
    </header>
  )
}

/** The one thing to do next, and the way to it. */
function Next(props: { customer: Customer; onGo: (part: Part) => void }) {
  const { next, assignments } = props.customer
  const first = assignments.find((one) => one.id === next.assignment_id)
  return (
    <section className="next" aria-labelledby="next-title">
      <h2 id="next-title" className="secondary small">
        {t("next")}
      </h2>
      <p>
        <strong>{t(`next_${next.step}`)}</strong>
      </p>
      <p className="pre">{t(`next_${next.step}_text`, { title: first?.title ?? "" })}</p>
      <div className="row">
        {first ? (
          <button type="button" className="button button-main" onClick={() => props.onGo("todo")}>
            {t("see_todo")}
          </button>
        ) : null}
        {next.situation ? (
          <button
            type="button"
            className={first ? "button" : "button button-main"}
            onClick={() => props.onGo("scripts")}
          >
            {t("see_words")}
          </button>
        ) : null}
      </div>
    </section>
  )
}

function Tabs(props: { part: Part; counts: { todo: number }; onChoose: (part: Part) => void }) {
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const to = PARTS[(PARTS.indexOf(props.part) + step + PARTS.length) % PARTS.length]!
    props.onChoose(to)
    document.getElementById(`tab-${to}`)?.focus()
  }
  return (
    <div role="tablist" aria-label={t("parts")} className="tabs" onKeyDown={move}>
      {PARTS.map((part) => (
        <button
          key={part}
          type="button"
          role="tab"
          id={`tab-${part}`}
          aria-selected={part === props.part}
          aria-controls="panel"
          tabIndex={part === props.part ? 0 : -1}
          onClick={() => props.onChoose(part)}
        >
          {t(part)}
          {part === "todo" && props.counts.todo > 0 ? (
            <span className="count num">{props.counts.todo}</span>
          ) : null}
        </button>
      ))}
    </div>
  )
}
