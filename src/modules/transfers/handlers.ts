import type { Tx } from "../../platform/db.ts"
import { append, type FactHandler } from "../../spine/facts/index.ts"
import { assignmentDone, deedDone, deedFailed } from "../../spine/outbox/index.ts"
import { accountsById, accountsByRef } from "../accounts/index.ts"
import { contactAdded } from "../customers/index.ts"
import { passGroups } from "../groups/index.ts"
import { groupPassed } from "./events.ts"
import { finish } from "./run.ts"
import { openByRef, openOf, openTo } from "./store.ts"
import { settleGroups } from "./store-polls.ts"

const CUSTOMER_KEY = /^transfer:([0-9a-f-]{36}):/
const GROUP_KEY = /^group:([0-9a-f-]{36}):([0-9a-f-]{36})$/

/** An answer to one handing over; `failed` null: it went well. */
type Answer = { subject: string; key: string; state: "waiting" | "done" | "failed"; reason: string | null }

/** What channels, people and new friendships say of those who are under way. */
export const handlers: FactHandler[] = [
  {
    name: "transfers.results",
    types: [deedDone.type, deedFailed.type, assignmentDone.type, contactAdded.type],
    origins: "all",
    async handle(t, facts, now) {
      const answers: Answer[] = [
        ...facts
          .filter(deedDone.is)
          .map((f) => ({ subject: f.subject, key: f.payload.key, state: "waiting" as const, reason: null })),
        ...facts.filter(deedFailed.is).map((f) => ({
          subject: f.subject,
          key: f.payload.key,
          state: "failed" as const,
          reason: f.payload.reason,
        })),
        ...facts
          .filter(assignmentDone.is)
          .filter((f) => f.payload.kind.startsWith("transfer_"))
          .map((f) => ({
            subject: f.subject,
            key: f.payload.cause_key.replace(/^deed:/, ""),
            state: "done" as const,
            reason: null,
          })),
      ]
      await customersAnswered(t, answers, now)
      await groupsAnswered(t, answers, now)
      // Last: an adding says more than the channel's first answer, whichever was told first.
      const added = facts.filter(contactAdded.is)
      const arrived = await openTo(
        t,
        added.map((f) => ({ customer_id: f.subject, to_account_id: f.payload.account_id })),
      )
      await finish(
        t,
        arrived.map((p) => ({ ...p, state: "done" as const, reason: null })),
        now,
      )
    },
  },
]

async function customersAnswered(t: Tx, answers: readonly Answer[], now: Date): Promise<void> {
  const mine = answers.flatMap((a) => {
    const transfer_id = CUSTOMER_KEY.exec(a.key)?.[1]
    return transfer_id ? [{ ...a, customer_id: a.subject, transfer_id }] : []
  })
  if (mine.length === 0) return
  const open = await openOf(t, mine)
  await finish(
    t,
    open.map((p) => {
      // of two answers about one the last holds
      const { state, reason } = mine.findLast(
        (a) => a.customer_id === p.customer_id && a.transfer_id === p.transfer_id,
      )!
      return { ...p, state, reason }
    }),
    now,
  )
}

async function groupsAnswered(t: Tx, answers: readonly Answer[], now: Date): Promise<void> {
  const moved = await settleGroups(
    t,
    answers.flatMap(({ key, state, reason }) => {
      const [, transfer_id, group_id] = GROUP_KEY.exec(key) ?? []
      return transfer_id && group_id
        ? [
            {
              transfer_id,
              group_id,
              state: state === "failed" ? ("failed" as const) : ("done" as const),
              reason,
            },
          ]
        : []
    }),
    now,
  )
  const done = moved.filter((g) => g.state === "done")
  const refs = new Map(
    (
      await accountsById(
        t,
        done.map((g) => g.to_account_id),
      )
    ).map((a) => [a.id, a.channel_ref]),
  )
  await passGroups(
    t,
    done.map((g) => ({ group_id: g.group_id, owner_ref: refs.get(g.to_account_id)! })),
  )
  await append(
    t,
    done.map(({ group_id, from_account_id, to_account_id }) =>
      groupPassed.of({ subject: group_id, occurred_at: now, payload: { from_account_id, to_account_id } }),
    ),
  )
}

export type TransferFailure = {
  to_ref: string
  external_ref: string
  reason: "refused" | "limit_exceeded" | "unknown"
}
const STATE = { refused: "refused", limit_exceeded: "full", unknown: "failed" } as const

/** What the channel told of handings over that came to nothing: the customer refused, or the taker is full. */
export async function takeTransferFailures(
  t: Tx,
  channel: string,
  failures: readonly TransferFailure[],
  now: Date,
): Promise<void> {
  if (failures.length === 0) return
  const accounts = await accountsByRef(
    t,
    channel,
    failures.map((f) => f.to_ref),
  )
  const ids = new Map(accounts.map((a) => [a.channel_ref, a.id]))
  const told = failures.flatMap((f) => {
    const to_account_id = ids.get(f.to_ref)
    return to_account_id ? [{ ...f, to_account_id }] : []
  })
  const open = await openByRef(t, told)
  await finish(
    t,
    open.map((p) => {
      const { reason } = told.find((f) => f.external_ref === p.ref && f.to_account_id === p.to_account_id)!
      return { ...p, state: STATE[reason], reason }
    }),
    now,
  )
}
