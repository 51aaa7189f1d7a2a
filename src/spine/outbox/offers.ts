import { createHash } from "node:crypto"
import { z } from "zod"
import type { Words } from "../../kernel/contract.ts"
import { atTime, DAY_MS, dayNumber } from "../../kernel/day.ts"
import { type Queryable, rows, type Tx } from "../../platform/db.ts"
import {
  type ActionAsk,
  type ActionPreview,
  defineAction,
  type FactOffer,
  type Offers,
} from "../offers/index.ts"
import { assignmentTitles, openAssignments } from "./assignments.ts"
import { dryRun } from "./dry-run.ts"
import {
  assignmentCancelled,
  assignmentDone,
  assignmentMissed,
  assignmentOpened,
  deedDone,
  deedFailed,
  touchDelivered,
  touchFailed,
  touchMissed,
  welcomeMissed,
  welcomeSent,
} from "./events.ts"
import { DUE_DAYS_MAX, QUOTED_LETTERS, TEXT_BYTES_MAX, TITLE_MAX, TOUCH_LIFE_MS } from "./limits.ts"
import { type Message, planTouches, saveMessages } from "./plan.ts"
import { byteLength, render, unknownVariables } from "./rules.ts"
import { nearestContacts, spokenTo } from "./spoken.ts"
import type { World } from "./world.ts"

const text = z
  .string()
  .trim()
  .min(1)
  .max(TEXT_BYTES_MAX)
  .refine((t) => byteLength(t) <= TEXT_BYTES_MAX, { message: `longer than ${TEXT_BYTES_MAX} bytes` })
  .refine((t) => unknownVariables(t).length === 0, { message: "a variable that nothing fills" })
const accountFunction = z.enum(["ip", "sales", "member", "agent"]).nullable().default(null)

/** What modules lend the words of: the kinds of assignments that a play may wait for, and the situations for which there are scripts. */
export type OutboxWords = {
  kinds: Readonly<Record<string, Words>>
  situations: Readonly<Record<string, Words>>
}
const NO_WORDS: OutboxWords = { kinds: {}, situations: {} }
const PLAIN_KIND = "task"

/** A choice from a lent list; what is no longer on it stays readable, and a list that is empty is not asked for. */
const oneOf = (list: Readonly<Record<string, Words>>) =>
  z
    .string()
    .regex(/^[a-z_]{1,40}$/)
    .meta(Object.keys(list).length > 0 ? { choices: list } : { hidden: true })

const sendArgs = ({ situations }: OutboxWords) =>
  z.strictObject({
    text,
    /** Of which situation the script is taken, by what kind of person the customer is; without one for them `text` is said. */
    situation: oneOf(situations).nullable().default(null),
    nature: z.enum(["selling", "service"]).default("service"),
    account_function: accountFunction,
  })
type SendArgs = z.output<ReturnType<typeof sendArgs>>

const assignArgs = ({ kinds, situations }: OutboxWords) =>
  z.strictObject({
    /** By it a play that waits for an assignment knows its own. */
    kind: oneOf(kinds).default(PLAIN_KIND),
    title: z.string().trim().min(1).max(TITLE_MAX),
    script: z.string().max(TEXT_BYTES_MAX).default(""),
    situation: oneOf(situations).nullable().default(null),
    /** Whoever holds the account of this function that knows the customer does it; else whoever's account does. */
    account_function: accountFunction,
    /** So many days after it comes up; 0 is that day. */
    due_days: z.number().int().min(0).max(DUE_DAYS_MAX).default(0),
    /** Clock time of that day; one that is over means the next day. */
    due: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .default("21:00"),
    evidence: z.enum(["none", "text", "screenshot"]).default("none"),
  })
type AssignArgs = z.output<ReturnType<typeof assignArgs>>

const told = { assignment_id: "assignment" }

/** Facts of assignments may be asked for by their kind, where kinds are lent. */
const factsOf = ({ kinds }: OutboxWords): FactOffer[] => {
  const asked =
    Object.keys(kinds).length > 0
      ? { fields: { kind: { label: { zh: "哪类待办", en: "Kind of assignment" }, values: { ...kinds } } } }
      : {}
  return FACTS.map((fact) => (fact.type.startsWith("assignment.") ? { ...fact, ...asked } : fact))
}

