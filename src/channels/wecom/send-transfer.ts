import { z } from "zod"
import type {
  Deliverer,
  Delivery,
  Failure,
  Parcel,
  Recipient,
  Resolution,
  Services,
  TransferResult,
} from "../protocol/index.ts"
import { type Client, failureIn } from "./client.ts"
import { failureOf } from "./errors.ts"
import { PAGES_MAX, SEND_SETTLE_MS, TRANSFER_PARCEL } from "./limits.ts"
import { accepted, allFailed, allRefused, refusedFor } from "./outcomes.ts"

const Transferred = z.object({
  customer: z.array(z.object({ external_userid: z.string(), errcode: z.number().int() })).nullish(),
})
const TransferState = z.object({
  customer: z.array(z.object({ external_userid: z.string(), status: z.number().int() })).nullish(),
  next_cursor: z.string().nullish(),
})
const GroupsLeft = z.object({
  failed_chat_list: z
    .array(z.object({ chat_id: z.string(), errcode: z.number().int(), errmsg: z.string().catch("") }))
    .nullish(),
})
const Owner = z.object({ group_chat: z.object({ owner: z.string() }) })
const NO_RECORD = 5

/** Starts handing customers over; it takes effect after 24 hours unless they refuse. */
export function transferDeliverer(client: Client, now: () => Date): Deliverer<"transfer_customer"> {
  return {
    parcel_size: TRANSFER_PARCEL,
    repeatable: false,
    confirmed_by_staff: false,
    async deliver(parcel) {
      const { to_account_ref, resigned, message } = parcel.payload
      const answer = await client.call(
        resigned ? "externalcontact/resigned/transfer_customer" : "externalcontact/transfer_customer",
        Transferred,
        {
          json: {
            handover_userid: parcel.account_ref,
            takeover_userid: to_account_ref,
            external_userid: parcel.recipients.map((one) => one.ref),
            ...(message && !resigned ? { transfer_success_msg: message } : {}),
          },
          repeatable: false,
        },
      )
      if (!answer.ok) return allFailed(parcel.recipients, answer)
      const codes = new Map((answer.body.customer ?? []).map((row) => [row.external_userid, row.errcode]))
      return byCode(parcel.recipients, (ref) => codes.get(ref) ?? 0)
    },
    resolve: (parcel, asked_at) => resolveCustomers(client, parcel, asked_at, now()),
  }
}

function byCode(recipients: readonly Recipient[], codeOf: (ref: string) => number): Delivery {
  return {
    outcomes: recipients.map((one) => {
      const code = codeOf(one.ref)
      return code === 0 ? accepted(one) : refusedFor(one, failureOf(code, ""))
    }),
  }
}

const notSent: Failure = { class: "retry_later", code: "not_sent", retry_after_ms: 0 }

type Pair = { from_ref: string; to_ref: string; resigned: boolean }
type Row = { external_userid: string; status: number }

/** Everything the platform says of one pair; null where it could not be asked. */
async function transferStates(client: Client, pair: Pair): Promise<Row[] | { failure: Failure }> {
  const found: Row[] = []
  let cursor = ""
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await client.call(
      pair.resigned ? "externalcontact/resigned/transfer_result" : "externalcontact/transfer_result",
      TransferState,
      {
        json: {
          handover_userid: pair.from_ref,
          takeover_userid: pair.to_ref,
          ...(cursor ? { cursor } : {}),
        },
        repeatable: true,
      },
    )
    if (!answer.ok) return { failure: failureIn(answer) }
    found.push(...(answer.body.customer ?? []))
    cursor = answer.body.next_cursor ?? ""
    if (!cursor) break
  }
  return found
}

const STATUS: Record<number, TransferResult["status"]> = { 1: "done", 2: "waiting", 3: "refused", 4: "full" }

/** The last word on each person: somebody who was handed over twice stands in the answer twice, the later one last. */
export function transferResults(client: Client): Services["transfer_results"] {
  return async (pair) => {
    const found = await transferStates(client, pair)
    if ("failure" in found) return found
    return {
      results: found.map((row) => ({ ref: row.external_userid, status: STATUS[row.status] ?? "none" })),
    }
  }
}

async function resolveCustomers(
  client: Client,
  parcel: Parcel<"transfer_customer">,
  asked_at: Date,
  now: Date,
): Promise<Resolution> {
  const { to_account_ref, resigned } = parcel.payload
  const found = await transferStates(client, {
    from_ref: parcel.account_ref,
    to_ref: to_account_ref,
    resigned,
  })
  if ("failure" in found) return { known: false, retry_after_ms: 10_000 }
  const known = new Set(found.filter((row) => row.status !== NO_RECORD).map((row) => row.external_userid))
  const missing = parcel.recipients.some((one) => !known.has(one.ref))
  if (missing && now.getTime() - asked_at.getTime() < SEND_SETTLE_MS)
    return { known: false, retry_after_ms: 10_000 }
  return {
    known: true,
    delivery: {
      outcomes: parcel.recipients.map((one) =>
        known.has(one.ref) ? accepted(one) : refusedFor(one, notSent),
      ),
    },
  }
}

export function groupTransferDeliverer(client: Client): Deliverer<"transfer_group"> {
  return {
    parcel_size: TRANSFER_PARCEL,
    repeatable: false,
    confirmed_by_staff: false,
    async deliver(parcel) {
      const answer = await client.call(
        parcel.payload.resigned
          ? "externalcontact/groupchat/transfer"
          : "externalcontact/groupchat/onjob_transfer",
        GroupsLeft,
        {
          json: {
            chat_id_list: parcel.recipients.map((one) => one.ref),
            new_owner: parcel.payload.to_account_ref,
          },
          repeatable: false,
        },
      )
      if (!answer.ok) return allFailed(parcel.recipients, answer)
      const codes = new Map((answer.body.failed_chat_list ?? []).map((row) => [row.chat_id, row.errcode]))
      return byCode(parcel.recipients, (ref) => codes.get(ref) ?? 0)
    },
    /** Who owns each group now says what became of it. */
    async resolve(parcel) {
      const outcomes: Delivery["outcomes"] = []
      for (const one of parcel.recipients) {
        const answer = await client.call("externalcontact/groupchat/get", Owner, {
          json: { chat_id: one.ref, need_name: 0 },
          repeatable: true,
        })
        if (!answer.ok && (answer.lost || answer.failure.class !== "never"))
          return { known: false, retry_after_ms: 10_000 }
        if (!answer.ok) outcomes.push(...allRefused([one], answer.failure).outcomes)
        else if (answer.body.group_chat.owner === parcel.payload.to_account_ref) outcomes.push(accepted(one))
        else outcomes.push(refusedFor(one, notSent))
      }
      return { known: true, delivery: { outcomes } }
    },
  }
}
