import { z } from "zod"
import type { Deliverer, Delivery, Parcel, Recipient, Resolution } from "../protocol/index.ts"
import type { Client } from "./client.ts"
import { encodeContent } from "./content.ts"
import { NOBODY_REACHABLE } from "./errors.ts"
import {
  MASS_CUSTOMERS,
  MASS_GROUPS,
  PAGES_MAX,
  SEND_SEARCH_MS,
  SEND_SETTLE_MS,
  TEXT_BYTES,
} from "./limits.ts"
import { accepted, allFailed, allRefused, refusedFor } from "./outcomes.ts"
import { sendResults, taskMembers } from "./receipts.ts"

type MassKind = "send_private" | "send_group"
type MassParcel = Parcel<"send_private"> | Parcel<"send_group">

const Created = z.object({
  msgid: z.string().min(1),
  fail_list: z.array(z.string()).nullish(),
})
const Listed = z.object({
  group_msg_list: z
    .array(
      z.object({
        msgid: z.string(),
        text: z.object({ content: z.string() }).nullish().catch(undefined),
        attachments: z.array(z.unknown()).nullish().catch(undefined),
      }),
    )
    .nullish(),
  next_cursor: z.string().nullish(),
})

/**
 * Mass sends are tasks: the platform asks the account's person to press send. `accepted` means that they are asked. A request
 * that was lost is looked for in the list of tasks, and never sent blindly again.
 */
export function massDeliverer<K extends MassKind>(client: Client, kind: K, now: () => Date): Deliverer<K> {
  const chat_type = kind === "send_private" ? "single" : "group"
  return {
    parcel_size: kind === "send_private" ? MASS_CUSTOMERS : MASS_GROUPS,
    repeatable: false,
    confirmed_by_staff: true,
    deliver: (parcel) => deliver(client, parcel as MassParcel, chat_type),
    resolve: (parcel, asked_at) => resolve(client, parcel as MassParcel, chat_type, asked_at, now()),
  }
}

async function deliver(client: Client, parcel: MassParcel, chat_type: "single" | "group"): Promise<Delivery> {
  const { recipients } = parcel
  const content = encodeContent(parcel.payload.content, TEXT_BYTES)
  if ("failure" in content) return allRefused(recipients, content.failure)
  const refs = recipients.map((one) => one.ref)
  const answer = await client.call("externalcontact/add_msg_template", Created, {
    json: {
      chat_type,
      sender: parcel.account_ref,
      ...(chat_type === "single" ? { external_userid: refs } : { chat_id_list: refs }),
      ...content,
    },
    repeatable: false,
  })
  if (!answer.ok) {
    if (!answer.lost && answer.failure.code === String(NOBODY_REACHABLE))
      return allRefused(recipients, { ...answer.failure, class: "never" })
    // One bad name refuses the whole call: the others are not to be given up for it.
    if (!answer.lost && answer.failure.class === "never" && recipients.length > 1)
      return allRefused(recipients, { ...answer.failure, class: "fix" })
    return allFailed(recipients, answer)
  }
  return delivered(recipients, answer.body.msgid, new Set(answer.body.fail_list ?? []))
}

function delivered(
  recipients: readonly Recipient[],
  task_ref: string,
  failed: ReadonlySet<string>,
): Delivery {
  return {
    task_ref,
    outcomes: recipients.map((one) =>
      failed.has(one.ref) ? refusedFor(one, { class: "never", code: "unreachable" }) : accepted(one),
    ),
  }
}

/**
 * Finds the task by its words, its sender and its recipients among those made about `asked_at`. Young tasks are not listed yet,
 * so "not there" counts only after a while. A task to groups lists no recipients before they are sent to: there words and sender
 * must do, and a task made by the same parcel's neighbour is told apart by its recipients only once it was sent.
 */
async function resolve(
  client: Client,
  parcel: MassParcel,
  chat_type: "single" | "group",
  asked_at: Date,
  now: Date,
): Promise<Resolution> {
  const later: Resolution = { known: false, retry_after_ms: 10_000 }
  const seconds = (ms: number) => Math.floor(ms / 1000)
  const text = parcel.payload.content.text ?? ""
  const attachments = parcel.payload.content.attachments?.length ?? 0
  let cursor = ""
  for (let page = 0; page < PAGES_MAX; page++) {
    const list = await client.call("externalcontact/get_groupmsg_list_v2", Listed, {
      json: {
        chat_type,
        start_time: seconds(asked_at.getTime() - SEND_SEARCH_MS),
        end_time: seconds(asked_at.getTime() + SEND_SEARCH_MS),
        limit: 100,
        ...(cursor ? { cursor } : {}),
      },
      repeatable: true,
    })
    if (!list.ok) return later
    for (const task of list.body.group_msg_list ?? []) {
      if ((task.text?.content ?? "") !== text || (task.attachments?.length ?? 0) !== attachments) continue
      const found = await isTaskOf(client, task.msgid, parcel)
      if (found === "later") return later
      if (found) return { known: true, delivery: delivered(parcel.recipients, task.msgid, found.failed) }
    }
    cursor = list.body.next_cursor ?? ""
    if (!cursor) break
  }
  if (now.getTime() - asked_at.getTime() < SEND_SETTLE_MS) return later
  return {
    known: true,
    delivery: allRefused(parcel.recipients, { class: "retry_later", code: "not_sent", retry_after_ms: 0 }),
  }
}

async function isTaskOf(
  client: Client,
  msgid: string,
  parcel: MassParcel,
): Promise<{ failed: ReadonlySet<string> } | "later" | null> {
  const members = await taskMembers(client, msgid)
  if ("failure" in members) return members.failure.class === "never" ? null : "later"
  if (!members.list.some((member) => member.userid === parcel.account_ref)) return null
  const results = await sendResults(client, msgid, parcel.account_ref)
  if ("failure" in results) return "later"
  const refs = new Set(parcel.recipients.map((one) => one.ref))
  const listed = results.list.map((row) => row.external_userid ?? row.chat_id ?? "")
  if (listed.some((ref) => !refs.has(ref))) return null
  if (parcel.kind === "send_group") return { failed: new Set() }
  const reached = new Set(listed)
  if (reached.size === 0) return null
  return { failed: new Set([...refs].filter((ref) => !reached.has(ref))) }
}