const FACTS: FactOffer[] = [
  { type: touchDelivered.type, label: { zh: "已送达", en: "Message delivered" } },
  { type: touchFailed.type, label: { zh: "未送达", en: "Message not delivered" } },
  { type: touchMissed.type, label: { zh: "过期未发", en: "Message not sent in its window" } },
  { type: assignmentOpened.type, label: { zh: "生成待办", en: "Assignment opened" }, told },
  { type: assignmentDone.type, label: { zh: "完成待办", en: "Assignment done" }, told },
  { type: assignmentMissed.type, label: { zh: "待办逾期", en: "Assignment missed" }, told },
  { type: assignmentCancelled.type, label: { zh: "取消待办", en: "Assignment cancelled" }, told },
  { type: deedDone.type, label: { zh: "渠道操作已完成", en: "Done through the channel" } },
  { type: deedFailed.type, label: { zh: "渠道操作未完成", en: "Not done through the channel" } },
  { type: welcomeSent.type, label: { zh: "已发欢迎语", en: "Welcomed" } },
  { type: welcomeMissed.type, label: { zh: "错过欢迎语", en: "Welcome missed" } },
]

/** What every play may do: write to a person, and give a person something to do. */
export function outboxOffers(world: World, words: OutboxWords = NO_WORDS): Offers {
  const send = sendArgs(words)
  const task = assignArgs(words)
  const spoken = (situation: string | null, language: keyof Words) => {
    if (situation === null) return ""
    const name = words.situations[situation]?.[language] ?? situation
    return language === "zh"
      ? `，有「${name}」话术的人群换成自己的`
      : `, or their kind's script for “${name}”`
  }
  return {
    module: "outbox",
    facts: factsOf(words),
    names: [{ kind: "assignment", lookup: assignmentTitles }],
    actions: [
      defineAction({
        name: "outbox.send_message",
        version: 1,
        label: { zh: "发私聊消息", en: "Send a private message" },
        hint: {
          zh: "营销消息受频次限制（每人每天 1 条、7 天 3 条），夜间不发；没有空位时顺延到下一天。{{称呼}} 会换成客户的名字。",
          en: "Selling messages count in the caps (1 a day and 3 in 7 days a person); nothing at night; without room the next day. {{name}} becomes the customer's name.",
        },
        args: send as z.ZodType<SendArgs>,
        sentence: (a) =>
          `发${a.nature === "selling" ? "营销" : "服务"}消息「${shortened(a.text)}」${spoken(a.situation, "zh")}`,
        sentence_en: (a) => `send a ${a.nature} message “${shortened(a.text)}”${spoken(a.situation, "en")}`,
        preview: (q, customer_id, args, at) => previewMessage(q, world, customer_id, args, at),
        perform: (t, asks, now) => sendMessages(t, world, asks, now),
      }),
      defineAction({
        name: "outbox.create_assignment",
        version: 1,
        label: { zh: "生成待办", en: "Create an assignment" },
        hint: {
          zh: "交给添加了该客户的账号的保管人。",
          en: "For whoever holds the account that knows the customer.",
        },
        args: task as z.ZodType<AssignArgs>,
        sentence: (a) => `生成待办「${a.title}」${dueIn(a.due_days)}${spoken(a.situation, "zh")}`,
        sentence_en: (a) =>
          `create the assignment “${a.title}”${a.due_days > 0 ? `, due in ${a.due_days} days` : ""}${spoken(a.situation, "en")}`,
        preview: async (q, customer_id, { title, script, ...of }) => {
          const name = (await nameOf(q, world, customer_id)) || "客户"
          const [said] = await spokenTo(q, world, [{ customer_id, text: script, ...of }])
          const text = [title, said ?? script].filter(Boolean).map((one) => render(one, { name }))
          return { text: text.join("\n"), through: null, hindered_by: null }
        },
        perform: (t, asks, now) => assign(t, world, asks, now),
      }),
    ],
  }
}

const dueIn = (days: number) => (days > 0 ? `，${days} 天内完成` : "")

