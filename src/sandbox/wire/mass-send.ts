import { z } from "zod"
import { limits } from "../limits.ts"
import { createMassTask, lastChatted, schedulePress } from "../world/mass.ts"
import type { MassPart } from "../world/records.ts"
import type { World } from "../world/world.ts"
import { attachmentsField, contentFault, linkIn, textField } from "./content.ts"
import { pageOf } from "./cursor.ts"
import {
  bit,
  type Endpoint,
  endpoint,
  type Failure,
  fail,
  isFailure,
  paging,
  seconds,
  text,
} from "./endpoint.ts"
import { tagIndex } from "./tags.ts"

const MONTH_S = 31 * 86_400
const DAY_MS = 86_400_000

const args = z.object({
  chat_type: z.enum(["single", "group"]).default("single"),
  external_userid: z.array(text).max(limits.mass_customers).optional(),
  chat_id_list: z.array(text).max(limits.mass_groups).optional(),
  tag_filter: z.object({ group_list: z.array(z.object({ tag_list: z.array(text).max(100) })) }).optional(),
  sender: z.string().optional(),
  allow_select: bit.optional(),
  text: textField,
  attachments: attachmentsField,
})

type Planned = { parts: MassPart[]; failed: string[] }

function planSingle(world: World, ask: z.infer<typeof args>): Planned | Failure {
  const sender = ask.sender ? world.member(ask.sender) : undefined
  if (ask.sender && !sender) return fail(60111)
  const wanted = ask.external_userid ?? []
  if (wanted.length === 0 && !sender && !ask.tag_filter) return fail(40063, "external_userid")
  const people = new Map<string, number[]>()
  const failed: string[] = []
  const give = (userid: string, n: number): void => {
    const list = people.get(userid)
    if (list) list.push(n)
    else people.set(userid, [n])
  }
  const among = sender ? new Set([sender.userid]) : undefined
  if (wanted.length > 0) {
    for (const id of new Set(wanted)) {
      const n = world.personOf(id)
      const userid = n === null ? null : lastChatted(world, n, among)
      if (n === null || userid === null) failed.push(id)
      else give(userid, n)
    }
  } else {
    const index = tagIndex(world)
    const groups = ask.tag_filter?.group_list ?? []
    if (groups.some((group) => group.tag_list.some((id) => !index.has(id)))) return fail(40068)
    for (let n = 0; n < world.population(); n++) {
      const userid = lastChatted(world, n, among)
      if (userid === null) continue
      const tags = new Set(world.follows(n).flatMap((follow) => follow.tags))
      if (groups.every((group) => group.tag_list.some((id) => tags.has(id)))) give(userid, n)
    }
  }
  return { parts: [...people].map(([userid, list]) => ({ userid, people: list, chats: [] })), failed }
}

function planGroup(world: World, ask: z.infer<typeof args>): Planned | Failure {
  if (!ask.sender) return fail(40063, "sender")
  const sender = world.member(ask.sender)
  if (!sender) return fail(60111)
  const own = [...world.t.chats.rows].filter(([, chat]) => chat.owner === sender.userid && !chat.dismissed)
  const ownIds = new Set(own.map(([g]) => world.chat_ids.encode(g)))
  const wanted =
    ask.chat_id_list && ask.chat_id_list.length > 0 ? [...new Set(ask.chat_id_list)] : [...ownIds]
  const chats = wanted.filter((chat_id) => ownIds.has(chat_id))
  const parts = chats.length > 0 ? [{ userid: sender.userid, people: [], chats }] : []
  return { parts, failed: wanted.filter((chat_id) => !ownIds.has(chat_id)) }
}

const add = endpoint({
  path: "externalcontact/add_msg_template",
  empty: { fail_list: [] },
  args,
  run({ world, at }, ask) {
    const fault = contentFault(world, at, ask.text, ask.attachments)
    if (fault) return fault
    const planned = ask.chat_type === "group" ? planGroup(world, ask) : planSingle(world, ask)
    if (isFailure(planned)) return planned
    if (planned.parts.length === 0) return fail(41048)
    const content = ask.text?.content ?? ""
    const attachments = ask.attachments ?? []
    const task = { chat_type: ask.chat_type, content, attachments, ...linkIn(content, attachments) }
    return { msgid: createMassTask(world, at, task, planned.parts), fail_list: planned.failed }
  },
})

