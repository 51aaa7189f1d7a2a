import { until } from "../../platform/testkit/index.ts"
import { conformance, type Subject } from "../conformance/index.ts"
import type { Parcel, Recipient, TouchKind } from "../protocol/index.ts"
import { wecomChannel } from "./channel.ts"
import { openClient } from "./client.ts"
import { freePace } from "./pace.ts"
import { CORP, memoryTokenStore } from "./testkit/index.ts"
import { listen, startSandbox } from "./testkit/sandbox.ts"
import { openTokens } from "./token.ts"
import { openWire, type Wire } from "./wire.ts"
import { textOf } from "./xml.ts"

/** Calls that do something outside, by the kind of touch they are for. */
const PATHS: Partial<Record<TouchKind, RegExp>> = {
  send_private: /add_msg_template$/,
  send_group: /add_msg_template$/,
  welcome: /send_welcome_msg$/,
  tag: /mark_tag$/,
  remark: /contact\/remark$/,
  notify_staff: /message\/send$/,
  transfer_customer: /externalcontact\/transfer_customer$/,
  transfer_group: /onjob_transfer$/,
}
const DOING = new RegExp(
  Object.values(PATHS)
    .map((path) => path.source)
    .join("|"),
)

type People = {
  people: { external_userid: string; follows: { userid: string; lost?: boolean }[] }[]
  next_cursor: number | null
}
type Groups = { groups: { chat_id: string; owner: string; dismissed: boolean }[] }

async function make(): Promise<Subject> {
  const sandbox = await startSandbox()
  const heard = await listen(sandbox)
  const real = openWire(sandbox.base)
  const done = new Map<string, number>()
  let next: "refuse" | "lose" | undefined
  /** The platform's line in the test's hands; what it does, it does in the real sandbox. */
  const wire: Wire = {
    async request(request) {
      if (!DOING.test(request.path)) return real.request(request)
      const fault = next
      next = undefined
      if (fault === "refuse")
        await sandbox.control("faults", {
          api: { errors: [{ path: `/cgi-bin/${request.path}`, errcode: 48002, times: 1 }] },
        })
      const answer = await real.request(request)
      if (answer.kind === "answered" && answer.body.errcode === 0) {
        const body = JSON.stringify(request.json)
        const count = done.get(request.path) ?? 0
        if (!done.has(body) || !/mark_tag|remark|message/.test(request.path))
          done.set(request.path, count + 1)
        done.set(body, 1)
      }
      return fault === "lose" ? { kind: "lost", detail: "the answer never came" } : answer
    },
  }
  const tokens = openTokens({ ...CORP, store: memoryTokenStore(), wire })
  const client = openClient({ wire, tokens, pace: freePace() })
  const channel = wecomChannel({ client, agent_id: 1_000_002, now: sandbox.now })

  const { people } = await sandbox.control<People>("people?limit=200")
  const follows = people.flatMap(({ external_userid, follows }) =>
    follows.filter((f) => !f.lost).map((f) => ({ external_userid, userid: f.userid })),
  )
  const account = mostOften(follows.map((f) => f.userid))
  const own = follows.filter((f) => f.userid === account).map((f) => f.external_userid)
  const other = follows.find((f) => f.userid !== account)!.userid
  const { groups } = await sandbox.control<Groups>("groups?limit=200")
  const owner = mostOften(groups.filter((g) => !g.dismissed).map((g) => g.owner))
  const chats = groups.filter((g) => g.owner === owner && !g.dismissed).map((g) => g.chat_id)
  const tagMade = await channel.services.tag_catalogue!.create("验收", ["甲", "乙"])
  if ("failure" in tagMade) throw new Error(tagMade.failure.code)
  const { tag_refs } = tagMade

  let serial = 0
  let taken = 0
  const fresh = (list: string[], count: number): Recipient[] =>
    Array.from({ length: Math.min(count, list.length) }, () => {
      const ref = list[taken++ % list.length]!
      return { key: `k${taken}`, ref }
    })
  const text = () => `第 ${++serial} 条`
  const parcels: Partial<Record<TouchKind, (count: number) => Promise<Partial<Parcel>>>> = {
    send_private: async (n) => ({
      account_ref: account,
      recipients: fresh(own, n),
      payload: { content: { text: text() } },
    }),
    send_group: async (n) => ({
      account_ref: owner,
      recipients: fresh(chats, n),
      payload: { content: { text: text() } },
    }),
    welcome: async () => {
      const { external_userid } = await scan()
      const code = await until(() => {
        const event = heard.find((one) => textOf(one.fields, "ExternalUserID") === external_userid)
        return event && textOf(event.fields, "WelcomeCode")
      })
      return {
        account_ref: account,
        recipients: [{ key: `k${++taken}`, ref: external_userid }],
        payload: { code, expires_at: new Date(Date.now() + 20_000), content: { text: "欢迎" } },
      }
    },
    tag: async (n) => ({
      account_ref: account,
      recipients: fresh(own, n),
      payload: { add: [tag_refs.甲!], remove: [tag_refs.乙!] },
    }),
    remark: async (n) => ({ account_ref: account, recipients: fresh(own, n), payload: { remark: text() } }),
    notify_staff: async () => ({
      account_ref: account,
      recipients: [{ key: `k${++taken}`, ref: account }],
      payload: { content: { text: text() } },
    }),
    transfer_customer: async (n) => ({
      account_ref: account,
      recipients: fresh(own.slice(-40), n),
      payload: { to_account_ref: other, resigned: false },
    }),
    transfer_group: async () => ({
      account_ref: owner,
      recipients: [{ key: `k${++taken}`, ref: await newGroup() }],
      payload: { to_account_ref: other, resigned: false },
    }),
  }
  const scan = async () => {
    const answer = await sandbox.control<{ scanned: { external_userid: string }[] }>("scan", {
      userid: account,
      state: "poster",
    })
    return answer.scanned[0]!
  }
  const newGroup = async () =>
    (await sandbox.control<{ chat_id: string }>("create-group", { owner, name: text() })).chat_id

  return {
    channel,
    now: sandbox.now,
    async sample(kind, count) {
      return { id: `p${++serial}`, kind, ...(await parcels[kind]!(count)) } as Parcel
    },
    async effects(kind) {
      const path = PATHS[kind]!
      const counts = [...done].filter(([name]) => !name.startsWith("{") && path.test(name))
      return counts.reduce((sum, [, n]) => sum + n, 0)
    },
    refuseNext: async () => {
      next = "refuse"
    },
    loseNext: async () => {
      next = "lose"
    },
    settle: () => sandbox.step(4_000),
    async confirm(msgid) {
      await sandbox.control("staff/press-send", { msgid })
      await sandbox.step(4_000)
    },
    end: sandbox.end,
  }
}

function mostOften(list: string[]): string {
  const counts = new Map<string, number>()
  for (const one of list) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]![0]
}

conformance("wecom", make)
