import { becomeContact, createGroup, joinGroup, newPerson, tempo } from "./deeds.ts"
import { delay } from "./scenario.ts"
import { accounts } from "./staff.ts"
import type { World } from "./world.ts"

export type Scan = { config_id?: string; state?: string; person?: number; userid?: string }
export type Scanned = { person: number; userid?: string; chat_id?: string; waits?: boolean }

const named = (state: string | undefined): boolean => state !== undefined && state !== ""

/**
 * A person scans a code: one of the system's contact ways, one of its group codes, or any other source named by its state.
 * Refused: no such code, nobody behind it, group full.
 */
export function scanContact(world: World, at: number, scan: Scan): Scanned | { refused: string } {
  const way = scan.config_id
    ? world.t.ways.get(scan.config_id)
    : named(scan.state) && [...world.t.ways.rows.values()].find((w) => w.state === scan.state)
  if (way) {
    const users = way.user.filter((userid) => world.member(userid))
    if (users.length === 0) return { refused: "nobody_behind_the_code" }
    const n = scan.person ?? newPerson(world)
    const known = way.is_exclusive ? users.find((userid) => world.relation(n, userid)) : undefined
    const userid = known ?? world.turn(scan.config_id ?? way.state, users)
    if (!way.skip_verify) {
      world.react({
        at: at + delay(tempo(world).press_ms, world.roll(n, "accepted after")),
        kind: "accept",
        person: n,
        userid,
        state: way.state,
        add_way: 1,
      })
      return { person: n, userid, waits: true }
    }
    becomeContact(world, at, n, userid, { state: way.state, add_way: 1 })
    buysALeadProduct(world, at, n, way.state)
    return { person: n, userid }
  }
  const join = scan.config_id
    ? world.t.join_ways.has(scan.config_id) && scan.config_id
    : named(scan.state) && [...world.t.join_ways.rows].find(([, j]) => j.state === scan.state)?.[0]
  if (join) return scanGroup(world, at, scan, join)
  if (scan.config_id) return { refused: "no_such_code" }
  const userid = scan.userid ?? accounts[0]!.userid
  if (!world.member(userid)) return { refused: "nobody_behind_the_code" }
  const n = scan.person ?? newPerson(world)
  becomeContact(world, at, n, userid, { state: scan.state, add_way: 1 })
  buysALeadProduct(world, at, n, scan.state)
  return { person: n, userid }
}

/** Into the first of the code's groups that has room; when all are full and the code may open rooms, into a new one. */
export function scanGroup(
  world: World,
  at: number,
  scan: Scan,
  config_id: string,
): Scanned | { refused: string } {
  const join = world.t.join_ways.get(config_id)
  if (!join) return { refused: "no_such_code" }
  const n = scan.person ?? newPerson(world)
  const how = { scene: 3, ...(join.state ? { state: join.state } : {}) }
  for (const chat_id of join.chat_id_list) {
    const g = world.chatOf(chat_id)
    if (g === null) continue
    const answer = joinGroup(world, at, g, n, how)
    if (!answer.refused) return { person: n, chat_id }
    if (answer.refused === "already_inside") return { refused: "already_inside" }
  }
  const last = world.chatOf(join.chat_id_list[join.chat_id_list.length - 1] ?? "")
  const owner = last === null ? undefined : world.t.chats.get(last)?.owner
  if (!join.auto_create_room || owner === undefined) return { refused: "full" }
  const g = createGroup(world, at, owner, `${join.room_base_name || "新客群"}${join.room_base_id}`)
  const chat_id = world.chat_ids.encode(g)
  const chat_id_list = [...join.chat_id_list, chat_id].slice(-5)
  world.t.join_ways.put(config_id, { ...join, chat_id_list, room_base_id: join.room_base_id + 1 })
  joinGroup(world, at, g, n, how)
  return { person: n, chat_id }
}

function buysALeadProduct(world: World, at: number, n: number, source_code: string | undefined): void {
  if (world.scenario === "quiet" || world.roll(n, "tries the shop") >= 0.35) return
  const buy_at = at + delay(tempo(world).buy_ms, world.roll(n, "tries after"))
  world.react({ at: buy_at, kind: "buy", person: n, lead: true, ...(source_code ? { source_code } : {}) })
}
