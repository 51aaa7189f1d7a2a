import { beforeAll, describe, expect, it } from "vitest"
import { allAccounts, takeListedAccounts } from "../../../modules/accounts/index.ts"
import { ensureOwner, takeListed } from "../../../modules/staff/index.ts"
import { type Db, oneRow, rows, tx } from "../../../platform/db.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { accounts, employees } from "../../../sandbox/world/staff.ts"
import { prepareTraits } from "../../../spine/traits/index.ts"
import { wire } from "../wiring.ts"
import { furnish } from "./furnish.ts"

const NOW = new Date("2026-11-23T02:00:00Z")
const { routes, registry } = wire({ sandbox: null, channels: [] })
let db: Db

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, registry)
  await ensureOwner(db, "owner-password-1", NOW)
})

async function directoryComesIn() {
  await tx(db, async (t) => {
    await takeListed(
      t,
      employees.map((m) => ({ ref: m.userid, name: m.name, position: m.position, status: "active" })),
      NOW,
    )
    await takeListedAccounts(
      t,
      accounts.map((a, n) => ({
        channel: "wecom",
        ref: a.userid,
        name: a.name,
        function: (["ip", "sales", "member", "agent"] as const)[n]!,
        leader_refs: [a.led_by ?? "liang_yan"],
      })),
      NOW,
    )
  })
}

describe("the accounts of the invented company", () => {
  it("wait for its people, are made once, and nothing of it can be asked to serve a customer", async () => {
    expect(await furnish({ db, routes }, NOW)).toBe("too_early")
    await directoryComesIn()
    const before = new Set((await allAccounts(db, 100)).map((a) => a.id))
    expect(await furnish({ db, routes }, NOW)).toBe("made")
    const made = (await allAccounts(db, 100)).filter((a) => !before.has(a.id))
    expect(made.filter((a) => a.state === "in_use" && a.hazard === "none")).toEqual([])
    expect(await furnish({ db, routes }, NOW)).toBe("there")
    expect(await allAccounts(db, 100)).toHaveLength(before.size + made.length)
  })

  it("stand in every state a board has, nurtured to several levels, with a calendar that has gaps", async () => {
    const found = await rows<{ state: string; hazard: string; n: number }>(
      db,
      "select state, hazard, count(*)::int as n from accounts_accounts group by 1, 2 order by 1, 2",
    )
    expect(found.map((f) => `${f.state} ${f.hazard} ${f.n}`)).toEqual([
      "in_use none 4",
      "in_use restricted 1",
      "nurturing none 3",
      "ready none 2",
      "requested none 1",
      "retired none 1",
      "returning none 1",
      "starting none 1",
      "written_off none 1",
    ])
    const levels = await rows<{ nurture_level: number }>(
      db,
      "select nurture_level from accounts_accounts where state = 'nurturing' order by 1",
    )
    expect(levels.map((l) => l.nurture_level)).toEqual([0, 1, 3])
    const { starting } = await oneRow<{ starting: number }>(
      db,
      `select count(*) as starting from accounts_accounts a where a.state = 'starting'
         and not exists (select from accounts_files f where f.account_id = a.id and f.kind = 'agreement')`,
    )
    expect(starting).toBe(1)
    const days = await rows<{ days: number; active: number }>(
      db,
      `select count(distinct n.day)::int as days, (select count(*) from accounts_active_days d where d.account_id = a.id)::int as active
       from accounts_accounts a join accounts_nurture n on n.account_id = a.id where a.state = 'nurturing' group by a.id`,
    )
    for (const d of days) {
      expect(d.days).toBeGreaterThan(15)
      expect(d.active).toBeLessThan(d.days)
    }
  })

  it("were counted last month with findings and a missing one, are being counted now, and are asked for", async () => {
    const takes = await rows<{ state: string; opened: string; expected: number; counted: number }>(
      db,
      `select s.state, to_char(s.opened_at + interval '8 hours', 'YYYY-MM-DD') as opened, count(*)::int as expected,
         count(l.counted_at)::int as counted
       from accounts_stocktakes s join accounts_stocktake_lines l on l.stocktake_id = s.id group by s.id order by s.opened_at`,
    )
    expect(takes.map(({ state, opened }) => [state, opened])).toEqual([
      ["closed", "2026-10-24"],
      ["open", "2026-11-23"],
    ])
    expect(takes[0]!.expected - takes[0]!.counted).toBe(1)
    expect(takes[1]!.counted).toBeGreaterThan(0)
    expect(takes[1]!.counted).toBeLessThan(takes[1]!.expected)
    const kinds = await rows<{ kind: string }>(
      db,
      "select distinct kind from accounts_findings where stocktake_id is not null order by 1",
    )
    expect(kinds.map((k) => k.kind)).toEqual(["backup_old", "custodian_mismatch", "missing", "tags_off"])
    const asked = await rows<{ state: string; n: number }>(
      db,
      "select state, count(*)::int as n from accounts_requests group by 1 order by 1",
    )
    expect(asked).toEqual([
      { state: "approved", n: 1 },
      { state: "open", n: 2 },
      { state: "rejected", n: 1 },
    ])
  })

  it("have become so by the people's own doing, each step in the audit at its moment", async () => {
    const { steps, people, first } = await oneRow<{ steps: number; people: number; first: Date }>(
      db,
      `select count(*)::int as steps, count(distinct actor_id)::int as people, min(at) as first from platform_audit
       where action like 'accounts.%'`,
    )
    expect(steps).toBeGreaterThan(100)
    expect(people).toBeGreaterThan(5)
    expect(first.getTime()).toBeLessThan(NOW.getTime() - 90 * 86_400_000)
  })
})