async function nameOf(q: Queryable, world: World, customer_id: string): Promise<string> {
  const found = await rows<{ name: string | null }>(
    q,
    `select w.name from (${world.contacts}) w where w.customer_id = $1 order by w.added_at desc limit 1`,
    [customer_id],
  )
  return found[0]?.name ?? ""
}

/** One person's message as the planner would judge it at that moment, with what is reserved by now. */
async function previewMessage(
  q: Queryable,
  world: World,
  customer_id: string,
  args: SendArgs,
  at: Date,
): Promise<ActionPreview> {
  const text = (await spokenTo(q, world, [{ customer_id, ...args }]))[0] ?? args.text
  const told = await dryRun(
    q,
    world,
    {
      audience: { sql: "select $1::uuid as customer_id", params: [customer_id] },
      nature: args.nature,
      account_function: args.account_function,
      text,
      at,
      expires_at: new Date(at.getTime() + TOUCH_LIFE_MS),
    },
    at,
  )
  return {
    text: render(text, { name: await nameOf(q, world, customer_id) }),
    through: told.accounts[0]?.name ?? null,
    hindered_by: told.left_out[0]?.reason ?? (told.moved_by_quiet_hours ? "quiet" : null),
  }
}

/** The id of what is said: the same words are the same message. */
function messageId(content: unknown): string {
  const hex = createHash("sha256").update(JSON.stringify(content)).digest("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Ids of causes sort by their moment; that moment is fixed for the cause. */
function momentOf(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16))
}

const visitOf = (key: string) => Number(key.slice(key.lastIndexOf("/") + 1)) || 0

async function sendMessages(t: Tx, world: World, asks: ActionAsk<SendArgs>[], now: Date) {
  const texts = await spokenTo(
    t,
    world,
    asks.map(({ customer_id, args }) => ({ customer_id, ...args })),
  )
  const messages = asks.map(({ args: { nature, account_function } }, n): Message => {
    const text = texts[n]!
    return {
      id: messageId({ text, nature, account_function }),
      touch_kind: "send_private",
      nature,
      when_capped: "next_day",
      account_function,
      content: { text },
    }
  })
  await saveMessages(t, [...new Map(messages.map((m) => [m.id, m])).values()])
  await planTouches(
    t,
    world,
    asks.map((a, i) => ({
      customer_id: a.customer_id,
      cause: { kind: a.cause.kind, id: a.cause.id, at: momentOf(a.cause.id) },
      visit: visitOf(a.key),
      message_id: messages[i]!.id,
      due_at: now,
      expires_at: new Date(now.getTime() + TOUCH_LIFE_MS),
    })),
    now,
  )
  return asks.map(() => ({}))
}

async function assign(t: Tx, world: World, asks: ActionAsk<AssignArgs>[], now: Date) {
  const accounts = new Map((await world.accounts(t)).map((a) => [a.id, a]))
  const people = asks.map(({ customer_id, args: { script, ...args } }) => ({
    customer_id,
    text: script,
    ...args,
  }))
  const contact = await nearestContacts(t, world, people)
  const scripts = await spokenTo(t, world, people, contact)
  await openAssignments(
    t,
    asks.map((a, n) => {
      const k = contact.get(n)
      // Just added, a person may have no name yet: who reads it sees the customer beside it.
      const values = { name: k?.name || "客户" }
      return {
        cause_key: `${a.cause.kind}:${a.key}`,
        kind: a.args.kind,
        title: render(a.args.title, values),
        script: render(scripts[n]!, values),
        customer_id: a.customer_id,
        account_id: k?.account_id ?? null,
        assignee_staff_id: (k && accounts.get(k.account_id)?.custodian_staff_id) ?? null,
        due_at: new Date(nextClock(now, a.args.due).getTime() + a.args.due_days * DAY_MS),
        evidence: a.args.evidence,
      }
    }),
    now,
  )
  return asks.map(() => ({}))
}

function nextClock(now: Date, clock: string): Date {
  const [hour = 0, minute = 0] = clock.split(":").map(Number)
  const today = atTime(dayNumber(now), hour, minute)
  return today > now ? today : atTime(dayNumber(now) + 1, hour, minute)
}

/** The beginning of a text, as it is quoted in a sentence. */
const shortened = (text: string) =>
  text.length > QUOTED_LETTERS ? `${text.slice(0, QUOTED_LETTERS)}…` : text
