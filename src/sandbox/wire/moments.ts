import { z } from "zod"
import { momentAnswers, schedulePublish } from "../world/moments.ts"
import type { Moment } from "../world/records.ts"
import type { World } from "../world/world.ts"
import { attachmentsField, mediaIsGood, textField } from "./content.ts"
import { pageOf } from "./cursor.ts"
import { characters, type Endpoint, endpoint, fail, isFailure, paging, seconds, text } from "./endpoint.ts"
import { tagIndex } from "./tags.ts"

const RUNNING_MS = 1_000
const DONE_MS = 3_000
const MONTH_S = 30 * 86_400

const range = z
  .object({ user_list: z.array(text).optional(), department_list: z.array(z.number()).optional() })
  .optional()

function contentFault(world: World, at: number, content: string, attachments: { msgtype: string }[]) {
  if (content === "" && attachments.length === 0) return fail(41089)
  if (characters(content) > 2_000) return fail(40058, "invalid text size")
  const kinds = new Set(attachments.map((attachment) => attachment.msgtype))
  if (kinds.size > 1 || [...kinds].some((kind) => !["image", "video", "link"].includes(kind)))
    return fail(40058, "invalid attachments msgtype")
  if (attachments.length > (kinds.has("image") ? 9 : 1)) return fail(40058, "invalid attachments size")
  for (const attachment of attachments as ({ msgtype: string } & Record<
    string,
    { media_id?: string } | undefined
  >)[]) {
    const part = attachment[attachment.msgtype] as { media_id?: string } | undefined
    if (attachment.msgtype === "link" && part?.media_id === undefined) continue
    if (!mediaIsGood(world, at, part?.media_id, "moment")) return fail(40007)
  }
  return null
}

const add = endpoint({
  path: "externalcontact/add_moment_task",
  args: z.object({
    text: textField,
    attachments: attachmentsField,
    visible_range: z
      .object({
        sender_list: range,
        external_contact_list: z.object({ tag_list: z.array(text).optional() }).optional(),
      })
      .optional(),
  }),
  run({ world, at }, ask) {
    const content = ask.text?.content ?? ""
    const fault = contentFault(world, at, content, ask.attachments ?? [])
    if (fault) return fault
    const asked = ask.visible_range?.sender_list?.user_list
    const users = (
      asked ??
      world
        .activeMembers()
        .filter((m) => m.serves_customers)
        .map((m) => m.userid)
    ).map((u) => u.toLowerCase())
    const jobid = world.newSecret("job", 40)
    const index = tagIndex(world)
    const moment: Moment = {
      created_at: at,
      job_patience_ms: world.patience(),
      content,
      attachments: ask.attachments ?? [],
      users: users.filter((userid) => world.member(userid)),
      tags: (ask.visible_range?.external_contact_list?.tag_list ?? []).filter((id) => index.has(id)),
      published: {},
    }
    const moment_id = momentOf(jobid)
    world.t.moments.put(moment_id, moment)
    for (const userid of moment.users) schedulePublish(world, at, moment_id, userid)
    return { jobid }
  },
})

const momentOf = (jobid: string): string => "mom" + jobid.slice(3)

const result = endpoint({
  path: "externalcontact/get_moment_task_result",
  method: "ANY",
  args: z.object({ jobid: text }),
  run({ world }, { jobid }) {
    const moment = world.t.moments.get(momentOf(jobid))
    if (!moment || !jobid.startsWith("job")) return fail(40058, "invalid jobid")
    const waited_ms = world.patience() - moment.job_patience_ms
    const status = waited_ms < RUNNING_MS ? 1 : waited_ms < DONE_MS ? 2 : 3
    if (status < 3) return { status, type: "add_moment_task", result: { errcode: 0, errmsg: "ok" } }
    const done = {
      errcode: 0,
      errmsg: "ok",
      moment_id: momentOf(jobid),
      invalid_sender_list: { user_list: [] },
    }
    return { status, type: "add_moment_task", result: done }
  },
})

const cancel = endpoint({
  path: "externalcontact/cancel_moment_task",
  args: z.object({ moment_id: text }),
  run({ world }, { moment_id }) {
    const moment = world.t.moments.get(moment_id)
    if (!moment) return fail(41060)
    world.t.moments.put(moment_id, { ...moment, cancelled: true })
    return {}
  },
})

