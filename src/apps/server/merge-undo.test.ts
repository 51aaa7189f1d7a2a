import { describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { rows, run } from "../../platform/db.ts"
import { ofCustomers, tableOf } from "../../spine/facts/index.ts"
import { CARRIES } from "./carries.ts"
import { booksAreClean, db, give, merge, openBooks, somebody, spend, undo } from "./merge.test-kit.ts"

openBooks()

/** A row of every table, by table: `$1` the customer, `$2` what both have, `$3` what only this one has. */
const ROWS: Record<string, string[]> = {
  customers_identities: ["('phone', $3::text, $1)"],
  customers_contacts: [
    "($1, $2, 'wm' || $1::uuid::text, '单重', 0, null, '2026-01-01', null, null)",
    "($1, $3::uuid, 'wn' || $1::uuid::text, '', 0, null, '2026-01-01', '2026-02-01', 'staff')",
  ],
  customers_merge_queue: ["($1, $2, '{}', '2026-01-01')", "($3::uuid, $1, '{}', '2026-01-01')"],
  tags_assignments: ["($1, $2, 'hand', null, '2026-01-01')", "($1, $3::uuid, 'hand', null, '2026-01-01')"],
  tags_customers: ["($1, '2026-11-23T04:00:00Z')"],
  tags_replaced: [
    "($2, $1, $2, 'hand', null, '2026-01-01')",
    "($3::uuid, $1, $2, 'hand', null, '2026-01-01')",
  ],
  tags_inspections: ["(gen_random_uuid(), 1, $2, $1)", "(gen_random_uuid(), 1, $3::uuid, $1)"],
  groups_members: ["($2, $3::text, $1, 'external', '', 'unknown', null, null, '2026-01-01')"],
  orders_orders: ["($1, '2026-01-01', $3::uuid, 1, null, 1, null, 100, 0, 0, 0, 0, false, $3::text)"],
  orders_lines: ["($1, $3::uuid, 1, 1, 100, 'regular', 'A', '', '')"],
  orders_refunds: ["($1, $3::uuid, $3::uuid, 1, '2026-01-02', 2, 10, false, $3::text, $3::text)"],
  points_rule_days: ["($1, 'a', 1, 5)", "($1, $3::text, 1, 6)"],
  points_order_money: ["($1, $3::uuid, 1, 100, 1)"],
  points_order_earnings: ["($1, $3::uuid, $3::uuid, 1, 0)"],
  plans_introductions: [
    "($1, 'member', $2, null, 1, 'proposed', '2026-01-01')",
    "($1, $3::text, $2, null, 1, 'closed', '2026-01-01')",
  ],
  plans_diverted: ["($1, $2, $2, 1, 'planned', 0)", "($1, $3::uuid, $2, 2, 'added', 0)"],
  segments_members: ["($1, $2, '2026-01-01')", "($1, $3::uuid, '2026-01-01')"],
  segments_moves: ["($1, $2, 1, true, null)", "($1, $3::uuid, 1, true, null)"],
  transfers_customers: [
    "($1, $3::uuid, null, null, $2, null, false, 'planned', null, '2026-12-01')",
    "($1, $2, null, null, $2, null, false, 'done', null, '2026-01-01')",
  ],
  analytics_path: ["($1, $3::text, abs(hashtext($3::text)), 5)"],
  plays_enrolments: [
    "($1, $2, 1, gen_random_uuid(), 1, 'x', '2026-01-01', '2026-01-01', 'n', 0, '2026-12-01', null, 'active')",
    "($1, $3::uuid, 1, $3::uuid, 1, 'x', '2026-01-01', '2026-01-01', 'n', 0, '2026-12-01', null, 'active')",
  ],
  plays_steps: ["($1, $3::uuid, 1, $2, 'n', '2026-01-01', '2026-01-01', 'done')"],
  outbox_touches: [
    "(nextval('outbox_touch_id'), '2026-01-01', $1, $2, 0, 'play', $2, null, 1, '2026-12-01', '2026-12-02', 'unplaced')",
    "(nextval('outbox_touch_id'), '2026-01-01', $1, $3::uuid, 0, 'play', $2, $2, 1, '2026-01-01', '2026-01-02', 'delivered')",
  ],
  outbox_assignments: [
    "($3::uuid, $3::text, 'a', '', '', null, $1, null, null, '{}', '2026-12-01', 'none', null, 'open', false, '2026-01-01')",
  ],
  outbox_welcomes: ["($3::text, $1, $2, '', '', '{}', '2026-01-01', '2026-01-01', '2026-01-01', 'sent')"],
  outcomes_orders: ["($1, $3::uuid, '2026-01-01', 100)"],
  outcomes_seen: ["($1, 'both')", "($1, $3::text)"],
  outcomes_credits: ["($1, $3::uuid, 'last', 'code', 'a', '2026-01-01', '2026-01-01', 100, 100)"],
  classes_layers: ["($1, abs(hashtext($3::text)), 'base', 0, 0, 0, 0, 0)"],
  classes_steps: ["($1, abs(hashtext($3::text)), null, null)"],
  classes_step_downs: ["($1, $3::uuid, 'member', 'customer', '{}', 'open', '2026-01-01')"],
}
const filled = (row: string, given: string[]) => row.replace(/\$(\d)/g, (_, n) => `'${given[Number(n) - 1]}'`)
/** Made by what is done to points, orders and traits, and from names and remarks. */
const MADE = [
  ...["points_accounts", "points_lots", "points_takes", "orders_by_customer"],
  ...["outbox_slots", "traits_customers", "traits_reasons", "customers_keys"],
]

describe("whatever is kept of two customers", () => {
  const tables = [
    ...new Set(
      CARRIES.flatMap((c) => c.tables)
        .filter(ofCustomers)
        .map(tableOf),
    ),
  ].sort()
  /** Whatever there is of these, by table; classes and figures follow from the rest. */
  async function everything(ids: string[]) {
    const all: Record<string, unknown[]> = {}
    for (const table of tables.filter((name) => !name.startsWith("traits_") && name !== "tags_customers"))
      all[table] = (
        await rows<{ row: unknown }>(
          db,
          `select to_jsonb(x) - 'moved_day' as row from ${table} x where customer_id = any($1::uuid[])
           ${table === "customers_merge_queue" ? "and not other_id = any($1)" : ""} order by to_jsonb(x)::text`,
          [ids],
        )
      ).map((r) => r.row)
    return all
  }

  it("is there in this walk, table by table", () => {
    expect([...Object.keys(ROWS), ...MADE].sort()).toEqual(tables)
  })

  it("is there again when their merge is undone: nothing is lost and nothing is another's, row by row", async () => {
    const both = newId()
    const ids = [await somebody(), await somebody()]
    await run(db, "insert into outbox_messages values ($1, 'message', 'service', 'leave_out', null, '{}')", [
      both,
    ])
    await run(db, "insert into orders_sources (name) values ('walk') on conflict do nothing")
    for (const id of ids) {
      await give(id, 30)
      await spend(id, 10)
      for (const [table, values] of Object.entries(ROWS))
        for (const value of values)
          await run(db, `insert into ${table} values ${filled(value, [id, both, newId()])}`)
      await run(
        db,
        "insert into outbox_slots select customer_id, 'selling', 1, 1, id from outbox_touches where customer_id = $1 and state = 'delivered'",
        [id],
      )
      await run(
        db,
        "insert into orders_by_customer (customer_id, moved_day, name_in_source) values ($1, 1, 'a')",
        [id],
      )
    }
    const [from, into] = ids as [string, string]
    // figures and classes as they follow from all this
    await merge(await somebody(), from)
    await merge(await somebody(), into)
    const before = await everything(ids)
    expect(Object.entries(before).filter(([, found]) => found.length === 0)).toEqual([])
    expect(await merge(from, into)).toEqual({ from, into })
    const gone = await everything([from])
    expect(Object.entries(gone).filter(([, found]) => found.length > 0)).toEqual([])
    expect(await undo(from)).toEqual({ from, into })
    const after = await everything(ids)
    for (const table of Object.keys(before)) expect([table, after[table]]).toEqual([table, before[table]])
    await booksAreClean()
  })
})
