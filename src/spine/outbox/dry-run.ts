import { dayNumber } from "../../kernel/day.ts"
import { type Queryable, rows } from "../../platform/db.ts"
import { judge, Params } from "./judge.ts"
import { capsOn, limitsOn, platformLimits } from "./limit-table.ts"
import { PLAN_DAYS_MAX } from "./limits.ts"
import { byteLength, type Nature, nextAllowed } from "./rules.ts"
import type { AudienceSql } from "./sends.ts"
import { accountColumns, type SenderAccount, type World } from "./world.ts"

export type DryRun = {
  people: number
  /** Who would get it, and who not and why; with `people` they add up. */
  reached: number
  left_out: { reason: string; people: number }[]
  /** When it would begin, after quiet hours. */
  starts_at: Date
  moved_by_quiet_hours: boolean
  days: { day: number; people: number; parcels: number }[]
  accounts: {
    account_id: string
    name: string
    people: number
    quota: number
    used: number
    days: number
    parcels: number
    /** What its channel cannot do; a person does it then. */
    by_hand: boolean
  }[]
  parcels: number
  by_hand: number
  text_bytes: number
  /** The narrowest channel concerned, where one says how long a text may be. */
  text_bytes_max: number | null
}

/**
 * What a send would come to if it were planned now, with exact numbers: nothing is written and nothing reserved, so that what
 * others plan in the meantime changes it.
 */
export async function dryRun(
  q: Queryable,
  world: World,
  send: {
    audience: AudienceSql
    nature: Nature
    account_function: string | null
    text: string
    at: Date
    expires_at: Date
  },
  now: Date,
): Promise<DryRun> {
  const wanted = send.at > now ? send.at : now
  const caps = await capsOn(q, wanted)
  const starts_at = send.nature === "answer" ? wanted : nextAllowed(wanted, caps)
  const accounts = await world.accounts(q)
  const found = await verdicts(q, world, accounts, send, starts_at)
  const first = dayNumber(starts_at)
  const last = Math.min(dayNumber(new Date(send.expires_at.getTime() - 1)), first + PLAN_DAYS_MAX)
  const used = await usedOf(q, first, last)
  const byDay = new Map<number, { people: number; parcels: number }>()
  let noRoom = 0
  const mine = found
    .filter((f) => f.verdict === null && f.account_id !== null)
    .map((f) => {
      const account = accounts.find((a) => a.id === f.account_id)!
      const size = world.channels.get(account.channel)?.parcel_size("send_private") ?? 0
      const spread = spreadOver(f.n, account, used, first, last)
      noRoom += f.n - spread.reduce((s, d) => s + d.people, 0)
      for (const d of spread) {
        const sum = byDay.get(d.day) ?? { people: 0, parcels: 0 }
        byDay.set(d.day, {
          people: sum.people + d.people,
          parcels: sum.parcels + (size > 0 ? Math.ceil(d.people / size) : 0),
        })
      }
      return {
        account_id: account.id,
        name: account.name,
        people: f.n,
        quota: account.quotas.private_messages,
        used: used.get(`${account.id} ${first}`) ?? 0,
        days: spread.length,
        parcels: size > 0 ? spread.reduce((s, d) => s + Math.ceil(d.people / size), 0) : 0,
        by_hand: !world.channels.get(account.channel)?.can("send_private") || account.channel === "manual",
      }
    })
  const people = found.reduce((s, f) => s + f.n, 0)
  const left = found.flatMap((f) => (f.verdict === null ? [] : [{ reason: f.verdict, people: f.n }]))
  if (noRoom > 0) left.push({ reason: "no_room", people: noRoom })
  return {
    people,
    reached: people - left.reduce((s, l) => s + l.people, 0),
    left_out: merge(left),
    starts_at,
    moved_by_quiet_hours: starts_at.getTime() !== wanted.getTime(),
    days: [...byDay].map(([day, d]) => ({ day, ...d })).sort((a, b) => a.day - b.day),
    accounts: mine,
    parcels: mine.reduce((s, a) => s + a.parcels, 0),
    by_hand: mine.filter((a) => a.by_hand).reduce((s, a) => s + a.people, 0),
    text_bytes: byteLength(send.text),
    text_bytes_max: await textLimit(q, world, accounts, wanted),
  }
}

