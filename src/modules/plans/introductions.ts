import { atTime, dayNumber } from "../../kernel/day.ts"
import { type Queryable, rows, type Tx } from "../../platform/db.ts"
import type { Fact, FactHandler } from "../../spine/facts/index.ts"
import {
  assignmentCancelled,
  assignmentDone,
  doneByCause,
  openAssignments,
  reasonsGiven,
  type SenderAccount,
  type World,
} from "../../spine/outbox/index.ts"
import { traitChanged } from "../../spine/traits/index.ts"
import { FUNCTION_OF_STANDING } from "../accounts/index.ts"
import { contactAdded } from "../customers/index.ts"
import { DUE_HOUR, INTRODUCTION_DAYS_MAX } from "./limits.ts"
import { chooseTarget, type Target } from "./rules.ts"
import {
  dropIntroductions,
  type Introduction,
  knownIntroductions,
  lockIntroductions,
  moveIntroductions,
  saveIntroductions,
  takenBy,
} from "./store.ts"

export type IntroductionDeps = {
  world: World
  /** Team of members of staff. */
  teams(q: Queryable): Promise<Map<string, string | null>>
  /** Open customers of accounts. */
  contactCounts(q: Tx, account_ids: string[]): Promise<Map<string, number>>
}

const STANDING = "customers.standing"
const FUNCTION_WORDS: Record<string, string> = {
  ip: "IP 号",
  sales: "成交号",
  member: "会员号",
  agent: "代理号",
}
type Asked = { customer_id: string; function: string; times: number }
/** Asked for again, it is another assignment: one that was closed opens no more. */
const keyOf = ({ customer_id, function: fn, times }: Asked) =>
  `introduction:${customer_id}:${fn}${times > 1 ? `:${times}` : ""}`
function readKey(cause_key: string): { customer_id: string; function: string } | null {
  const [kind, customer_id, fn] = cause_key.split(":")
  return kind === "introduction" && customer_id && fn ? { customer_id, function: fn } : null
}

/** Who changes standing is introduced to the account of the next function; the contact itself closes it. */
export function introductionHandler(deps: IntroductionDeps): FactHandler {
  return {
    name: "plans.introductions",
    types: [traitChanged.type, contactAdded.type, assignmentDone.type, assignmentCancelled.type],
    origins: "live",
    async handle(t, facts, now) {
      await closeReached(t, deps, facts.filter(contactAdded.is), now)
      await noteIntroduced(t, facts.filter(assignmentDone.is), now)
      await noteDropped(t, facts.filter(assignmentCancelled.is), now)
      const wanted = new Map<string, string>()
      for (const f of facts.filter(traitChanged.is)) {
        const fn = f.payload.to === null ? undefined : FUNCTION_OF_STANDING[f.payload.to]
        if (f.payload.trait === STANDING && fn) wanted.set(f.subject, fn)
      }
      await propose(t, deps, wanted, now)
    },
  }
}

type Known = { customer_id: string; account_id: string; name: string | null }

