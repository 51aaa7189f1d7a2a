import type { TouchKind } from "./capability.ts"

export type Attachment =
  | { kind: "image"; media_ref?: string; url?: string }
  | { kind: "link"; title: string; url: string; desc?: string; picture_url?: string }
  | { kind: "miniprogram"; title: string; app_ref: string; page: string; picture_media_ref: string }
  | { kind: "video" | "file"; media_ref: string }

/** Text and attachments, not both empty. */
export type Content = { text?: string; attachments?: Attachment[] }

/** `key` is the caller's name for one touch; `ref` the recipient outside: person, chat or member, by the kind. */
export type Recipient = { key: string; ref: string }

/** What goes along with a parcel, the same for all of its recipients. */
export type Payloads = {
  /** refs: persons. Goes out in the name of the parcel's account. */
  send_private: { content: Content }
  /** refs: chats owned by the parcel's account. */
  send_group: { content: Content }
  /** ref: one person. `expires_at` is machine time, as it came with the adding. */
  welcome: { code: string; expires_at: Date; content: Content }
  /** refs: persons; tag references. */
  tag: { add: string[]; remove: string[] }
  /** refs: persons. A field that is absent stays as it is. */
  remark: { remark?: string; description?: string; mobiles?: string[] }
  /** refs: staff accounts. */
  notify_staff: { content: Content }
  /** refs: chats. */
  announce: { text: string }
  /** refs: members of the one chat. */
  kick: { chat_ref: string; reason: string }
  /** refs: chats. */
  rename_group: { name: string }
  /** refs: persons, from the parcel's account to another. */
  transfer_customer: { to_account_ref: string; resigned: boolean; message?: string }
  /** refs: chats, from the parcel's account to another. */
  transfer_group: { to_account_ref: string; resigned: boolean }
}

/** What is given to a channel in one go. `id` is decided and stored by the caller before the call. */
export type Parcel<K extends TouchKind = TouchKind> = {
  [P in K]: { id: string; kind: P; account_ref: string; recipients: Recipient[]; payload: Payloads[P] }
}[K]

/**
 * What to do about a "no": `retry_later` the same again after `retry_after_ms`; `wait_window` a quota is used up, the same again
 * when its window has passed; `fix` the request is wrong and stays wrong until someone changes it; `stop` nothing more through
 * this channel until someone looks (secret, rights); `never` this recipient cannot get this touch.
 */
export const FAILURE_CLASSES = ["retry_later", "wait_window", "fix", "stop", "never"] as const
export type FailureClass = (typeof FAILURE_CLASSES)[number]
export type Failure = { class: FailureClass; code: string; detail?: string; retry_after_ms?: number }

/**
 * `accepted`: the channel has it (for a mass send: staff are asked, nobody has it yet). `refused`: certainly nothing went out.
 * `unknown`: it may or may not have gone out; ask `resolve`, never just repeat.
 */
export type Outcome =
  | { key: string; outcome: "accepted" }
  | { key: string; outcome: "refused"; failure: Failure }
  | { key: string; outcome: "unknown"; detail: string }

/** What a person has to do where no interface does it. `copy_text` is to be pasted as it is. */
export type Instruction = {
  key: string
  account_ref: string
  ref: string
  title: string
  copy_text?: string
  attachments: Attachment[]
  evidence: "tick" | "screenshot"
}

/** One outcome a recipient, in any order. `task_ref` names the send outside, for receipts, reminders and cancelling. */
export type Delivery = { task_ref?: string; outcomes: Outcome[]; instructions?: Instruction[] }

/** The answer to "did it go out?" about a parcel whose outcome is unknown. */
export type Resolution = { known: true; delivery: Delivery } | { known: false; retry_after_ms: number }

/** Separate numbers, since each asks for something else: only `delivered` is seen by the recipient. */
export const RECEIPT_STATES = [
  "sent_to_staff",
  "confirmed",
  "delivered",
  "not_friend",
  "over_quota",
  "failed",
  "cancelled",
] as const
export type ReceiptState = (typeof RECEIPT_STATES)[number]
export type Receipt = { ref: string; state: ReceiptState; at?: Date }

/** `done`: no receipt of this task will change any more. `retry_after_ms`: asked too early or under a limit. */
export type ReceiptsAnswer = { receipts: Receipt[]; done: boolean } | { failure: Failure }
export type SentTask = {
  task_ref: string
  kind: "send_private" | "send_group"
  account_ref: string
  refs: string[]
}
