import { type Db, type Tx, tx } from "../../platform/db.ts"
import { append } from "../../spine/facts/index.ts"
import { giveAssignments, type NewDeed, orderDeeds } from "../../spine/outbox/index.ts"
import { accountsById } from "../accounts/index.ts"
import { customerNames, giveOwnersTo } from "../customers/index.ts"
import { transferAsked, transferFailed, transferred } from "./events.ts"
import { ANSWER_WITHIN_MS, ASK_WITHIN_MS, PAIRS_A_ROUND, POLL_EVERY_MS, TRANSFER_BATCH } from "./limits.ts"
import type { TransferDeps } from "./plan.ts"
import { dueToBegin, type Passing, type Settled, setAsked, settle } from "./store.ts"
import { duePairs, type Pair, waitingOf } from "./store-polls.ts"

export const deedKey = (p: { transfer_id: string; customer_id: string }) =>
  `transfer:${p.transfer_id}:${p.customer_id}`

/** Begins what is due: the channel is asked to hand friendships over; who only gets another owner has them at once. */
export async function beginTransfers(db: Db, now: Date): Promise<number> {
  return tx(db, async (t) => {
    const due = await dueToBegin(t, now, TRANSFER_BATCH)
    if (due.length === 0) return 0
    const moves = due.filter((p) => p.from_account_id !== null)
    const staff = await custodians(t, due)
    const names = await customerNames(
      t,
      moves.map((p) => p.customer_id),
    )
    const accounts = new Map(
      (await accountsById(t, [...new Set(moves.map((p) => p.to_account_id))])).map((a) => [a.id, a]),
    )
    await setAsked(t, moves, now)
    await orderDeeds(
      t,
      moves.map((p): NewDeed => {
        const to = accounts.get(p.to_account_id)!
        return {
          key: deedKey(p),
          kind: "transfer_customer",
          account_id: p.from_account_id!,
          ref: p.ref!,
          payload: {
            to_account_ref: to.channel_ref,
            resigned: p.resigned,
            ...(p.message ? { message: p.message } : {}),
          },
          subject_id: p.customer_id,
          by_hand: {
            title: `把${names.get(p.customer_id) ?? "这位客户"}交接给「${to.name}」`,
            script: p.message,
            customer_id: p.customer_id,
          },
          due_at: now,
          expires_at: new Date(now.getTime() + ASK_WITHIN_MS),
        }
      }),
    )
    await append(
      t,
      moves.map((p) =>
        transferAsked.of({ subject: p.customer_id, occurred_at: now, payload: told(p, staff) }),
      ),
    )
    await finish(
      t,
      due
        .filter((p) => p.from_account_id === null)
        .map((p) => ({ ...p, state: "done" as const, reason: null })),
      now,
    )
    return due.length
  })
}

type Verdict = Passing & { state: Settled["state"]; reason: string | null }

/**
 * Writes what became of customers. Who has arrived is looked after by the account's custodian from now on, with what was open about
 * them; who refused stays with whom they were.
 */
export async function finish(t: Tx, verdicts: readonly Verdict[], now: Date): Promise<number> {
  if (verdicts.length === 0) return 0
  const reasons = new Map(verdicts.map((v) => [deedKey(v), v.reason]))
  const moved = await settle(t, verdicts, now)
  const staff = await custodians(t, moved)
  const arrived = moved.filter((p) => p.state === "done")
  const owners = arrived.flatMap((p) => {
    const staff_id = staff.get(p.to_account_id)
    return staff_id ? [{ customer_id: p.customer_id, staff_id, from: p.from_staff_id }] : []
  })
  await giveOwnersTo(t, owners, now)
  await giveAssignments(t, owners)
  await append(
    t,
    moved.flatMap((p) => {
      const fact = { subject: p.customer_id, occurred_at: now }
      if (p.state === "done") return [transferred.of({ ...fact, payload: told(p, staff) })]
      if (p.state === "waiting" || p.state === "cancelled") return []
      return [
        transferFailed.of({
          ...fact,
          payload: { ...told(p, staff), reason: reasons.get(deedKey(p)) ?? p.state },
        }),
      ]
    }),
  )
  return moved.length
}

const told = (p: Passing, staff: ReadonlyMap<string, string | null>) => ({
  transfer_id: p.transfer_id,
  from_account_id: p.from_account_id,
  to_account_id: p.to_account_id,
  from_staff_id: p.from_staff_id,
  to_staff_id: staff.get(p.to_account_id) ?? null,
})

async function custodians(t: Tx, list: readonly Passing[]): Promise<Map<string, string | null>> {
  const accounts = await accountsById(t, [...new Set(list.map((p) => p.to_account_id))])
  return new Map(accounts.map((a) => [a.id, a.custodian_staff_id]))
}

/**
 * Asks channels what became of what waits, a pair of accounts at a time. News of an adding or a refusal usually come first; this
 * finds what was lost on the way, and what nobody ever answered.
 */
export async function pollTransfers(db: Db, deps: TransferDeps, now: Date): Promise<number> {
  const pairs = await tx(db, (t) => duePairs(t, now, new Date(now.getTime() + POLL_EVERY_MS), PAIRS_A_ROUND))
  for (const pair of pairs) await pollPair(db, deps, pair, now)
  return pairs.length
}

async function pollPair(db: Db, deps: TransferDeps, pair: Pair, now: Date): Promise<void> {
  const accounts = await accountsById(db, [pair.from_account_id, pair.to_account_id])
  const from = accounts.find((a) => a.id === pair.from_account_id)
  const to = accounts.find((a) => a.id === pair.to_account_id)
  const ask = from && deps.world.channels.get(from.channel)?.services.transfer_results
  const answer =
    from && to && ask
      ? await ask({ from_ref: from.channel_ref, to_ref: to.channel_ref, resigned: pair.resigned })
      : null
  const said = new Map(answer && "results" in answer ? answer.results.map((r) => [r.ref, r.status]) : [])
  await tx(db, async (t) => {
    const open = await waitingOf(t, pair)
    const verdicts = open.flatMap((p): Verdict[] => {
      const status = said.get(p.ref ?? "")
      if (status === "done" || status === "refused" || status === "full")
        return [{ ...p, state: status, reason: status === "done" ? null : status }]
      const silent = now.getTime() - p.asked_at.getTime() > ANSWER_WITHIN_MS
      return silent ? [{ ...p, state: "failed", reason: "no_answer" }] : []
    })
    for (let at = 0; at < verdicts.length; at += TRANSFER_BATCH)
      await finish(t, verdicts.slice(at, at + TRANSFER_BATCH), now)
  })
}
