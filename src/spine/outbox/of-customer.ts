import { type Queryable, rows } from "../../platform/db.ts"
import type { Nature } from "./rules.ts"
import type { TouchState } from "./touches.ts"

/** What somebody asks of one person's touches: what they got, what is on its way, and what did not reach them. */
export const STATES_OF_PART = {
  got: ["delivered"],
  coming: ["unplaced", "planned", "sending", "sent_to_staff", "confirmed", "unknown"],
  not_got: ["not_friend", "over_quota", "failed", "left_out", "expired", "cancelled"],
} as const satisfies Record<string, readonly TouchState[]>
export type TouchPart = keyof typeof STATES_OF_PART

export type TouchOfCustomer = {
  /** Unique for the person; with `at` the place in the list. */
  key: string
  /** When it went out, or when it is due. */
  at: Date
  state: TouchState
  reason: string | null
  /** `send`, `play`, `welcome`; its id is that of the send, or of the enrolment in a play. */
  cause_kind: string
  cause_id: string | null
  nature: Nature
  text: string
  account_id: string | null
  expires_at: Date | null
  /** When it was handed to the channel, when staff were last reminded of it, and when the end came. */
  handed_at: Date | null
  reminded_at: Date | null
  settled_at: Date | null
  /** Who was asked to do it by hand, where no interface could. */
  by_hand_staff_id: string | null
}

/** Greetings keep machine time but for the moment they were made: that is when they went out, within seconds. */
const OF_CUSTOMER = `
  select concat_ws('/', o.cause_kind, o.cause_id, o.visit, o.part) collate "C" as key, coalesce(o.settled_at, o.due_at) as at, o.state, o.reason,
    o.cause_kind, o.cause_id, o.message_id, null::jsonb as content, o.account_id, o.expires_at, o.settled_at, o.parcel_id,
    concat_ws('/', o.cause_kind, o.cause_id, o.visit, o.part, o.customer_id) as touch_key
  from outbox_touches o where o.customer_id = $1
  union all
  select w.key, w.made_at, case w.state when 'waiting' then 'planned' when 'sent' then 'delivered'
      when 'missed' then 'expired' when 'by_hand' then 'sent_to_staff' else w.state end,
    case w.state when 'missed' then 'welcome_missed' else w.detail end,
    'welcome', null, null, w.content, w.account_id, null, case when w.state in ('sent', 'missed', 'failed') then w.made_at end, null, w.key
  from outbox_welcomes w where w.customer_id = $1`

/**
 * Touches of one person, newest first, below `before`. All of them are read through the person's index and sorted: caps and
 * quotas keep that a short list.
 */
export function touchesOfCustomer(
  q: Queryable,
  customer_id: string,
  page: { part: TouchPart | null; before: { at: Date; key: string } | null; limit: number },
): Promise<TouchOfCustomer[]> {
  return rows(
    q,
    `select o.key, o.at, o.state, o.reason, o.cause_kind, o.cause_id, coalesce(m.nature, 'answer') as nature,
       coalesce(m.content, o.content)->>'text' as text, o.account_id, o.expires_at, p.asked_at as handed_at,
       p.reminders[cardinality(p.reminders)] as reminded_at, o.settled_at, a.assignee_staff_id as by_hand_staff_id
     from (${OF_CUSTOMER}) o
     left join outbox_messages m on m.id = o.message_id
     left join outbox_parcels p on p.id = o.parcel_id
     left join outbox_assignments a on a.customer_id = $1 and (a.touch_key = o.touch_key or a.cause_key = o.touch_key)
     where ($2::text[] is null or o.state = any($2)) and ($3::timestamptz is null or (o.at, o.key) < ($3, $4))
     order by o.at desc, o.key desc limit $5`,
    [
      customer_id,
      page.part === null ? null : STATES_OF_PART[page.part],
      page.before?.at ?? null,
      page.before?.key ?? null,
      page.limit,
    ],
  )
}

/** How many of one person's touches stand in each part. */
export async function countTouchesOfCustomer(
  q: Queryable,
  customer_id: string,
): Promise<Record<TouchPart, number>> {
  const found = await rows<{ state: TouchState; n: number }>(
    q,
    `select state, count(*)::int as n from (${OF_CUSTOMER}) o group by 1`,
    [customer_id],
  )
  const sum = (part: TouchPart) =>
    found
      .filter((f) => (STATES_OF_PART[part] as readonly string[]).includes(f.state))
      .reduce((s, f) => s + f.n, 0)
  return { got: sum("got"), coming: sum("coming"), not_got: sum("not_got") }
}