function merge(list: { reason: string; people: number }[]): { reason: string; people: number }[] {
  const sums = new Map<string, number>()
  for (const l of list) sums.set(l.reason, (sums.get(l.reason) ?? 0) + l.people)
  return [...sums]
    .map(([reason, people]) => ({ reason, people }))
    .sort((a, b) => (a.reason < b.reason ? -1 : 1))
}

type Verdict = { account_id: string | null; verdict: string | null; n: number }

function verdicts(
  q: Queryable,
  world: World,
  accounts: SenderAccount[],
  send: { audience: AudienceSql; nature: Nature; account_function: string | null; expires_at: Date },
  starts_at: Date,
): Promise<Verdict[]> {
  return capsOn(q, starts_at).then((caps) => {
    const p = new Params()
    p.values.push(...send.audience.params)
    const judged = judge(p, {
      candidates: `select customer_id from (${send.audience.sql}) audience`,
      contacts: world.contacts,
      accounts: accountColumns(accounts),
      caps,
      same: {
        day: dayNumber(starts_at),
        columns: {
          cause_kind: "'send'",
          cause_id: "null::uuid",
          part: "null::date",
          visit: "0",
          message_id: "null::uuid",
          account_function: `${p.add(send.account_function)}::text`,
          due_at: "null::timestamptz",
          expires_at: "null::timestamptz",
          selling: String(send.nature === "selling"),
          day: `${p.add(dayNumber(starts_at))}::int`,
        },
      },
    })
    return rows<Verdict>(
      q,
      `with ${judged} select case when verdict is null then account_id end as account_id, verdict, count(*)::int as n from weighed group by 1, 2`,
      p.values,
    )
  })
}

async function usedOf(q: Queryable, first: number, last: number): Promise<Map<string, number>> {
  const found = await rows<{ account_id: string; day: number; used: number }>(
    q,
    "select account_id, day, used from outbox_use where class = 'private_messages' and day between $1 and $2",
    [first, last],
  )
  return new Map(found.map((f) => [`${f.account_id} ${f.day}`, f.used]))
}

/** Pure: on which days so many people find room with an account. */
export function spreadOver(
  people: number,
  account: SenderAccount,
  used: ReadonlyMap<string, number>,
  first: number,
  last: number,
): { day: number; people: number }[] {
  const days: { day: number; people: number }[] = []
  let left = people
  for (let day = first; day <= last && left > 0; day++) {
    const room = Math.max(0, account.quotas.private_messages - (used.get(`${account.id} ${day}`) ?? 0))
    const here = Math.min(room, left)
    if (here > 0) days.push({ day, people: here })
    left -= here
  }
  return days
}

/** The dated table first, since a team may have corrected it; a channel without a limit of its own has none. */
async function textLimit(
  q: Queryable,
  world: World,
  accounts: readonly SenderAccount[],
  at: Date,
): Promise<number | null> {
  const names = new Set(accounts.map((a) => a.channel))
  const stated = platformLimits(await limitsOn(q, at), "mass_send.text").filter((l) =>
    names.has(l.name.slice(0, l.name.indexOf("."))),
  )
  if (stated.length > 0) return Math.min(...stated.map((l) => l.value))
  const channels = [...names].flatMap((c) => world.channels.get(c) ?? [])
  const values = channels.flatMap((c) =>
    c.limits.filter((l) => l.name === "mass_send.text" && l.unit === "bytes").map((l) => l.value),
  )
  return values.length > 0 ? Math.min(...values) : null
}
