import { z } from "zod"
import { limits } from "../limits.ts"
import { chatOf } from "../world/chat.ts"
import { worldDigest } from "../world/digest.ts"
import { products } from "../world/products.ts"
import { departments, members } from "../world/staff.ts"
import { type Control, nothing, type Route, route } from "./route.ts"

const page = {
  cursor: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(limits.page).default(50),
}

function personView({ world }: Control, n: number) {
  const p = world.people.person(n)
  return {
    external_userid: world.people.ids.encode(n),
    unionid: world.people.unionid(n),
    name: p.name,
    kind: p.kind,
    persona: p.persona,
    city: p.city,
    follows: world.follows(n).map((f) => ({
      userid: f.userid,
      state: f.state ?? "",
      remark: f.remark,
      tags: f.tags,
      ...(f.lost_at === undefined ? {} : { lost: true }),
    })),
    groups: world.groupsOf(n).map((g) => world.chat_ids.encode(g)),
  }
}

const state = route("GET", "state", nothing, (c) => {
  const { world, clock } = c
  const history = world.meta("history")
  const { anchor_real_ms, anchor_shop_ms, rate, paused, mode } = clock.snapshot()
  return {
    seed: world.seed,
    size: world.size,
    scenario: world.scenario,
    start_ms: world.start_ms,
    alive: c.engine.alive,
    system_url: world.meta("system_url") ?? "",
    clock: { anchor_real_ms, anchor_shop_ms, rate, paused, mode, now_ms: clock.now() },
    people: world.population(),
    newcomers: world.population() - world.size,
    groups: world.t.chats.size,
    contact_ways: world.t.ways.size,
    join_ways: world.t.join_ways.size,
    tasks: world.t.mass.size,
    history: { ...history, share: world.size === 0 ? 1 : history.next_person / world.size },
    waiting: {
      events: world.t.out_events.size,
      orders: world.t.out_orders.size,
      messages: world.t.out_messages.size,
      reactions: world.t.reactions.size,
    },
    totals: world.meta("totals"),
    faults: world.meta("faults"),
    counters: c.counters(),
    happenings: world.happenings.slice(-20).reverse(),
  }
})

const happenings = route("GET", "happenings", nothing, ({ world }) => ({
  happenings: [...world.happenings].reverse(),
}))

const people = route(
  "GET",
  "people",
  z.object({ ...page, q: z.string().optional(), userid: z.string().optional() }),
  (c, { cursor, limit, q, userid }) => {
    const found: unknown[] = []
    let n = cursor
    for (; n < c.world.population() && found.length < limit; n++) {
      if (q && !c.world.people.person(n).name.includes(q)) continue
      if (userid && !c.world.relation(n, userid)) continue
      found.push(personView(c, n))
    }
    return { people: found, next_cursor: n < c.world.population() ? n : null, total: c.world.population() }
  },
)

const person = route("GET", "person", z.object({ external_userid: z.string() }), (c, { external_userid }) => {
  const n = c.world.personOf(external_userid)
  return n === null ? { refused: "no_such_person", field: "external_userid" } : { person: personView(c, n) }
})

const groups = route("GET", "groups", z.object(page), ({ world }, { cursor, limit }) => {
  const keys = [...world.t.chats.rows.keys()].sort((a, b) => a - b)
  const shown = keys.slice(cursor, cursor + limit).map((g) => {
    const { name, owner, version, dismissed } = world.t.chats.get(g)!
    return {
      chat_id: world.chat_ids.encode(g),
      name,
      owner,
      members: world.groupSize(g),
      version,
      dismissed: dismissed ?? false,
    }
  })
  return {
    groups: shown,
    next_cursor: cursor + limit < keys.length ? cursor + limit : null,
    total: keys.length,
  }
})

const staff = route("GET", "staff", nothing, ({ world }) => ({
  departments,
  members: members.map((m) => ({ ...m, status: world.memberStatus(m.userid) })),
}))

const codes = route("GET", "codes", nothing, ({ world }) => ({
  contact_ways: [...world.t.ways.rows]
    .slice(-limits.page)
    .map(([config_id, way]) => ({ config_id, state: way.state, remark: way.remark, user: way.user })),
  join_ways: [...world.t.join_ways.rows].slice(-limits.page).map(([config_id, way]) => ({
    config_id,
    state: way.state,
    remark: way.remark,
    chat_id_list: way.chat_id_list,
  })),
  sources: ["gzh_menu", "store_01", "store_02", "short_video", "friend_gift", "expo_2025"],
}))

const orders = route("GET", "orders", nothing, ({ world }) => ({
  orders: [...world.t.live_orders.rows.values()].slice(-limits.page).reverse(),
}))

const tasks = route("GET", "tasks", nothing, ({ world }) => ({
  tasks: [...world.t.mass.rows]
    .slice(-limits.page)
    .reverse()
    .map(([msgid, task]) => ({
      msgid,
      ...task,
      members: task.members.map((userid) => {
        const part = world.t.mass_parts.get(`${msgid}:${userid}`)
        const status = [...(part?.status ?? "")]
        const of = (digit: string) => status.filter((s) => s === digit).length
        return {
          userid,
          asked: (part?.people.length ?? 0) + (part?.chats.length ?? 0),
          sent_at: part?.sent_at ?? null,
          sent: of("1"),
          no_friend: of("2"),
          over_quota: of("3"),
        }
      }),
    })),
}))

const messages = route("GET", "messages", nothing, ({ world }) => ({
  app: [...world.t.app_messages.rows.values()].slice(-limits.page).reverse(),
  robot: [...world.t.robot_sent.rows.values()].slice(-limits.page).reverse(),
  welcomes: [...world.t.welcomes.rows.values()]
    .slice(-limits.page)
    .reverse()
    .map(({ person, ...rest }) => ({ external_userid: world.people.ids.encode(person), ...rest })),
}))

const chat = route(
  "GET",
  "chat",
  z.object({ userid: z.string(), external_userid: z.string() }),
  (c, { userid, external_userid }) => {
    const n = c.world.personOf(external_userid)
    if (n === null) return { refused: "no_such_person", field: "external_userid" }
    const follow = c.world.relation(n, userid)
    return {
      person: personView(c, n),
      friend: follow === undefined ? "never" : follow.lost_at === undefined ? "yes" : "gone",
      said: chatOf(c.world, n, userid),
    }
  },
)

/** What the shop has taken in and given back, to the fen. */
const wallet = route("GET", "wallet", nothing, ({ world }) => {
  const t = world.meta("totals")
  return { ...t, balance_fen: t.live_paid_fen - t.refunded_fen, orders_waiting: world.t.out_orders.size }
})

const catalogue = route("GET", "products", nothing, () => ({ products }))

const digest = route("GET", "digest", nothing, ({ world }) => ({ digest: worldDigest(world) }))

export const viewRoutes: Route[] = [
  state,
  happenings,
  people,
  person,
  groups,
  staff,
  codes,
  orders,
  tasks,
  messages,
  chat,
  wallet,
  catalogue,
  digest,
]
