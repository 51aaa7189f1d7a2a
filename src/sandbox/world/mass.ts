import { limits } from "../limits.ts"
import { tempo } from "./deeds.ts"
import type { MassPart, MassTask } from "./records.ts"
import { delay } from "./scenario.ts"
import { memberOf } from "./staff.ts"
import type { World } from "./world.ts"

/** Whoever last chatted with the customer gets the task for that customer: a fixed choice among those still in contact. */
export function lastChatted(world: World, n: number, among?: Set<string>): string | null {
  const live = world
    .follows(n)
    .filter((f) => !f.half && world.member(f.userid) && (!among || among.has(f.userid)))
  if (live.length === 0) return null
  return live[Math.floor(world.roll(n, "last chatted") * live.length)]!.userid
}

/** Creates the task for the members; nothing goes out before each presses send. */
export function createMassTask(
  world: World,
  at: number,
  task: Omit<MassTask, "created_at" | "ready_patience_ms" | "members" | "reminders">,
  parts: MassPart[],
): string {
  const msgid = world.newSecret("msg", 32)
  world.t.mass.put(msgid, {
    ...task,
    created_at: at,
    ready_patience_ms: world.patience() + limits.mass_send_ready_ms,
    members: parts.map((part) => part.userid),
    reminders: [],
  })
  for (const part of parts) {
    world.t.mass_parts.put(`${msgid}:${part.userid}`, part)
    schedulePress(world, at, msgid, part.userid, 0)
  }
  world.happen(at, `收到群发任务，${parts.length} 位成员待确认`)
  return msgid
}

/** Staff press some time later, and one in eight forgets until reminded. */
export function schedulePress(
  world: World,
  at: number,
  msgid: string,
  userid: string,
  reminder: number,
): void {
  if (world.roll("forgets to send", msgid, userid, reminder) < (reminder === 0 ? 0.12 : 0.2)) return
  const after_ms = delay(tempo(world).press_ms, world.roll("presses after", msgid, userid, reminder))
  world.react({ at: at + after_ms, kind: "press", msgid, userid })
}

/** The member presses send. False where there is nothing left to send. */
export function pressSend(world: World, at: number, msgid: string, userid: string): boolean {
  const task = world.t.mass.get(msgid)
  const key = `${msgid}:${userid}`
  const part = world.t.mass_parts.get(key)
  if (!task || !part || task.cancelled || part.sent_at !== undefined || !world.member(userid)) return false
  let sent = 0
  if (task.chat_type === "group") {
    const chats = part.chats.filter((chat_id) => {
      const g = world.chatOf(chat_id)
      return g !== null && !world.t.chats.get(g)?.dismissed && world.takeQuota(at, { chat: g })
    })
    for (const chat_id of chats) answersInGroup(world, at, msgid, task, world.chatOf(chat_id)!)
    world.t.mass_parts.put(key, { ...part, chats, sent_at: at, status: "1".repeat(chats.length) })
    sent = chats.length
  } else {
    let status = ""
    for (const n of part.people) {
      const follow = world.relation(n, userid)
      const result =
        !follow || follow.lost_at !== undefined ? "2" : world.takeQuota(at, { person: n }) ? "1" : "3"
      status += result
      if (result !== "1") continue
      sent++
      answersToMessage(world, at, msgid, task, n)
    }
    world.t.mass_parts.put(key, { ...part, sent_at: at, status })
  }
  world.happen(at, `${memberOf(userid)?.name ?? userid} 确认发送群发，送达 ${sent}`)
  return true
}

const appetite: Record<string, number> = {
  looker: 0.35,
  lead: 0.7,
  low: 1,
  regular: 1.5,
  member: 2,
  agent: 1.2,
}

/** A few read and click, fewer buy. Who does follows from seed, person and message alone. */
function answersToMessage(world: World, at: number, msgid: string, task: MassTask, n: number): void {
  const keen = appetite[world.people.kind(n)] ?? 1
  if (world.roll(n, "clicks", msgid) >= 0.09 * keen) return
  const { buy_ms } = tempo(world)
  const click_at = at + delay(buy_ms, world.roll(n, "clicks after", msgid))
  if (task.link) world.react({ at: click_at, kind: "click", person: n, link: task.link })
  if (world.roll(n, "buys", msgid) >= 0.3) return
  const buy_at = click_at + delay(buy_ms, world.roll(n, "buys after", msgid))
  world.react({ at: buy_at, kind: "buy", person: n, source_code: task.source_code })
}

function answersInGroup(world: World, at: number, msgid: string, task: MassTask, g: number): void {
  const { answer_ms } = tempo(world)
  for (const [n] of world.groupMembers(g)) {
    if (world.roll(n, "answers in group", msgid) < 0.03) {
      const after_ms = delay(answer_ms, world.roll(n, "answers after", msgid))
      world.react({
        at: at + after_ms,
        kind: "say",
        person: n,
        chat: g,
        topic: world.roll(n, msgid) < 0.5 ? "chat" : "ask",
      })
    }
    answersToMessage(world, at, `${msgid}:${g}`, task, n)
  }
}
