import type { ClockState } from "../clock.ts"
import type { Faults } from "../faults.ts"

/** Shapes of what the world remembers. Times are shop milliseconds unless the name says `patience`. Money is fen. */

export type Follow = {
  userid: string
  at: number
  add_way: number
  state?: string
  remark: string
  description: string
  tags: string[]
  own_tags?: string[]
  mobiles?: string[]
  company?: string
  oper_userid?: string
  /** The customer deleted the member: the relation stays one-way. */
  lost_at?: number
  /** Added with verification off and not confirmed by the member. */
  half?: boolean
}

export type Joined = { at: number; scene: number; state?: string; invitor?: string }
export type GroupMember = Joined | { left: number }

export type Chat = {
  version: number
  owner: string
  name: string
  notice: string
  created_at: number
  admins: string[]
  base: boolean
  status: number
  dismissed?: boolean
  transfers?: number[]
}

export type ContactWay = {
  type: number
  scene: number
  style: number
  remark: string
  skip_verify: boolean
  state: string
  user: string[]
  party: number[]
  is_temp: boolean
  expires_in?: number
  chat_expires_in?: number
  unionid?: string
  is_exclusive: boolean
  mark_source: boolean
  conclusions: Record<string, unknown>
  created_at: number
}

export type JoinWay = {
  scene: number
  remark: string
  auto_create_room: number
  room_base_name: string
  room_base_id: number
  chat_id_list: string[]
  state: string
  mark_source: boolean
}

export type Tag = { id: string; name: string; order: number; create_time: number; by_app: boolean }
export type TagGroup = { name: string; order: number; create_time: number; by_app: boolean; tags: Tag[] }

export type MassTask = {
  chat_type: "single" | "group"
  created_at: number
  ready_patience_ms: number
  content: string
  attachments: unknown[]
  source_code?: string
  link?: string
  members: string[]
  cancelled?: boolean
  reminders: number[]
}

/** One member's part of a task. `people` are numbers; `status` one digit per person: 0 unsent, 1 sent, 2 no friend, 3 quota. */
export type MassPart = {
  userid: string
  people: number[]
  chats: string[]
  sent_at?: number
  status?: string
}

export type Welcome = {
  person: number
  userid: string
  at: number
  patience_ms: number
  used?: boolean
  chatted?: boolean
  content?: string
}

export type Moment = {
  created_at: number
  job_patience_ms: number
  content: string
  attachments: unknown[]
  users: string[]
  tags: string[]
  published: Record<string, number>
  cancelled?: boolean
}

export type Transfer = {
  person: number
  from: string
  to: string
  at: number
  due_at: number
  resigned: boolean
  /** 1 done, 2 waiting, 3 refused, 4 the taker is full. */
  status: number
}

/** What was written between a member and a customer, in their own chat. */
export type Said = { at: number; by: "member" | "customer"; text: string }

export type Media = { kind: string; file_name: string; bytes: number; at: number; attachment: boolean }

export type UserChange = { status: number; left_at?: number }

export type OrderLine = {
  sku: string
  name: string
  category: string
  kind: "lead" | "low_ticket" | "membership" | "regular"
  qty: number
  price_fen: number
}

export type Order = {
  order_no: string
  buyer: { external_userid?: string; unionid?: string; phone?: string; shop_buyer_id: string; name?: string }
  status: "paid" | "refunded" | "cancelled"
  paid_at: string
  /** What the buyer paid in money, shipping included: Σ lines − coupon − points (1 point = 1 fen) + shipping. */
  amount_fen: number
  shipping_fen: number
  points_used: number
  coupon_fen: number
  lines: OrderLine[]
  refund?: { refund_no: string; at: string; amount_fen: number }
  source_code?: string
}

export type GroupMessage = {
  msg_id: string
  chat_id: string
  sender: { external_userid: string } | { userid: string }
  kind: "text" | "image" | "voice" | "sticker"
  text: string
  sent_at: string
}

export type CallbackEvent = {
  at: number
  event: string
  change: string
  fields: [string, string | number | string[]][]
}

/** Something that somebody will do at a moment already decided. */
export type Reaction = { at: number } & (
  | { kind: "say"; person: number; chat: number; topic: string }
  | { kind: "buy"; person: number; source_code?: string; lead?: boolean }
  | { kind: "refund"; order: Order }
  | { kind: "press"; msgid: string; userid: string }
  | { kind: "publish"; moment_id: string; userid: string }
  | { kind: "accept"; person: number; userid: string; state: string; add_way: number }
  | { kind: "confirm_half"; person: number; userid: string }
  | { kind: "add"; person: number; userid: string }
  | { kind: "join"; person: number; chat: number }
  | { kind: "transfer"; id: string }
  | { kind: "click"; person: number; link: string }
)

export type Totals = {
  history_orders: number
  history_paid_fen: number
  live_orders: number
  live_paid_fen: number
  refunds: number
  refunded_fen: number
  group_messages: number
  callbacks: number
}

export type Meta = {
  world: { seed: string; size: number; scenario: string; start_ms: number }
  clock: ClockState
  /** The latest moment that was shown to anybody: the clock goes on from here even where the machine's was set back. */
  seen_ms: number
  slot: number
  system_url: string
  faults: Faults
  history: { next_person: number; done: boolean }
  totals: Totals
  bans: { failures: number; until_patience_ms: number }
}
