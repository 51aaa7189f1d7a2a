import type { Delivery, Failure, Outcome, Recipient } from "../protocol/index.ts"
import type { Answer } from "./client.ts"

export const accepted = ({ key }: Recipient): Outcome => ({ key, outcome: "accepted" })
export const refusedFor = ({ key }: Recipient, failure: Failure): Outcome => ({
  key,
  outcome: "refused",
  failure,
})
export const unknownFor = ({ key }: Recipient, detail: string): Outcome => ({
  key,
  outcome: "unknown",
  detail,
})

/** The same failure or doubt for every recipient of a parcel. */
export function allFailed(
  recipients: readonly Recipient[],
  answer: Extract<Answer<unknown>, { ok: false }>,
): Delivery {
  return {
    outcomes: recipients.map((one) =>
      answer.lost ? unknownFor(one, answer.detail) : refusedFor(one, answer.failure),
    ),
  }
}

export const allRefused = (recipients: readonly Recipient[], failure: Failure): Delivery => ({
  outcomes: recipients.map((one) => refusedFor(one, failure)),
})