const remind = endpoint({
  path: "externalcontact/remind_groupmsg_send",
  args: z.object({ msgid: text }),
  run({ world, at }, { msgid }) {
    const task = world.t.mass.get(msgid)
    if (!task) return fail(41047)
    if (task.cancelled) return fail(41093)
    const today = task.reminders.filter((reminded) => at - reminded < DAY_MS)
    if (today.length >= limits.reminders_per_day) return fail(41094)
    world.t.mass.put(msgid, { ...task, reminders: [...today, at] })
    const n = world.next("reminder")
    for (const userid of task.members) {
      if (world.t.mass_parts.get(`${msgid}:${userid}`)?.sent_at === undefined)
        schedulePress(world, at, msgid, userid, n)
    }
    return {}
  },
})

const cancel = endpoint({
  path: "externalcontact/cancel_groupmsg_send",
  args: z.object({ msgid: text }),
  run({ world }, { msgid }) {
    const task = world.t.mass.get(msgid)
    if (!task) return fail(41047)
    if (task.cancelled) return fail(41093)
    world.t.mass.put(msgid, { ...task, cancelled: true })
    return {}
  },
})

const listV2 = endpoint({
  path: "externalcontact/get_groupmsg_list_v2",
  empty: { group_msg_list: [] },
  args: z.object({
    chat_type: z.enum(["single", "group"]),
    start_time: z.number().int(),
    end_time: z.number().int(),
    creator: z.string().optional(),
    filter_type: z.number().int().default(2),
    ...paging,
  }),
  run({ world }, ask) {
    if (ask.end_time < ask.start_time || ask.end_time - ask.start_time > MONTH_S)
      return fail(40058, "time span")
    const tasks = [...world.t.mass.rows].filter(
      ([, task]) =>
        task.chat_type === ask.chat_type &&
        seconds(task.created_at) >= ask.start_time &&
        seconds(task.created_at) <= ask.end_time &&
        ask.filter_type !== 1,
    )
    const scope = `mass:${ask.chat_type}:${ask.start_time}:${ask.end_time}`
    const page = pageOf(tasks, ask, { seed: world.seed, scope, fallback: 50, max: 100 })
    if (!page) return fail(50100)
    return {
      group_msg_list: page.items.map(([msgid, task]) => ({
        msgid,
        create_time: seconds(task.created_at),
        create_type: 0,
        ...(task.content ? { text: { content: task.content } } : {}),
        attachments: task.attachments,
      })),
      next_cursor: page.next_cursor,
    }
  },
})

/** A task that may be asked about: 41047 unknown, 41063 still being dispatched. */
function readyTask(world: World, msgid: string) {
  const task = world.t.mass.get(msgid)
  if (!task) return fail(41047)
  return world.patience() < task.ready_patience_ms ? fail(41063) : task
}

const taskList = endpoint({
  path: "externalcontact/get_groupmsg_task",
  empty: { task_list: [] },
  args: z.object({ msgid: text, ...paging }),
  run({ world }, ask) {
    const task = readyTask(world, ask.msgid)
    if (isFailure(task)) return task
    const page = pageOf(task.members, ask, {
      seed: world.seed,
      scope: `task:${ask.msgid}`,
      fallback: 500,
      max: 1_000,
    })
    if (!page) return fail(50100)
    const task_list = page.items.map((userid) => {
      const sent_at = world.t.mass_parts.get(`${ask.msgid}:${userid}`)?.sent_at
      return sent_at === undefined
        ? { userid, status: 0 }
        : { userid, status: 2, send_time: seconds(sent_at) }
    })
    return { task_list, next_cursor: page.next_cursor }
  },
})

const sendResult = endpoint({
  path: "externalcontact/get_groupmsg_send_result",
  empty: { send_list: [] },
  args: z.object({ msgid: text, userid: text, ...paging }),
  run({ world }, ask) {
    const task = readyTask(world, ask.msgid)
    if (isFailure(task)) return task
    const userid = ask.userid.toLowerCase()
    const part = world.t.mass_parts.get(`${ask.msgid}:${userid}`)
    if (!part) return fail(40003)
    const bounds = { seed: world.seed, scope: `result:${ask.msgid}:${userid}`, fallback: 500, max: 1_000 }
    const rows =
      task.chat_type === "group"
        ? part.sent_at === undefined
          ? []
          : part.chats.map((_, i) => i)
        : part.people.map((_, i) => i)
    const page = pageOf(rows, ask, bounds)
    if (!page) return fail(50100)
    const send_list = page.items.map((i) => {
      const status = Number(part.status?.[i] ?? "0")
      const who =
        task.chat_type === "group"
          ? { chat_id: part.chats[i] }
          : { external_userid: world.people.ids.encode(part.people[i]!) }
      return { userid, ...who, status, ...(status === 1 ? { send_time: seconds(part.sent_at ?? 0) } : {}) }
    })
    return { send_list, next_cursor: page.next_cursor }
  },
})

export const massSendEndpoints: Endpoint[] = [add, remind, cancel, listV2, taskList, sendResult]
