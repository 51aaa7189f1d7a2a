import { createHash } from "node:crypto"
import { pastOrders } from "./orders.ts"
import type { World } from "./world.ts"

const SAMPLE = 5_000

/** A fingerprint of the world: who is in it, what they bought, and all that has changed since. Equal worlds, equal digests. */
export function worldDigest(world: World): string {
  const hash = createHash("sha256")
  const add = (value: unknown) => hash.update(JSON.stringify(value)).update("\n")
  add([world.seed, world.size, world.start_ms])
  for (let n = 0; n < Math.min(world.population(), SAMPLE); n++) {
    add([world.people.person(n), world.people.unionid(n), world.follows(n), world.groupsOf(n)])
    if (n < world.size) add(pastOrders(world.people, n, world.start_ms))
  }
  const { t } = world
  for (const table of [
    t.chats,
    t.members,
    t.follows,
    t.mass_parts,
    t.live_orders,
    t.tag_groups,
    t.transfers,
  ]) {
    const rows = [...(table.rows as Map<string | number, unknown>)].sort(([a], [b]) =>
      String(a) < String(b) ? -1 : 1,
    )
    add([table.name, rows])
  }
  return hash.digest("hex")
}
