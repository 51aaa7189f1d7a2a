import { z } from "zod"
import { limits } from "../limits.ts"
import { leftMembers } from "../world/transfers.ts"
import type { World } from "../world/world.ts"
import { openCursor, pageOf, sealCursor } from "./cursor.ts"
import { characters, type Endpoint, endpoint, fail, seconds, text } from "./endpoint.ts"

const NINETY_DAYS_MS = 90 * 86_400_000
const DAY_MS = 86_400_000

/** Per customer: 0 started, or what stands in the way. */
function startTransfer(
  world: World,
  at: number,
  from: string,
  to: string,
  id: string,
  resigned: boolean,
): number {
  const n = world.personOf(id)
  if (n === null) return 40096
  const follow = world.relation(n, from)
  if (!follow) return 40131
  const earlier = [...world.t.transfers.rows.values()].filter((t) => t.person === n)
  if (earlier.some((t) => t.status === 2)) return 40129
  const counted = earlier.filter((t) => !t.resigned && at - t.at < NINETY_DAYS_MS)
  if (!resigned && counted.length >= limits.transfers_per_90_days) return 40128
  const key = world.newId("tr", 20)
  const due_at = at + limits.transfer_wait_ms
  world.t.transfers.put(key, { person: n, from, to, at, due_at, resigned, status: 2 })
  world.react({ at: due_at, kind: "transfer", id: key })
  return 0
}

const transfer = (resigned: boolean) =>
  endpoint({
    path: `externalcontact/${resigned ? "resigned/" : ""}transfer_customer`,
    empty: { customer: [] },
    pair: (raw) => `transfer:${raw.handover_userid}`,
    args: z.object({
      handover_userid: text,
      takeover_userid: text,
      external_userid: z.array(text).min(1).max(100),
      transfer_success_msg: z.string().optional(),
    }),
    run({ world, at }, ask) {
      if (characters(ask.transfer_success_msg ?? "") > 200) return fail(40058)
      const from = ask.handover_userid.toLowerCase()
      const taker = world.member(ask.takeover_userid)
      if (!taker) return fail(60111)
      if (!taker.serves_customers) return fail(84074)
      const left = leftMembers(world).includes(from)
      if (resigned && !left) return fail(40097)
      if (!resigned && !world.member(from)) return fail(60111)
      const customer = ask.external_userid.map((id) => ({
        errcode: startTransfer(world, at, from, taker.userid, id, resigned),
        external_userid: id,
      }))
      return { customer }
    },
  })

const transferResult = (resigned: boolean) =>
  endpoint({
    path: `externalcontact/${resigned ? "resigned/" : ""}transfer_result`,
    empty: { customer: [] },
    args: z.object({ handover_userid: text, takeover_userid: text, cursor: z.string().optional() }),
    run({ world }, ask) {
      const from = ask.handover_userid.toLowerCase()
      const to = ask.takeover_userid.toLowerCase()
      const rows = [...world.t.transfers.rows.values()].filter(
        (t) => t.from === from && t.to === to && t.resigned === resigned,
      )
      const page = pageOf(rows, ask, {
        seed: world.seed,
        scope: `transfer:${resigned}:${from}:${to}`,
        fallback: 1_000,
        max: 1_000,
      })
      if (!page) return fail(50100)
      const customer = page.items.map((t) => ({
        external_userid: world.people.ids.encode(t.person),
        status: t.status,
        takeover_time: t.status === 1 || t.status === 2 ? seconds(t.due_at) : 0,
      }))
      return { customer, next_cursor: page.next_cursor }
    },
  })

const unassigned = endpoint({
  path: "externalcontact/get_unassigned_list",
  empty: { info: [] },
  args: z.object({
    page_id: z.number().int().min(0).optional(),
    page_size: z.number().int().min(1).max(1_000).default(1_000),
    cursor: z.string().optional(),
  }),
  run({ world }, { page_id, page_size, cursor }) {
    if (page_id !== undefined && page_id * page_size >= 50_000) return fail(40058)
    const opened = openCursor(world.seed, "unassigned", cursor)
    if (opened === null) return fail(50100)
    const skip = page_id === undefined ? Number(opened[0] ?? 0) : page_id * page_size
    const info: { handover_userid: string; external_userid: string; dimission_time: number }[] = []
    let seen = 0
    for (const userid of leftMembers(world)) {
      for (const n of world.customersOf(userid)) {
        if (seen++ < skip) continue
        if (info.length === page_size) {
          const next =
            page_id === undefined
              ? { next_cursor: sealCursor(world.seed, "unassigned", [skip + page_size]) }
              : {}
          return { info, is_last: false, ...next }
        }
        const left_at = world.t.users.get(userid)?.left_at ?? 0
        info.push({
          handover_userid: userid,
          external_userid: world.people.ids.encode(n),
          dimission_time: seconds(left_at),
        })
      }
    }
    return { info, is_last: true, ...(page_id === undefined ? { next_cursor: "" } : {}) }
  },
})

function moveGroup(world: World, at: number, chat_id: string, owner: string, resigned: boolean): number {
  const g = world.chatOf(chat_id)
  const chat = g === null ? undefined : world.t.chats.get(g)
  if (g === null || !chat || chat.dismissed) return 90501
  if (chat.owner === owner) return 90504
  const gone = !world.member(chat.owner)
  if (resigned && !gone) return 90500
  if (!resigned && gone) return 90502
  const earlier = (chat.transfers ?? []).filter((t) => at - t < NINETY_DAYS_MS)
  if (!resigned && earlier.length >= 2) return 40128
  if ((chat.transfers ?? []).filter((t) => at - t < DAY_MS).length >= limits.group_transfers_per_day)
    return 45009
  world.putChat(g, {
    owner,
    status: resigned ? 3 : 0,
    transfers: [...earlier, at],
    version: chat.version + 1,
  })
  return 0
}

const groupTransfer = (resigned: boolean) =>
  endpoint({
    path: `externalcontact/groupchat/${resigned ? "transfer" : "onjob_transfer"}`,
    empty: { failed_chat_list: [] },
    args: z.object({ chat_id_list: z.array(text).min(1).max(100), new_owner: text }),
    run({ world, at }, { chat_id_list, new_owner }) {
      const owner = world.member(new_owner)
      if (!owner) return fail(60111)
      const failed_chat_list = chat_id_list.flatMap((chat_id) => {
        const errcode = moveGroup(world, at, chat_id, owner.userid, resigned)
        return errcode === 0 ? [] : [{ chat_id, errcode, errmsg: "cannot transfer group" }]
      })
      return { failed_chat_list }
    },
  })

export const transferEndpoints: Endpoint[] = [
  transfer(false),
  transfer(true),
  transferResult(false),
  transferResult(true),
  unassigned,
  groupTransfer(true),
  groupTransfer(false),
]
