import { z } from "zod"
import { DAY_MS, dayNumber, startOfDay } from "../../kernel/day.ts"
import type { World } from "../world/world.ts"
import { bit, type Endpoint, endpoint, fail, seconds, text } from "./endpoint.ts"

const SPAN_DAYS = 30
const BACK_DAYS = 180

function days(at: number, begin_s: number, end_s: number): number[] | null {
  const first = dayNumber(begin_s * 1000)
  const last = dayNumber(end_s * 1000)
  const today = dayNumber(at)
  if (last < first || last - first >= SPAN_DAYS || first < today - BACK_DAYS || last > today) return null
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

const daily = (world: World, what: string, who: string, day: number, mean: number): number =>
  Math.round(mean * (0.5 + world.roll("statistics", what, who, day)))

const behaviour = endpoint({
  path: "externalcontact/get_user_behavior_data",
  empty: { behavior_data: [] },
  args: z.object({
    start_time: z.number().int(),
    end_time: z.number().int(),
    userid: z.array(text).max(100).optional(),
    partyid: z.array(z.number()).max(100).optional(),
  }),
  run({ world, at }, { start_time, end_time, userid, partyid }) {
    const span = days(at, start_time, end_time)
    if (!span) return fail(40058, "time span")
    const users = [
      ...(userid ?? []),
      ...world
        .activeMembers()
        .filter((m) => partyid?.includes(m.department))
        .map((m) => m.userid),
    ]
    if (users.length === 0) return fail(40063)
    const members = users.map((u) => world.member(u))
    if (members.some((m) => !m)) return fail(60111)
    const behavior_data = span.map((day) => {
      const sum = (what: string, mean: number) =>
        members.reduce(
          (total, m) => total + (m?.serves_customers ? daily(world, what, m.userid, day, mean) : 0),
          0,
        )
      const chat_cnt = sum("chats", 24)
      return {
        stat_time: seconds(startOfDay(day).getTime()),
        chat_cnt,
        message_cnt: sum("messages", 110),
        ...(chat_cnt > 0
          ? {
              reply_percentage: 62 + Math.round(30 * world.roll("replies", day)),
              avg_reply_time: 2 + (day % 9),
            }
          : {}),
        negative_feedback_cnt: sum("negative", 0.7),
        new_apply_cnt: sum("applied", 7),
        new_contact_cnt: sum("added", 6),
      }
    })
    return { behavior_data }
  },
})

/** Statistics of the groups of some owners on one day, from who was inside; talk is drawn. */
function chatStat(world: World, owners: string[], from_day: number, to_day: number) {
  const begin = startOfDay(from_day).getTime()
  const end = startOfDay(to_day).getTime() + DAY_MS
  const groups = [...world.t.chats.rows].filter(
    ([, chat]) => owners.includes(chat.owner) && !chat.dismissed && chat.created_at < end,
  )
  const stat = {
    new_chat_cnt: 0,
    chat_total: groups.length,
    chat_has_msg: 0,
    new_member_cnt: 0,
    member_total: 0,
    member_has_msg: 0,
    msg_total: 0,
  }
  for (const [g, chat] of groups) {
    if (chat.created_at >= begin) stat.new_chat_cnt++
    let total = 0
    for (const [, member] of world.groupMembers(g)) {
      if (member.at >= end) continue
      total++
      if (member.at >= begin) stat.new_member_cnt++
    }
    const spoke = Math.min(total, daily(world, "spoke", String(g), from_day, total * 0.12))
    stat.member_total += total
    stat.member_has_msg += spoke
    stat.msg_total += spoke * 3
    if (spoke > 0) stat.chat_has_msg++
  }
  return stat
}

const owner_filter = z.object({ userid_list: z.array(text).min(1).max(100) })

const byOwner = endpoint({
  path: "externalcontact/groupchat/statistic",
  empty: { items: [] },
  args: z.object({
    day_begin_time: z.number().int(),
    day_end_time: z.number().int().optional(),
    owner_filter,
    order_by: z.number().int().min(1).max(4).default(1),
    order_asc: bit.default(false),
    offset: z.number().int().min(0).default(0),
    limit: z.number().int().min(1).max(1_000).default(500),
  }),
  run({ world, at }, ask) {
    const span = days(at, ask.day_begin_time, ask.day_end_time ?? ask.day_begin_time)
    if (!span) return fail(40058, "time span")
    const order = (["new_chat_cnt", "chat_total", "new_member_cnt", "member_total"] as const)[
      ask.order_by - 1
    ]!
    const all = ask.owner_filter.userid_list.map((owner) => ({
      owner,
      data: chatStat(world, [owner], span[0]!, span[span.length - 1]!),
    }))
    all.sort((a, b) => (a.data[order] - b.data[order]) * (ask.order_asc ? 1 : -1))
    const items = all.slice(ask.offset, ask.offset + ask.limit)
    return { items, total: all.length, next_offset: ask.offset + items.length }
  },
})

const byDay = endpoint({
  path: "externalcontact/groupchat/statistic_group_by_day",
  empty: { items: [] },
  args: z.object({
    day_begin_time: z.number().int(),
    day_end_time: z.number().int().optional(),
    owner_filter,
  }),
  run({ world, at }, ask) {
    const span = days(at, ask.day_begin_time, ask.day_end_time ?? ask.day_begin_time)
    if (!span) return fail(40058, "time span")
    const items = span.map((day) => ({
      stat_time: seconds(startOfDay(day).getTime()),
      data: chatStat(world, ask.owner_filter.userid_list, day, day),
    }))
    return { items }
  },
})

export const statisticsEndpoints: Endpoint[] = [behaviour, byOwner, byDay]
