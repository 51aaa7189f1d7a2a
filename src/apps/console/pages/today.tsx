import { Link } from "@tanstack/react-router"
import { Button, Form, Input, Segmented } from "antd"
import { type ReactNode, useState } from "react"
import type { CallAnswer } from "../../../kernel/client.ts"
import { finish, today } from "../../../modules/plans/contract.ts"
import { Badge } from "../../../ui/badge.tsx"
import { FormDrawer } from "../../../ui/form-drawer.tsx"
import { formatNumber, formatTime, MISSING } from "../../../ui/format.ts"
import { useLanguage, useNow } from "../../../ui/now.tsx"
import { Section, Page as Sheet } from "../../../ui/page.tsx"
import { Empty, problemText, Ready } from "../../../ui/states.tsx"
import { toast } from "../../../ui/toast.tsx"
import { Why } from "../../../ui/why.tsx"
import { useTranslation } from "../../../ui/words/use.ts"
import { useChange, useRead } from "../lib/client.ts"
import { useAddress } from "../lib/search.ts"
import { useSession } from "../lib/session.tsx"
import { useCodeWord } from "../lib/words.ts"
import { Runs } from "./today-runs.tsx"

type Assignment = CallAnswer<typeof today>["rows"][number]
const REFRESH_MS = 15_000
const FIRST_SHOWN = 40
const LATE_SHOWN = 20
/** Beyond it the day is not worked off from one page. */
const SHOWN_MAX = 200

/** The day: what waits for me by time, what runs by itself, what is late. */
export function Page() {
  const { t } = useTranslation()
  const { user } = useSession()
  const [address, change] = useAddress()
  // Whoever answers for others sees the team's day first; an empty page of their own would tell them nothing.
  const everyone = user.scope !== "own" && address.whose !== "mine"
  const mine = everyone ? "false" : "true"
  const [shown, setShown] = useState(FIRST_SHOWN)
  const waiting = useRead(
    today,
    { query: { mine, part: "waiting", limit: shown } },
    { every_ms: REFRESH_MS, keep: true },
  )
  const late = useRead(
    today,
    { query: { mine, part: "late", limit: LATE_SHOWN } },
    { every_ms: REFRESH_MS, keep: true },
  )
  const [finishing, setFinishing] = useState<Assignment | null>(null)
  const tick = useChange(finish, ["plans", "customers"])
  const done = async (one: Assignment, evidence: string | null) => {
    await tick.mutateAsync({ params: { id: one.id }, body: { evidence } })
    toast(t("plans.done_now"))
  }
  const press = (one: Assignment) => {
    if (one.evidence !== "none") return setFinishing(one)
    done(one, null).catch((error: unknown) => toast(problemText(error), "bad"))
  }
  return (
    <Sheet
      title={t("plans.title")}
      purpose={t("plans.purpose")}
      actions={
        user.scope === "own" ? null : (
          <Segmented
            aria-label={t("plans.whose")}
            value={everyone ? "all" : "mine"}
            options={[
              { value: "mine", label: t("plans.mine") },
              { value: "all", label: t("plans.everyone") },
            ]}
            onChange={(value) => change({ whose: value === "mine" ? "mine" : undefined }, { replace: true })}
          />
        )
      }
    >
      <div className="day">
        <Ready query={waiting}>
          {({ rows, counts }) => (
            <Section
              title={t("plans.waits")}
              extra={
                <span className="secondary small num">
                  {t("plans.day_counts", {
                    waiting: formatNumber(counts.waiting),
                    done: formatNumber(counts.done),
                  })}
                </span>
              }
            >
              <List
                rows={rows}
                showWho={everyone}
                onDone={press}
                empty={<Empty title={t("plans.waits_empty")}>{t("plans.waits_empty_text")}</Empty>}
              />
              {counts.waiting > rows.length && shown < SHOWN_MAX ? (
                <Button onClick={() => setShown(Math.min(shown + FIRST_SHOWN, SHOWN_MAX))}>
                  {t("plans.more_waiting", { n: formatNumber(counts.waiting - rows.length) })}
                </Button>
              ) : null}
            </Section>
          )}
        </Ready>
        <Runs />
        <Ready query={late}>
          {({ rows, counts }) => (
            <Section
              title={t("plans.late")}
              extra={
                counts.late > rows.length ? (
                  <span className="secondary small num">
                    {t("plans.late_first", { n: formatNumber(rows.length), of: formatNumber(counts.late) })}
                  </span>
                ) : null
              }
            >
              <List
                rows={rows}
                showWho={everyone}
                onDone={press}
                empty={<p className="secondary">{t("plans.late_empty")}</p>}
              />
            </Section>
          )}
        </Ready>
      </div>
      <FormDrawer<{ evidence: string }>
        open={finishing !== null}
        title={t("plans.finish_title", { title: finishing?.title ?? "" })}
        verb={t("plans.done_verb")}
        onClose={() => setFinishing(null)}
        onSubmit={async ({ evidence }) => {
          if (finishing) await done(finishing, evidence)
          setFinishing(null)
        }}
      >
        <Form.Item
          name="evidence"
          label={t("plans.evidence")}
          extra={t(
            finishing?.evidence === "screenshot" ? "plans.evidence_screenshot" : "plans.evidence_text",
          )}
          rules={[{ required: true, message: t("ui.required") }]}
        >
          <Input.TextArea autoSize={{ minRows: 3 }} />
        </Form.Item>
      </FormDrawer>
    </Sheet>
  )
}

function List(props: {
  rows: Assignment[]
  showWho: boolean
  onDone: (one: Assignment) => void
  empty: ReactNode
}) {
  if (props.rows.length === 0) return <>{props.empty}</>
  return (
    <ul className="todo">
      {props.rows.map((one) => (
        <Todo key={one.id} one={one} showWho={props.showWho} onDone={() => props.onDone(one)} />
      ))}
    </ul>
  )
}

function Todo(props: { one: Assignment; showWho: boolean; onDone: () => void }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const word = useCodeWord()
  const now = useNow()
  const language = useLanguage()
  const { one } = props
  return (
    <li>
      <div className="row">
        <strong className="name">{one.title}</strong>
        <span className="grow" />
        {one.state === "missed" ? <Badge tone="bad">{t("plans.late")}</Badge> : null}
        <span className={one.late ? "danger small" : "secondary small"}>
          {t("plans.due", { at: formatTime(one.due_at, now, language) })}
        </span>
      </div>
      {one.script ? (
        <details open={one.script.length < 120}>
          <summary className="secondary small">{t("plans.script")}</summary>
          <p className="script pre">{one.script}</p>
        </details>
      ) : null}
      <div className="row">
        {can("plans.write") && (one.state === "open" || one.state === "missed") ? (
          <Button
            size="small"
            type="primary"
            onClick={props.onDone}
            aria-label={`${t("plans.done_verb")}: ${one.title}`}
          >
            {t("plans.done_verb")}
          </Button>
        ) : null}
        {one.script ? (
          <Button
            size="small"
            onClick={() =>
              void navigator.clipboard?.writeText(one.script).then(() => toast(t("plans.copied")))
            }
          >
            {t("plans.copy")}
          </Button>
        ) : null}
        {one.customer_id ? (
          <Link to="/customers/$id" params={{ id: one.customer_id }} search={{}}>
            {t("plans.customer")}
          </Link>
        ) : null}
        {one.reason ? (
          <Why of={t("plans.why")}>
            <p>{word("left_out", one.reason)}</p>
          </Why>
        ) : null}
        {props.showWho ? <span className="secondary small name">{one.assignee_name ?? MISSING}</span> : null}
      </div>
    </li>
  )
}
