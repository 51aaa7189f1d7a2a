import { limits } from "../limits.ts"
import type { Said } from "./records.ts"
import type { World } from "./world.ts"

/** Mass sends that are looked through for what one person read. */
const TASKS_READ = 200

const keyOf = (n: number, userid: string) => `${n}:${userid}`

/** One of the two writes to the other; a welcome code is no longer good then (41051). Refused where they are no friends. */
export function write(
  world: World,
  at: number,
  n: number,
  userid: string,
  said: Omit<Said, "at">,
): { refused: string } | { said: Said } {
  const follow = world.relation(n, userid)
  if (!follow) return { refused: "not_a_contact" }
  if (follow.lost_at !== undefined) return { refused: "not_a_friend" }
  begin(world, n, userid)
  const one = { at, ...said }
  const before = world.t.said.get(keyOf(n, userid)) ?? []
  world.t.said.put(keyOf(n, userid), [...before, one].slice(-limits.said_kept))
  const { name } = world.people.person(n)
  const member = world.member(userid)?.name ?? userid
  world.happen(at, said.by === "member" ? `${member} 写给 ${name}` : `${name} 写给 ${member}`)
  return { said: one }
}

/** Member and customer have begun to chat. */
export function begin(world: World, n: number, userid: string): void {
  for (const [code, welcome] of world.t.welcomes.rows)
    if (welcome.person === n && welcome.userid === userid && !welcome.chatted)
      world.t.welcomes.put(code, { ...welcome, chatted: true })
}

/** What the two have in their chat, oldest first: greetings, mass sends that were pressed, and what was written by hand. */
export function chatOf(world: World, n: number, userid: string): Said[] {
  const greetings = [...world.t.welcomes.rows.values()]
    .filter((w) => w.person === n && w.userid === userid && w.content)
    .map((w): Said => ({ at: w.at, by: "member", text: w.content ?? "" }))
  const sent = [...world.t.mass.rows].slice(-TASKS_READ).flatMap(([msgid, task]): Said[] => {
    const part = world.t.mass_parts.get(`${msgid}:${userid}`)
    const place = part?.people.indexOf(n) ?? -1
    if (!part || part.sent_at === undefined || place < 0 || part.status?.[place] !== "1") return []
    return [{ at: part.sent_at, by: "member", text: task.content }]
  })
  return [...greetings, ...sent, ...(world.t.said.get(keyOf(n, userid)) ?? [])].sort((a, b) => a.at - b.at)
}