/** Proposes introductions for customers whose function is not served yet by an account that knows them. */
export async function propose(
  t: Tx,
  deps: IntroductionDeps,
  wanted: ReadonlyMap<string, string>,
  now: Date,
): Promise<number> {
  if (wanted.size === 0) return 0
  await lockIntroductions(t)
  const accounts = await deps.world.accounts(t)
  const byId = new Map(accounts.map((a) => [a.id, a]))
  const customers = [...wanted.keys()]
  const contacts = await rows<Known>(
    t,
    `select w.customer_id, w.account_id, w.name from (${deps.world.contacts}) w where w.customer_id = any($1::uuid[]) order by w.added_at desc`,
    [customers],
  )
  const known = await knownIntroductions(t, customers)
  const targets = await targetsOf(t, deps, accounts, now)
  const teams = await deps.teams(t)
  const made: (Introduction & { name: string })[] = []
  for (const [customer_id, fn] of wanted) {
    const mine = contacts.filter((c) => c.customer_id === customer_id)
    const served = mine.some((c) => byId.get(c.account_id)?.functions.includes(fn))
    const from = mine.map((c) => byId.get(c.account_id)).find((a) => a !== undefined)
    const before = known.get(`${customer_id} ${fn}`)
    if (served || !from || (before && !before.dropped)) continue
    const team = from.custodian_staff_id ? (teams.get(from.custodian_staff_id) ?? null) : null
    const list = targets.filter((x) => byId.get(x.account_id)?.functions.includes(fn))
    const choice = chooseTarget(list, team, dayNumber(now), INTRODUCTION_DAYS_MAX)
    if (!choice) continue
    const target = targets.find((x) => x.account_id === choice.account_id)!
    target.taken.set(choice.day, (target.taken.get(choice.day) ?? 0) + 1)
    made.push({
      customer_id,
      function: fn,
      ...choice,
      times: (before?.times ?? 0) + 1,
      assignee_staff_id: from.custodian_staff_id,
      name: mine[0]?.name || "这位客户",
    })
  }
  await saveIntroductions(t, made, now)
  await openAssignments(
    t,
    made.map((i) => ({
      cause_key: keyOf(i),
      kind: "introduction",
      title: `把${i.name}引荐给${FUNCTION_WORDS[i.function]}「${byId.get(i.account_id)!.name}」`,
      script: `建三人群，介绍「${byId.get(i.account_id)!.name}」：${i.name}，这是专门为您服务的同事，之后的问题都可以直接找这位同事。`,
      customer_id: i.customer_id,
      account_id: i.account_id,
      assignee_staff_id: i.assignee_staff_id,
      target: { function: i.function, account_id: i.account_id, day: i.day },
      due_at: atTime(i.day, DUE_HOUR) > now ? atTime(i.day, DUE_HOUR) : atTime(i.day + 1, DUE_HOUR),
    })),
    now,
  )
  return made.length
}

type OpenTarget = Target & { taken: Map<number, number> }

async function targetsOf(
  t: Tx,
  deps: IntroductionDeps,
  accounts: SenderAccount[],
  now: Date,
): Promise<OpenTarget[]> {
  const usable = accounts.filter((a) => a.usable)
  const ids = usable.map((a) => a.id)
  const [taken, counts, teams] = [
    await takenBy(t, ids, dayNumber(now)),
    await deps.contactCounts(t, ids),
    await deps.teams(t),
  ]
  return usable.map((a) => ({
    account_id: a.id,
    team_id: a.custodian_staff_id ? (teams.get(a.custodian_staff_id) ?? null) : null,
    quota: a.quotas.friends,
    open_customers: counts.get(a.id) ?? 0,
    taken: new Map(taken.filter((x) => x.account_id === a.id).map((x) => [x.day, x.n])),
  }))
}

async function closeReached(
  t: Tx,
  deps: IntroductionDeps,
  added: readonly Fact<{ account_id: string }>[],
  now: Date,
) {
  if (added.length === 0) return
  const functions = new Map((await deps.world.accounts(t)).map((a) => [a.id, a.functions]))
  const keys = added.flatMap((f) => {
    const served = functions.get(f.payload.account_id) ?? []
    return served.map((fn) => ({ customer_id: f.subject, function: fn }))
  })
  const closed = await moveIntroductions(t, keys, "closed", now)
  await doneByCause(t, closed.map(keyOf), "contact_exists", now)
}

type OfAssignment = { assignment_id: string; cause_key: string; kind: string }

const introductionOf = ({ cause_key, kind }: OfAssignment) =>
  kind === "introduction" ? readKey(cause_key) : null

async function noteIntroduced(t: Tx, done: readonly Fact<OfAssignment>[], now: Date) {
  const keys = done.flatMap((f) => introductionOf(f.payload) ?? [])
  if (keys.length > 0) await moveIntroductions(t, keys, "introduced", now)
}

/** What somebody skipped will not come about: it neither waits any more nor takes of the account's day. */
async function noteDropped(t: Tx, cancelled: readonly Fact<OfAssignment>[], now: Date) {
  const gone = cancelled.flatMap((f) => {
    const of = introductionOf(f.payload)
    return of ? [{ ...of, assignment_id: f.payload.assignment_id }] : []
  })
  if (gone.length === 0) return
  const reasons = await reasonsGiven(
    t,
    gone.map((g) => g.assignment_id),
  )
  await dropIntroductions(
    t,
    gone.map(({ assignment_id, ...key }) => ({ ...key, reason: reasons.get(assignment_id) ?? null })),
    now,
  )
}
