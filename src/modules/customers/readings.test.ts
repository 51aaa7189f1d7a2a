import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { type Db, rows, run, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { createRegistry } from "../../spine/offers/index.ts"
import { prepareTraits } from "../../spine/traits/index.ts"
import { takeContacts, takeProfiles } from "./contacts.ts"
import { mergeCustomers, offers, setRemarks } from "./index.ts"
import { READINGS_MAX } from "./limits.ts"
import { lookFor, matchedBy } from "./look-for.ts"
import { carry } from "./merge/merge.ts"
import { keysOf, READINGS } from "./pinyin.ts"
import { rekey } from "./rekey.ts"
import { countRows } from "./store.ts"
import { listRows } from "./store-list.ts"

let db: Db
const now = new Date("2026-11-23T04:00:00Z")
const account_id = newId()
const mine = newId()
const NAMES = [
  ..."单小明 曾国藩 解晓东 仇英 重庆李总 尉迟恭 万俟卨 查良镛 区文诗 乐嘉 盖叫天 朴树 翟天临 吕布".split(" "),
  ..."張三丰 张三 陳麗 Lily".split(" "),
]
let ids: Map<string, string>

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, createRegistry([offers]))
  const made = await tx(db, (t) => seen(t, NAMES))
  ids = new Map(NAMES.map((name, i) => [name, made[i]!]))
})

const seen = (t: Parameters<typeof takeProfiles>[0], names: readonly string[]) =>
  takeProfiles(
    t,
    names.map((name) => ({ external_userid: `wm-${name}`, name, gender: 0, at: now, origin: "live" })),
    now,
  )
const find = async (q: string, scope: string[] | null = null) =>
  (await listRows(db, { scope, q }, "-created", null, 50)).map((r) => r.name).sort()
const met = (external_userid: string, remark: string, custodian_staff_id = mine) =>
  tx(db, (t) =>
    takeContacts(
      t,
      [{ account_id, custodian_staff_id, external_userid, at: now, origin: "live", remark }],
      now,
    ),
  )

describe("characters with more than one reading", () => {
  it.each([
    ["单小明", ["shanxiaoming", "danxiao", "chan", "sxm", "dxm", "Shan Xiao Ming"]],
    ["曾国藩", ["zengguofan", "cengguo", "zgf", "cgf"]],
    ["解晓东", ["xiexiaodong", "jiexiao", "xxd", "jxd"]],
    ["仇英", ["qiuying", "chouying", "qy", "cy"]],
    ["重庆李总", ["chongqingli", "zhongqing", "cqlz", "zqlz"]],
    ["尉迟恭", ["yuchigong", "weichi", "ycg", "wcg"]],
    ["万俟卨", ["moqi", "wansi", "wanqi"]],
    ["查良镛", ["zhaliang", "chaliang", "zly", "cly"]],
    ["区文诗", ["ouwenshi", "quwen", "ows", "qws"]],
    ["乐嘉", ["yuejia", "lejia", "yj", "lj"]],
    ["盖叫天", ["gejiao", "gaijiao"]],
    ["朴树", ["piaoshu", "pushu"]],
    ["翟天临", ["zhaitian", "ditian", "ztl", "dtl"]],
    ["吕布", ["lvbu", "lubu"]],
  ])("%s is found by each of them", async (name, texts) => {
    for (const text of texts) expect(await find(text), text).toContain(name)
  })

  it("whoever is found by two readings stands there once", async () => {
    expect(await find("danxiaoming")).toEqual(["单小明"])
    expect(await countRows(db, { scope: null, q: "sxm" })).toBe(1)
  })

  it("a name that could be read in a thousand ways is kept in READINGS_MAX of them, the surname in each", () => {
    const keys = keysOf("单长乐重曾解")
    expect(new Set([keys.full, ...keys.others]).size).toBeLessThanOrEqual(2 * READINGS_MAX)
    for (const begins of ["shanchang", "danchang", "chanchang", "danzhang"])
      expect(
        [keys.full, ...keys.others].some((key) => key.startsWith(begins)),
        begins,
      ).toBe(true)
  })
})

