import type { CallAnswer, CallInput } from "../../../../kernel/client.ts"
import { atTime, DAY_MS, dayNumber, SHANGHAI_OFFSET_MS } from "../../../../kernel/day.ts"
import {
  type createSendEndpoint,
  type oneSend,
  SEND_LIFE_MAX_DAYS,
} from "../../../../modules/sends/contract.ts"
import { numberProblem } from "../../../../ui/number.ts"

export type SendBody = NonNullable<CallInput<typeof createSendEndpoint>["body"]>
export type StoredSend = CallAnswer<typeof oneSend>["send"]

/** A send while it is written: what the fields hold, as they hold it. */
export type SendDraft = {
  name: string
  text: string
  nature: "selling" | "service"
  segment_id: string | null
  /** A rule that came with the send instead of a segment; kept until a segment is chosen. */
  rule: SendBody["rule"]
  account_function: SendBody["account_function"]
  /** `2026-11-23 20:00` in the shop's zone. */
  at: string | undefined
  life_days: number
}

export const STEPS = ["audience", "content", "time", "check"] as const
export type Step = (typeof STEPS)[number]

const EVENING = 20
const HOUR_MS = 3_600_000
const LIFE_DAYS = 7
export const LIFE_BOUNDS = { min: 1, max: SEND_LIFE_MAX_DAYS, decimals: 0 }

/** A minute of the shop as a field holds it. */
const toField = (ms: number) => new Date(ms + SHANGHAI_OFFSET_MS).toISOString().slice(0, 16).replace("T", " ")

/** This evening where there is an hour left for a second person, else tomorrow's. */
function nextEvening(now_ms: number): string {
  const evening = atTime(dayNumber(now_ms), EVENING).getTime()
  return toField(evening > now_ms + HOUR_MS ? evening : evening + DAY_MS)
}

export function newDraft(now_ms: number, segment_id: string | null): SendDraft {
  return {
    name: "",
    text: "",
    nature: "selling",
    segment_id,
    rule: null,
    account_function: null,
    at: nextEvening(now_ms),
    life_days: LIFE_DAYS,
  }
}

/** A stored send as a draft; a time that is over is moved to the next evening. */
export function draftOf(send: StoredSend, now_ms: number): SendDraft {
  const at_ms = Date.parse(String(send.send_at))
  return {
    name: send.name,
    text: send.text,
    nature: send.nature,
    segment_id: send.segment_id,
    rule: send.segment_id ? null : send.rule,
    account_function: send.account_function as SendDraft["account_function"],
    at: at_ms > now_ms ? toField(at_ms) : nextEvening(now_ms),
    life_days: Math.max(1, Math.round((Date.parse(String(send.expires_at)) - at_ms) / DAY_MS)),
  }
}

export function bodyOf(draft: SendDraft): SendBody {
  return {
    name: draft.name.trim(),
    text: draft.text.trim(),
    nature: draft.nature,
    segment_id: draft.segment_id,
    rule: draft.segment_id ? null : draft.rule,
    account_function: draft.account_function ?? null,
    send_at: `${(draft.at ?? "").replace(" ", "T")}:00+08:00`,
    life_days: draft.life_days,
  }
}

/** The first thing that a step still wants, as the key of its sentence. */
export function missingIn(draft: SendDraft, step: Step) {
  if (step === "audience") return draft.segment_id || draft.rule ? null : "sends.no_segment"
  if (step === "content") {
    if (draft.name.trim() === "") return "sends.name_empty"
    return draft.text.trim() === "" ? "sends.text_empty" : null
  }
  if (step === "time") {
    if (!draft.at) return "sends.at_missing"
    return numberProblem(draft.life_days, LIFE_BOUNDS) ? "sends.life_odd" : null
  }
  return null
}
