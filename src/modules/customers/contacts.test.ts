import { beforeAll, describe, expect, it } from "vitest"
import { calendarDay } from "../../kernel/contract.ts"
import { newId } from "../../kernel/ids.ts"
import { type Db, oneRow, rows, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { type ContactSeen, endContacts, takeContacts, takeProfiles } from "./contacts.ts"
import { countAll } from "./store.ts"
import { listRows } from "./store-list.ts"

let db: Db
beforeAll(async () => {
  db = await testDb()
})
const now = new Date("2026-11-23T04:00:00Z")
const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
const account = { account_id: newId(), custodian_staff_id: newId() }
const seen = (external_userid: string, minutes: number, over: Partial<ContactSeen> = {}): ContactSeen => ({
  ...account,
  external_userid,
  at: at(minutes),
  origin: "live",
  state: "poster",
  ...over,
})
const facts = (customer: string) =>
  rows<{ type: string; first: boolean }>(
    db,
    "select type, (payload->>'first')::boolean as first from facts where subject = $1 order by tx, id",
    [customer],
  )

describe("friendships as the channel tells of them", () => {
  it("the same adding told three times, once in a sync, is one friendship and one fact", async () => {
    const [customer] = await tx(db, (t) => takeContacts(t, [seen("wm1", 0), seen("wm1", 0)], now))
    await tx(db, (t) => takeContacts(t, [seen("wm1", 0)], now))
    await tx(db, (t) => takeContacts(t, [seen("wm1", 0, { origin: "history" })], now))
    expect((await facts(customer!)).filter((f) => f.type === "customer.contact_added")).toEqual([
      { type: "customer.contact_added", first: true },
    ])
  })

  it("the customer becomes the custodian's whose account met them first, and stays so", async () => {
    const [customer] = await tx(db, (t) => takeContacts(t, [seen("wm2", 0)], now))
    await tx(db, (t) =>
      takeContacts(t, [{ ...seen("wm2", 5), account_id: newId(), custodian_staff_id: newId() }], now),
    )
    const row = await oneRow<{ owner_staff_id: string; source_code: string }>(
      db,
      "select owner_staff_id, source_code from customers_customers where id = $1",
      [customer],
    )
    expect(row).toEqual({ owner_staff_id: account.custodian_staff_id, source_code: "poster" })
  })

  it("a leave told late does not end a friendship that began again after it", async () => {
    const [customer] = await tx(db, (t) => takeContacts(t, [seen("wm3", 0)], now))
    const end = (minutes: number) =>
      tx(db, (t) =>
        endContacts(t, [
          {
            account_id: account.account_id,
            external_userid: "wm3",
            at: at(minutes),
            origin: "live",
            by: "customer",
          },
        ]),
      )
    await end(10)
    await tx(db, (t) => takeContacts(t, [seen("wm3", 20)], now))
    await end(10)
    await end(15)
    const contact = await oneRow(db, "select removed_at from customers_contacts where customer_id = $1", [
      customer,
    ])
    expect(contact).toEqual({ removed_at: null })
    expect(
      (await facts(customer!)).map((f) => f.type).filter((t) => t.startsWith("customer.contact")),
    ).toEqual(["customer.contact_added", "customer.contact_removed", "customer.contact_added"])
  })

  it("an adding told after the leave that followed it does not bring the friendship back", async () => {
    await tx(db, (t) => takeContacts(t, [seen("wm4", 0)], now))
    await tx(db, (t) =>
      endContacts(t, [
        { account_id: account.account_id, external_userid: "wm4", at: at(10), origin: "live", by: "staff" },
      ]),
    )
    const [customer] = await tx(db, (t) => takeContacts(t, [seen("wm4", 0)], now))
    const contact = await oneRow<{ removed_by: string }>(
      db,
      "select removed_by from customers_contacts where customer_id = $1",
      [customer],
    )
    expect(contact.removed_by).toBe("staff")
  })

  it("whoever left is found by the days in which they did, on the shop's days, and not once they are back", async () => {
    const [gone, back] = await tx(db, (t) => takeContacts(t, [seen("wm_gone", 0), seen("wm_back", 0)], now))
    // 2026-11-23 23:59 and 2026-11-24 00:01 in Shanghai.
    const late = { account_id: account.account_id, origin: "live", by: "customer" } as const
    await tx(db, (t) =>
      endContacts(t, [
        { ...late, external_userid: "wm_gone", at: new Date("2026-11-23T15:59:00Z") },
        { ...late, external_userid: "wm_back", at: new Date("2026-11-23T16:01:00Z") },
      ]),
    )
    const left = async (left_from: string | undefined, left_to: string | undefined) => {
      const filter = { scope: null, left_from, left_to }
      const found = await listRows(db, filter, "-created", null, 50)
      expect(await countAll(db, filter)).toBe(found.length)
      return found.map((row) => row.id).filter((id) => id === gone || id === back)
    }
    expect(await left("2026-11-23", "2026-11-23")).toEqual([gone])
    expect(await left("2026-11-24", undefined)).toEqual([back])
    expect(await left(undefined, "2026-11-24")).toEqual([back, gone])
    await tx(db, (t) => takeContacts(t, [seen("wm_back", 24 * 60)], now))
    expect(await left(undefined, "2026-11-24")).toEqual([gone])
    // The first and the last day that anybody can ask for are days that the database knows.
    expect(["0001-01-01", "0001-01-02", "9999-12-31"].map((d) => calendarDay.safeParse(d).success)).toEqual([
      false,
      true,
      true,
    ])
    expect(await left("0001-01-02", "9999-12-31")).toEqual([gone])
  })

  it("a sparse answer erases nothing that is known", async () => {
    const full = {
      external_userid: "wm5",
      unionid: "un5",
      name: "陈静",
      gender: 2,
      at: now,
      origin: "live" as const,
    }
    const [customer] = await tx(db, (t) => takeProfiles(t, [full], now))
    const [same] = await tx(db, (t) =>
      takeProfiles(t, [{ external_userid: "wm5", at: now, origin: "live" }], now),
    )
    expect(same).toBe(customer)
    const row = await oneRow(db, "select name, name_pinyin, gender from customers_customers where id = $1", [
      customer,
    ])
    expect(row).toEqual({ name: "陈静", name_pinyin: "chenjing", gender: 2 })
  })
})
