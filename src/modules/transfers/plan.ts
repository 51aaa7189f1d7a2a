import type { z } from "zod"
import { DAY_MS } from "../../kernel/day.ts"
import { isRefused, type Refusal, refuse } from "../../kernel/result.ts"
import type { Queryable } from "../../platform/db.ts"
import { audienceWhere } from "../../spine/audiences/index.ts"
import type { Registry } from "../../spine/offers/index.ts"
import { limitsOn, type World } from "../../spine/outbox/index.ts"
import { TRAITS_TABLE } from "../../spine/traits/index.ts"
import { type Account, accountsById, allAccounts } from "../accounts/index.ts"
import { everybodyOf, ownersOf } from "../customers/index.ts"
import { segmentAudience } from "../segments/index.ts"
import { goneStaffRefs, staffNames } from "../staff/index.ts"
import type { who } from "./contract.ts"
import { ACCOUNTS_READ, LIMIT_DAYS, TIMES_IN_90_DAYS, TRANSFER_MAX } from "./limits.ts"
import { type Candidate, type Decision, decide, type Target } from "./rules.ts"
import { audienceIds, candidates } from "./store.ts"

export type TransferDeps = { world: World; registry: () => Registry }
export type Who = z.output<typeof who>

export type Plan = {
  target: Target & { name: string; staff_name: string }
  people: number
  decided: { customer_id: string; owner_staff_id: string | null; decision: Decision }[]
  /** Accounts whose own person the channel says is gone. */
  gone: ReadonlySet<string>
}

/**
 * What a transfer would do, customer by customer. Refused: an account that cannot take customers (`account_unknown`, `account_stopped`,
 * `account_unheld`), a segment that is gone, more people than TRANSFER_MAX, and another number of people than was named.
 */
export async function planTransfer(
  q: Queryable,
  deps: TransferDeps,
  asked: { who: Who; to_account_id: string },
  scope: string[] | null,
  now: Date,
): Promise<Plan | Refusal> {
  const target = await targetOf(q, asked.to_account_id)
  if (isRefused(target)) return target
  const ids = await idsOf(q, deps, asked.who, scope, now)
  if (isRefused(ids)) return ids
  const accounts = await allAccounts(q, ACCOUNTS_READ)
  const gone = await goneAccounts(q, accounts)
  const byId = new Map(accounts.map((a) => [a.id, a]))
  const owners = await ownersOf(q, ids)
  const since = new Date(now.getTime() - LIMIT_DAYS * DAY_MS)
  const rules = {
    from_account_id: "filter" in asked.who ? (asked.who.filter.account_id ?? null) : null,
    gone,
    times_max: await timesMax(q, target.channel, now),
  }
  const found = await candidates(q, ids, since)
  const decided = found
    .filter((c) => owners.has(c.customer_id))
    .map((c) => {
      const one: Candidate = {
        ...c,
        owner_staff_id: owners.get(c.customer_id) ?? null,
        contacts: c.contacts.flatMap(({ account_id, ref, added_at }) => {
          const account = byId.get(account_id)
          return account
            ? [
                {
                  account_id,
                  ref,
                  added_at: new Date(added_at),
                  channel: account.channel,
                  custodian_staff_id: account.custodian_staff_id,
                },
              ]
            : []
        }),
      }
      return {
        customer_id: c.customer_id,
        owner_staff_id: one.owner_staff_id,
        decision: decide(one, target, rules),
      }
    })
  return { target, people: decided.length, decided, gone }
}

/** The account to pass to, with whoever looks after its customers. */
export async function targetOf(
  q: Queryable,
  id: string,
): Promise<Plan["target"] | Refusal<"account_unknown" | "account_stopped" | "account_unheld">> {
  const [account] = await accountsById(q, [id])
  const field = { field: "to_account_id" }
  if (!account) return refuse("account_unknown", field)
  if (account.state !== "in_use" || account.hazard !== "none") return refuse("account_stopped", field)
  const staff = account.custodian_staff_id
  if (!staff) return refuse("account_unheld", field)
  const staff_name = (await staffNames(q, [staff])).get(staff) ?? ""
  const { name, channel } = account
  return { account_id: id, channel, custodian_staff_id: staff, name, staff_name }
}

async function idsOf(
  q: Queryable,
  deps: TransferDeps,
  asked: Who,
  scope: string[] | null,
  now: Date,
): Promise<string[] | Refusal> {
  if ("filter" in asked) return everybodyOf(q, deps.registry(), { ...asked.filter, scope }, asked.people)
  const params: unknown[] = []
  let where: string
  if ("segment_id" in asked) {
    const found = await segmentAudience(q, deps.registry(), asked.segment_id, now)
    if (isRefused(found))
      return found.refused === "not_found" ? refuse("segment_unknown", { field: "who.segment_id" }) : found
    where = audienceWhere(found.audience, params, { scope })
  } else {
    params.push(asked.customer_ids, scope)
    where = "c.customer_id = any($1::uuid[]) and ($2::uuid[] is null or c.scope_id = any($2))"
  }
  const ids = await audienceIds(
    q,
    `select c.customer_id from ${TRAITS_TABLE} c where ${where}`,
    params,
    TRANSFER_MAX + 1,
  )
  return ids.length > TRANSFER_MAX ? refuse("too_many_people") : ids
}

/** Accounts of people of whom the channel says that they are gone: theirs is the other way of handing over. */
export async function goneAccounts(q: Queryable, accounts: readonly Account[]): Promise<Set<string>> {
  const refs = await goneStaffRefs(
    q,
    accounts.map((a) => a.channel_ref),
  )
  return new Set(accounts.filter((a) => refs.has(a.channel_ref)).map((a) => a.id))
}

async function timesMax(q: Queryable, channel: string, now: Date): Promise<number> {
  const held = (await limitsOn(q, now)).find((l) => l.name === `${channel}.transfer.per_customer`)
  return held?.value ?? TIMES_IN_90_DAYS
}
