import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { type Db, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { takeContacts, takeProfiles } from "./contacts.ts"
import { setRemarks } from "./index.ts"
import { countRows } from "./store.ts"
import { listRows } from "./store-list.ts"

let db: Db
const now = new Date("2026-11-23T04:00:00Z")
const account_id = newId()
const mine = newId()

const PEOPLE: [ref: string, name: string, remark: string, phone: string, owner: string][] = [
  ["wm-a", "王小明", "", "13800001234", mine],
  ["wm-b", "晴天", "王老师-三班", "13900005678", mine],
  ["wm-c", "Lily", "李丽", "13700001234", newId()],
]

beforeAll(async () => {
  db = await testDb()
  await tx(db, async (t) => {
    for (const [external_userid, name, remark, phone, custodian_staff_id] of PEOPLE) {
      await takeContacts(
        t,
        [{ account_id, custodian_staff_id, external_userid, at: now, origin: "live", remark }],
        now,
      )
      await takeProfiles(
        t,
        [{ external_userid, name, mobiles: [phone], gender: 0, at: now, origin: "live" }],
        now,
      )
    }
  })
})

const find = async (q: string, scope: string[] | null = null) =>
  (await listRows(db, { scope, q }, "-created", null, 50)).map((r) => r.name).sort()

describe("looking for a customer", () => {
  it("finds by what the person is called and by what staff call them, in characters, pinyin and initials", async () => {
    expect(await find("王")).toEqual(["晴天", "王小明"])
    expect(await find("wangxiao")).toEqual(["王小明"])
    expect(await find("WXM")).toEqual(["王小明"])
    expect(await find("wanglaoshi")).toEqual(["晴天"])
    expect(await find("wls")).toEqual(["晴天"])
    expect(await find("ll")).toEqual(["Lily"])
    expect(await find("lily")).toEqual(["Lily"])
  })

  it("four digits are the end of a phone", async () => {
    expect(await find("1234")).toEqual(["Lily", "王小明"])
    expect(await find("5678")).toEqual(["晴天"])
  })

  it("somebody found by name and by remark stands there once, and is counted once", async () => {
    await tx(db, (t) => setRemarks(t, [{ account_id, external_userid: "wm-a", remark: "王小明(客户)" }]))
    expect(await find("王小明")).toEqual(["王小明"])
    expect(await countRows(db, { scope: null, q: "wxm" })).toBe(1)
  })

  it("a remark that changed is found by the new one and no longer by the old", async () => {
    await tx(db, (t) => setRemarks(t, [{ account_id, external_userid: "wm-b", remark: "赵老师" }]))
    expect(await find("zls")).toEqual(["晴天"])
    expect(await find("wls")).toEqual([])
  })

  it("never finds customers of somebody else's for who sees their own", async () => {
    expect(await find("1234", [mine])).toEqual(["王小明"])
    expect(await find("ll", [mine])).toEqual([])
  })

  it("takes signs that mean something to the database as letters", async () => {
    for (const q of ["%", "_", "'", "\\", "王%", '"']) expect(await find(q)).toEqual([])
  })
})
