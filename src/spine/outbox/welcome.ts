import type { Delivery, Parcel } from "../../channels/protocol/index.ts"
import { newId } from "../../kernel/ids.ts"
import { isRefused } from "../../kernel/result.ts"
import { type Db, rows, run, type Tx, tx } from "../../platform/db.ts"
import { append } from "../facts/index.ts"
import { openAssignments } from "./assignments.ts"
import { welcomeMissed, welcomeSent } from "./events.ts"
import { capsOn } from "./limit-table.ts"
import { WELCOME_BATCH, WELCOME_LOST_MS, WELCOME_MARGIN_MS } from "./limits.ts"
import { endOfWork, render } from "./rules.ts"
import type { World } from "./world.ts"

export type Greeting = {
  /** Once for all time. */
  key: string
  customer_id: string
  account_id: string
  external_userid: string
  code: string
  /** Machine time: when the platform stops listening. */
  until: Date
  text: string
}

/** Queues greetings in the lane that waits for nothing. The same key again is the same greeting. */
export async function welcome(t: Tx, world: World, greetings: readonly Greeting[], now: Date): Promise<void> {
  if (greetings.length === 0) return
  await run(
    t,
    `insert into outbox_welcomes (key, customer_id, account_id, ref, code, content, until, made_at, state)
     select g.key, g.customer_id, g.account_id, g.ref, g.code,
       jsonb_build_object('text', g.text, 'name', coalesce(w.name, '')), g.until, $8, 'waiting'
     from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
       g (key, customer_id, account_id, ref, code, text, until)
     left join (${world.contacts}) w on w.customer_id = g.customer_id and w.account_id = g.account_id
     on conflict (key) do nothing`,
    [
      greetings.map((g) => g.key),
      greetings.map((g) => g.customer_id),
      greetings.map((g) => g.account_id),
      greetings.map((g) => g.external_userid),
      greetings.map((g) => g.code),
      greetings.map((g) => g.text),
      greetings.map((g) => g.until.toISOString()),
      now,
    ],
  )
}

type Row = {
  key: string
  customer_id: string
  account_id: string
  ref: string
  code: string
  content: { text: string; name: string }
  until: Date
}

/** Sends what waits and reports what is late. One call a greeting; two workers take different ones. Gives how many it took. */
export async function sendWelcomes(db: Db, world: World, now: Date): Promise<number> {
  const late = await tx(db, (t) => reportLate(t, now))
  const taken = await rows<Row>(
    db,
    `update outbox_welcomes set state = 'sending' where key in (
       select key from outbox_welcomes where state = 'waiting' and until > clock_timestamp() + $1 * interval '1 ms'
       order by until limit $2 for update skip locked)
     returning key, customer_id, account_id, ref, code, content, until`,
    [WELCOME_MARGIN_MS, WELCOME_BATCH],
  )
  const accounts = new Map((await world.accounts(db)).map((a) => [a.id, a]))
  await Promise.all(
    taken.map(async (g) => {
      const account = accounts.get(g.account_id)
      const channel = account && world.channels.get(account.channel)
      const text = render(g.content.text, { name: g.content.name })
      if (!account || !channel?.can("welcome"))
        return tx(db, async (t) => {
          await byHand(t, g, text, account?.custodian_staff_id ?? null, now)
          await end(t, g, "by_hand", "cannot:welcome", now)
        })
      const parcel: Parcel = {
        id: newId(now.getTime()),
        kind: "welcome",
        account_ref: account.ref,
        recipients: [{ key: g.key, ref: g.ref }],
        payload: { code: g.code, expires_at: g.until, content: { text } },
      }
      const delivery = await call(() => channel.deliver(parcel))
      await tx(db, async (t) => {
        const [state, detail] = verdict(delivery, g)
        if (delivery && !isRefused(delivery) && delivery.instructions?.length) {
          await byHand(t, g, text, account.custodian_staff_id, now)
          return end(t, g, "by_hand", null, now)
        }
        await end(t, g, state, detail, now)
      })
    }),
  )
  return late + taken.length
}

async function call<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch {
    // nobody knows whether it went out: told as unknown below
    return null
  }
}

type End = "waiting" | "sent" | "missed" | "failed" | "by_hand" | "unknown"

/** Pure: what an answer makes of a greeting. Only "ask again" from the platform, and only in time, is a reason for another call. */
export function verdict(
  delivery: Delivery | { refused: string } | null,
  g: { until: Date },
  machine_ms = Date.now(),
): [End, string | null] {
  if (delivery === null) return ["unknown", "no_answer"]
  if ("refused" in delivery) return ["failed", delivery.refused]
  const outcome = delivery.outcomes[0]
  if (!outcome || outcome.outcome === "unknown") return ["unknown", outcome?.detail ?? "no_answer"]
  if (outcome.outcome === "accepted") return ["sent", null]
  const { class: kind, code } = outcome.failure
  const inTime = machine_ms + WELCOME_MARGIN_MS < g.until.getTime()
  return kind === "retry_later" && inTime ? ["waiting", code] : ["failed", code]
}

async function end(t: Tx, g: Row, state: End, detail: string | null, now: Date): Promise<void> {
  await run(
    t,
    "update outbox_welcomes set state = $2, detail = $3, ended_at = clock_timestamp() where key = $1 and state = 'sending'",
    [g.key, state, detail],
  )
  if (state !== "waiting" && state !== "by_hand") await tell(t, [{ ...g, state, detail }], now)
}

async function tell(t: Tx, ended: readonly (Row & { state: string; detail: string | null })[], now: Date) {
  await append(
    t,
    ended.map((g) => {
      const payload = { account_id: g.account_id, key: g.key }
      const fact = { subject: g.customer_id, occurred_at: now }
      return g.state === "sent"
        ? welcomeSent.of({ ...fact, payload })
        : welcomeMissed.of({ ...fact, payload: { ...payload, reason: g.detail ?? g.state } })
    }),
  )
}

async function reportLate(t: Tx, now: Date): Promise<number> {
  const late = await rows<Row & { state: string; detail: string | null }>(
    t,
    `update outbox_welcomes set ended_at = clock_timestamp(),
       state = case when state = 'waiting' then 'missed' else 'unknown' end,
       detail = case when state = 'waiting' then 'too_late' else 'worker_gone' end
     where key in (select key from outbox_welcomes
       where state = 'waiting' and until <= clock_timestamp() + $1 * interval '1 ms'
         or state = 'sending' and until < clock_timestamp() - $2 * interval '1 ms'
       order by until limit 500 for update skip locked)
     returning *`,
    [WELCOME_MARGIN_MS, WELCOME_LOST_MS],
  )
  await tell(t, late, now)
  return late.length
}

async function byHand(t: Tx, g: Row, text: string, staff_id: string | null, now: Date): Promise<void> {
  await openAssignments(
    t,
    [
      {
        cause_key: g.key,
        kind: "welcome",
        title: `欢迎新好友${g.content.name}`,
        script: text,
        reason: "cannot:welcome",
        customer_id: g.customer_id,
        account_id: g.account_id,
        assignee_staff_id: staff_id,
        due_at: endOfWork(now, await capsOn(t, now)),
      },
    ],
    now,
  )
}
