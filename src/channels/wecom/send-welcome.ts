import { z } from "zod"
import type { Deliverer, Delivery, Failure, Parcel } from "../protocol/index.ts"
import type { Client } from "./client.ts"
import { encodeContent } from "./content.ts"
import { WELCOME_BUSY, WELCOME_DONE } from "./errors.ts"
import { TEXT_BYTES, WELCOME_REST_MS, WELCOME_TIMEOUT_MS, WELCOME_TRIES } from "./limits.ts"
import { accepted, allFailed, allRefused } from "./outcomes.ts"

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const missed: Failure = { class: "never", code: "welcome_missed" }

/**
 * Greets within the code's 20 seconds, by the machine's clock. Late is `never`, without a call. "Another app is sending" is
 * asked again while there is time; "already greeted" is `never` at the first asking, and the proof that it went out when it
 * answers to a lost one.
 */
export function welcomeDeliverer(client: Client): Deliverer<"welcome"> {
  return {
    parcel_size: 1,
    repeatable: true,
    confirmed_by_staff: false,
    deliver: (parcel) => greet(client, parcel, false),
    async resolve(parcel) {
      return { known: true, delivery: await greet(client, parcel, true) }
    },
  }
}

async function greet(client: Client, parcel: Parcel<"welcome">, asked_before: boolean): Promise<Delivery> {
  const { code, expires_at } = parcel.payload
  const content = encodeContent(parcel.payload.content, TEXT_BYTES)
  if ("failure" in content) return allRefused(parcel.recipients, content.failure)
  let lost: string | undefined
  for (let attempt = 1; ; attempt++) {
    const left_ms = expires_at.getTime() - Date.now()
    if (left_ms <= 0)
      return lost === undefined ? allRefused(parcel.recipients, missed) : unknown(parcel, lost)
    const answer = await client.call("externalcontact/send_welcome_msg", z.object({}), {
      json: { welcome_code: code, ...content },
      repeatable: false,
      timeout_ms: Math.min(left_ms, WELCOME_TIMEOUT_MS),
      patience_ms: left_ms,
    })
    if (answer.ok) return { outcomes: parcel.recipients.map(accepted) }
    if (!answer.lost) {
      if (answer.failure.code === String(WELCOME_DONE) && (asked_before || lost !== undefined))
        return { outcomes: parcel.recipients.map(accepted) }
      if (answer.failure.code !== String(WELCOME_BUSY)) return allFailed(parcel.recipients, answer)
    } else lost = answer.detail
    if (attempt >= WELCOME_TRIES) return allFailed(parcel.recipients, answer)
    await sleep(WELCOME_REST_MS)
  }
}

const unknown = (parcel: Parcel<"welcome">, detail: string): Delivery => ({
  outcomes: parcel.recipients.map(({ key }) => ({ key, outcome: "unknown", detail })),
})