const list = endpoint({
  path: "externalcontact/get_moment_list",
  empty: { moment_list: [] },
  args: z.object({
    start_time: z.number().int(),
    end_time: z.number().int(),
    creator: z.string().optional(),
    filter_type: z.number().optional(),
    ...paging,
  }),
  run({ world }, ask) {
    if (ask.end_time - ask.start_time > MONTH_S || ask.end_time < ask.start_time)
      return fail(40058, "time span")
    const found = [...world.t.moments.rows].filter(
      ([, m]) =>
        seconds(m.created_at) >= ask.start_time &&
        seconds(m.created_at) <= ask.end_time &&
        !m.cancelled &&
        ask.filter_type !== 1,
    )
    const page = pageOf(found, ask, {
      seed: world.seed,
      scope: `moments:${ask.start_time}:${ask.end_time}`,
      fallback: 20,
      max: 100,
    })
    if (!page) return fail(50100)
    const moment_list = page.items.map(([moment_id, m]) => ({
      moment_id,
      create_type: 0,
      visible_type: m.tags.length > 0 ? 0 : 1,
      create_time: seconds(m.created_at),
      ...(m.content ? { text: { content: m.content } } : {}),
    }))
    return { moment_list, next_cursor: page.next_cursor }
  },
})

function published(world: World, moment_id: string, userid: string | undefined) {
  const moment = world.t.moments.get(moment_id)
  if (!moment) return fail(41060)
  const users = userid ? [userid.toLowerCase()] : moment.users
  return users.some((u) => !moment.users.includes(u)) ? fail(41061) : { moment, users }
}

const task = endpoint({
  path: "externalcontact/get_moment_task",
  empty: { task_list: [] },
  args: z.object({ moment_id: text, ...paging }),
  run({ world }, ask) {
    const found = published(world, ask.moment_id, undefined)
    if (isFailure(found)) return found
    const page = pageOf(found.users, ask, {
      seed: world.seed,
      scope: `moment task:${ask.moment_id}`,
      fallback: 500,
      max: 1_000,
    })
    if (!page) return fail(50100)
    const task_list = page.items.map((userid) => ({
      userid,
      publish_status: found.moment.published[userid] === undefined ? 0 : 1,
    }))
    return { task_list, next_cursor: page.next_cursor }
  },
})

function visibleCustomers(world: World, moment: Moment, userid: string): number[] {
  const all = [...world.customersOf(userid)]
  if (moment.tags.length === 0) return all
  return all.filter((n) => world.relation(n, userid)?.tags.some((id) => moment.tags.includes(id)))
}

const people = (path: string, only_published: boolean, bounds: { fallback: number; max: number }) =>
  endpoint({
    path: `externalcontact/${path}`,
    empty: { customer_list: [] },
    args: z.object({ moment_id: text, userid: z.string().optional(), ...paging }),
    run({ world }, ask) {
      const found = published(world, ask.moment_id, ask.userid)
      if (isFailure(found)) return found
      const users = found.users.filter(
        (userid) => !only_published || found.moment.published[userid] !== undefined,
      )
      const rows = users.flatMap((userid) =>
        visibleCustomers(world, found.moment, userid).map((n) => ({ userid, n })),
      )
      const page = pageOf(rows, ask, {
        seed: world.seed,
        scope: `${path}:${ask.moment_id}:${ask.userid}`,
        ...bounds,
      })
      if (!page) return fail(50100)
      const customer_list = page.items.map(({ userid, n }) => ({
        userid,
        external_userid: world.people.ids.encode(n),
      }))
      return { customer_list, next_cursor: page.next_cursor }
    },
  })

const comments = endpoint({
  path: "externalcontact/get_moment_comments",
  empty: { comment_list: [], like_list: [] },
  args: z.object({ moment_id: text, userid: text }),
  run({ world, at }, ask) {
    const found = published(world, ask.moment_id, ask.userid)
    if (isFailure(found)) return found
    const { likes, comments } = momentAnswers(world, at, ask.moment_id, ask.userid.toLowerCase())
    const shown = (rows: [number, number][]) =>
      rows.map(([n, when]) => ({ external_userid: world.people.ids.encode(n), create_time: seconds(when) }))
    return { comment_list: shown(comments), like_list: shown(likes) }
  },
})

export const momentEndpoints: Endpoint[] = [
  add,
  result,
  cancel,
  list,
  task,
  people("get_moment_customer_list", false, { fallback: 500, max: 1_000 }),
  people("get_moment_send_result", true, { fallback: 3_000, max: 5_000 }),
  comments,
]
