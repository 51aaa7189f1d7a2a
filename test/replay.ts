import { createHash } from "node:crypto"
import { type Db, oneRow, rows } from "../src/platform/db.ts"

/** Where the company stands: its trace is told from here on. How its past came in, all at once and side by side, differs. */
export const placeOf = async (db: Db): Promise<string> =>
  (await oneRow<{ at: string }>(db, "select max(recorded_at)::text as at from facts", [])).at

/**
 * What became of a company, said without anything that differs from run to run: every random id is replaced by the name that the
 * outside knows the thing under, and the lines are sorted. Two companies that lived the same life have the same trace.
 */
export async function traceOf(db: Db, since: string): Promise<string[]> {
  const names = await namesOf(db)
  const parts = await Promise.all([
    rows<{ line: string }>(db, FACTS, [since]),
    ...STATES.map((sql) => rows<{ line: string }>(db, sql)),
  ])
  return parts
    .flat()
    .map(({ line }) => line.replace(UUID, (id) => names.get(id) ?? "?").replace(BY_MACHINE, "…"))
    .sort()
}

export const hashOf = (trace: readonly string[]): string =>
  createHash("sha256").update(trace.join("\n")).digest("hex")

/** Places in the log, numbers of touches, and the twenty seconds of a welcome, which pass by the machine's clock. */
const BY_MACHINE = /(?<=fact:)\d+\/\d+|(?<="welcome_until": ")[^"]+|(?<="touch_id": )\d+/g
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** Whatever has a name outside. A customer is who the platform or the shop says they are. */
async function namesOf(db: Db): Promise<Map<string, string>> {
  const found = await rows<{ id: string; name: string }>(
    db,
    `select customer_id as id, 'customer ' || min(kind || ' ' || value) as name from customers_identities group by 1
     union all select id, 'account ' || channel_ref from accounts_accounts
     union all select id, 'staff ' || coalesce(login, channel_ref) from staff_members
     union all select id, 'code ' || state from codes_codes
     union all select id, 'group ' || channel_ref from groups_groups
     union all select id, 'play ' || name from plays_plays
     union all select id, 'send ' || name from sends_sends
     union all select t.id, 'tag ' || g.name || ' ' || t.name from tags_tags t join tags_groups g on g.id = t.group_id
     union all select order_id, 'order ' || order_no from orders_orders where order_no is not null
     union all select e.id, 'enrolment ' || p.name || ' ' || e.entry || ' ' || (
         select min(i.kind || ' ' || i.value) from customers_identities i where i.customer_id = e.customer_id)
       from plays_enrolments e join plays_plays p on p.id = e.play_id`,
  )
  return new Map(found.map(({ id, name }) => [id, name]))
}

const FACTS = `select concat_ws(' ', 'fact', occurred_at, type, subject, origin, payload) as line
  from facts where recorded_at > $1::timestamptz`
const STATES = [
  `select concat_ws(' ', 'balance', owner, book, kind, amount) as line from ledger_balances`,
  `select concat_ws(' ', 'touch', customer_id, cause_kind, cause_id, visit, account_id, due_at, state, reason) as line
   from outbox_touches`,
  `select concat_ws(' ', 'assignment', kind, title, customer_id, account_id, assignee_staff_id, due_at, state, late, made_at) as line
   from outbox_assignments`,
  `select concat_ws(' ', 'enrolment', customer_id, play_id, entry, version, node, step, due_at, state, reason) as line
   from plays_enrolments`,
  `select concat_ws(' ', 'customer', id, name, owner_staff_id, source_code, first_contact_at) as line from customers_customers`,
  `select concat_ws(' ', 'credit', to_jsonb(c)) as line from outcomes_credits c`,
]
