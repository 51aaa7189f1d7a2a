import { beforeAll, expect } from "vitest"
import type { Channel } from "../../channels/protocol/index.ts"
import { isRefused } from "../../kernel/result.ts"
import { ensureCustomers, type Identity, mergeCustomers, undoMerge } from "../../modules/customers/index.ts"
import { movePoints, type PointsAsk, verifyPoints } from "../../modules/points/index.ts"
import { assign } from "../../modules/tags/index.ts"
import { type Db, oneRow, rows, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { drain, registerHandlers } from "../../spine/facts/index.ts"
import { balancesOf, verify } from "../../spine/ledger/index.ts"
import { prepareTraits } from "../../spine/traits/index.ts"
import { CARRIES } from "./carries.ts"
import { wire } from "./wiring.ts"

export const now = new Date("2026-11-23T04:00:00Z")
export const hour = (n: number) => new Date(now.getTime() + n * 3_600_000)
const { handlers, registry } = wire({ sandbox: null, channels: [] as Channel[] })
export let db: Db
let made = 0

/** Books of its own for the file that calls it. */
export function openBooks(): void {
  beforeAll(async () => {
    db = await testDb()
    await prepareTraits(db, registry)
    await registerHandlers(db, handlers)
  })
}

export const u = (value: string): Identity => ({ kind: "unionid", value })
export const phone = (value: string): Identity => ({ kind: "phone", value })
export const somebody = (...identities: Identity[]) =>
  tx(db, (t) =>
    ensureCustomers(
      t,
      [
        {
          identities: identities.length > 0 ? identities : [u(`u${++made}`)],
          name: `王小明${made}`,
          seen_at: now,
        },
      ],
      now,
    ),
  ).then(([id]) => id!)
export async function move(ask: Record<string, unknown>) {
  const whole = { key: `k${++made}`, rule: "gift", source: "test", at: now, ...ask } as PointsAsk
  const [answer] = await tx(db, (t) => movePoints(t, [whole]))
  if (!answer || isRefused(answer)) throw new Error(`no points: ${JSON.stringify(answer)}`)
  return answer
}
export const give = (customer_id: string, points: number, valid_days: number | null = null) =>
  move({ do: "give", customer_id, points, valid_days })
export const spend = (customer_id: string, points: number) => move({ do: "spend", customer_id, points })
export const merge = (from: string, into: string, at = now) =>
  tx(db, (t) => mergeCustomers(t, CARRIES, { from, into }, null, at))
/** As a command does: what is refused leaves nothing. */
export async function undo(from: string, at = hour(1)) {
  try {
    return await tx(db, async (t) => {
      const answer = await undoMerge(t, CARRIES, from, null, at)
      if (isRefused(answer)) throw answer
      return answer
    })
  } catch (refusal) {
    if (isRefused(refusal)) return refusal
    throw refusal
  }
}
export const hear = () => drain(db, handlers, () => hour(1))
export const points = async (id: string) => (await balancesOf(db, "points", id)).customer ?? 0
export async function booksAreClean() {
  expect(await verifyPoints(db)).toEqual([])
  expect((await verify(db)).findings).toEqual([])
}
export const tagged = async (id: string) =>
  (
    await rows<{ name: string }>(
      db,
      "select t.name from tags_assignments a join tags_tags t on t.id = a.tag_id where a.customer_id = $1 order by t.position",
      [id],
    )
  ).map((w) => w.name)
export const tag = async (name: string) =>
  (await oneRow<{ id: string }>(db, "select id from tags_tags where name = $1", [name])).id
export async function wear(customer_id: string, ...names: string[]) {
  const asks = await Promise.all(names.map(async (name) => ({ customer_id, tag_id: await tag(name) })))
  await tx(db, (t) => assign(t, asks, { source: "hand", by: null, at: now }))
}