describe("simplified and traditional", () => {
  it("each finds the other, and both are read the same way", async () => {
    for (const q of ["张三", "張三", "zhangsan"]) expect(await find(q)).toEqual(["张三", "張三丰"])
    for (const q of ["陈丽", "陳麗", "陈麗", "chenli"]) expect(await find(q)).toEqual(["陳麗"])
    expect(await find("單小明")).toEqual(["单小明"])
    expect(await find("ＬＩＬＹ")).toEqual(["Lily"])
  })
})

describe("what staff call a friend", () => {
  it("is found in every reading and both scripts, and no longer once it is called otherwise", async () => {
    await met("wm-Lily", "單老師-三班")
    for (const q of ["单老师", "單老師", "shanlaoshi", "danlaoshi", "dls"])
      expect(await find(q)).toEqual(["Lily"])
    // A sync without a remark keeps the one there is.
    await met("wm-Lily", "")
    expect(await find("danlaoshi")).toEqual(["Lily"])
    await tx(db, (t) => setRemarks(t, [{ account_id, external_userid: "wm-Lily", remark: "重庆丽丽" }]))
    expect(await find("danlaoshi")).toEqual([])
    expect(await find("zhongqinglili")).toEqual(["Lily"])
  })

  it("is found by nobody who may not see the customer", async () => {
    await met("wm-曾国藩", "曾老师", newId())
    expect(await find("zenglaoshi", [mine])).toEqual([])
    expect(await find("cengguo", [mine])).toEqual([])
    expect(await find("zhongqinglili", [mine])).toEqual(["Lily"])
  })
})

describe("keys of those who were there before", () => {
  it("a name that changes is no longer found by the old one's readings", async () => {
    await tx(db, (t) =>
      takeProfiles(
        t,
        [{ external_userid: "wm-仇英", name: "召小虎", gender: 0, at: now, origin: "live" }],
        now,
      ),
    )
    expect(await find("chouying")).toEqual([])
    expect(await find("zhaoxiaohu")).toEqual(["召小虎"])
    expect(await find("shaoxiaohu")).toEqual(["召小虎"])
  })

  it("are written batch by batch after an upgrade, and once", async () => {
    await run(db, "truncate customers_keys")
    await run(db, "update customers_customers set name_pinyin = 'danxiaoming' where name = '单小明'")
    await run(db, "update customers_rekeyed set readings = 0, up_to = 0")
    expect(await find("zhongqing")).toEqual([])
    expect(await rekey(db, 7)).toBe(7)
    while ((await rekey(db, 7)) > 0);
    expect(await rows(db, "select readings, up_to from customers_rekeyed")).toEqual([
      { readings: READINGS, up_to: 0 },
    ])
    expect(await find("zhongqing")).toEqual(["Lily", "重庆李总"])
    expect(await find("shanxiaoming")).toEqual(["单小明"])
    expect(await find("danxiaoming")).toEqual(["单小明"])
    expect(await rekey(db, 7)).toBe(0)
  })

  it("two who become one are found by what the one who stays is called", async () => {
    const [from, into] = [ids.get("解晓东")!, ids.get("Lily")!]
    await tx(db, (t) => mergeCustomers(t, [carry], { from, into }, null, now))
    expect(await find("jiexiaodong")).toEqual([])
    expect(await find("zhongqinglili")).toEqual(["Lily"])
    const left = await rows(db, "select 1 from customers_keys where customer_id = $1", [from])
    expect(left).toEqual([])
  })
})

describe("what somebody was found by", () => {
  const person = { name: "单小明", remarks: ["曾老师"], phone: "13800001234", tags: ["VIP"] }
  const by = (q: string, tags: string[] = []) => matchedBy(lookFor(q), { ...person, tags }, keysOf)

  it("is the most telling of all that match, by any reading", () => {
    expect(by("dxm")).toEqual({ field: "name", text: "单小明" })
    expect(by("單小")).toEqual({ field: "name", text: "单小明" })
    expect(by("cengls")).toBeNull()
    expect(by("cls")).toEqual({ field: "remark", text: "曾老师" })
    expect(by("1234")).toEqual({ field: "phone", text: "1234" })
    expect(by("vip", ["VIP"])).toEqual({ field: "tag", text: "VIP" })
    expect(by("dan", ["单身"])).toEqual({ field: "name", text: "单小明" })
  })
})
