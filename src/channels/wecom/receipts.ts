import { z } from "zod"
import type { Failure, Receipt, ReceiptState, ReceiptsAnswer, SentTask } from "../protocol/index.ts"
import { type Client, failureIn } from "./client.ts"
import { TASK_CANCELLED } from "./errors.ts"
import { GROUP_CHOICE_MS, PAGES_MAX } from "./limits.ts"

const seconds = z.number().int().positive().optional().catch(undefined)
const TaskPage = z.object({
  task_list: z
    .array(z.object({ userid: z.string(), status: z.number().int(), send_time: seconds }))
    .nullish(),
  next_cursor: z.string().nullish(),
})
const ResultPage = z.object({
  send_list: z
    .array(
      z.object({
        external_userid: z.string().optional().catch(undefined),
        chat_id: z.string().optional().catch(undefined),
        status: z.number().int(),
        send_time: seconds,
      }),
    )
    .nullish(),
  next_cursor: z.string().nullish(),
})

type Listed<T> = { list: T[] } | { failure: Failure }
type Member = { userid: string; status: number; send_time?: number }
type Result = { external_userid?: string; chat_id?: string; status: number; send_time?: number }

export function taskMembers(client: Client, msgid: string): Promise<Listed<Member>> {
  return pages(client, "externalcontact/get_groupmsg_task", TaskPage, { msgid }, (page) => page.task_list)
}

export function sendResults(client: Client, msgid: string, userid: string): Promise<Listed<Result>> {
  return pages(
    client,
    "externalcontact/get_groupmsg_send_result",
    ResultPage,
    { msgid, userid },
    (page) => page.send_list,
  )
}

async function pages<P extends { next_cursor?: string | null }, T>(
  client: Client,
  api: string,
  schema: z.ZodType<P>,
  json: Record<string, unknown>,
  listOf: (page: P) => T[] | null | undefined,
): Promise<Listed<T>> {
  const list: T[] = []
  let cursor = ""
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await client.call(api, schema, {
      json: { ...json, limit: 1000, ...(cursor ? { cursor } : {}) },
      repeatable: true,
    })
    if (!answer.ok) return { failure: failureIn(answer) }
    list.push(...(listOf(answer.body) ?? []))
    cursor = answer.body.next_cursor ?? ""
    if (!cursor) break
  }
  return { list }
}

const STATES: Record<number, ReceiptState> = { 1: "delivered", 2: "not_friend", 3: "over_quota" }
const FINAL: ReadonlySet<ReceiptState> = new Set([
  "delivered",
  "not_friend",
  "over_quota",
  "failed",
  "cancelled",
])

/**
 * How far each recipient of a task is. `sent_to_staff`: the person has not pressed send. `confirmed`: pressed, no result yet.
 * A group that is not among the results was not chosen at sending, which is known a while after it.
 */
export async function readReceipts(client: Client, task: SentTask, now: Date): Promise<ReceiptsAnswer> {
  const members = await taskMembers(client, task.task_ref)
  if ("failure" in members) {
    if (members.failure.code !== String(TASK_CANCELLED)) return members
    return { receipts: task.refs.map((ref) => ({ ref, state: "cancelled" })), done: true }
  }
  const sender = members.list.find((member) => member.userid === task.account_ref)
  const results = await sendResults(client, task.task_ref, task.account_ref)
  if ("failure" in results) return results
  const byRef = new Map(results.list.map((row) => [row.external_userid ?? row.chat_id ?? "", row]))
  const sent_at =
    sender?.status === 2 ? new Date((sender.send_time ?? now.getTime() / 1000) * 1000) : undefined
  const settled = sent_at && now.getTime() - sent_at.getTime() > GROUP_CHOICE_MS
  const receipts = task.refs.map((ref): Receipt => {
    const row = byRef.get(ref)
    const state = row ? STATES[row.status] : undefined
    const at = row?.send_time ? new Date(row.send_time * 1000) : sent_at
    if (state) return { ref, state, ...(at ? { at } : {}) }
    if (!sent_at) return { ref, state: "sent_to_staff" }
    if (task.kind === "send_group" && settled) return { ref, state: "failed", at: sent_at }
    return { ref, state: "confirmed", at: sent_at }
  })
  return { receipts, done: receipts.every((receipt) => FINAL.has(receipt.state)) }
}
