import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import ExcelJS from "exceljs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { csvLine } from "../../../kernel/csv.ts"
import { newId } from "../../../kernel/ids.ts"
import { isRefused } from "../../../kernel/result.ts"
import { type Db, oneRow, rows, tx } from "../../../platform/db.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { prepareTraits } from "../../../spine/traits/index.ts"
import { type FailedRow, type ImportOptions, importFile } from "../../imports/index.ts"
import * as tags from "../../tags/index.ts"
import { ensureCustomers } from "../ensure.ts"
import { carry, mergeCustomers, offers } from "../index.ts"
import { listRows } from "../store-list.ts"
import { customersKind } from "./kind.ts"

const now = new Date("2026-11-23T04:00:00Z")
const [ying, lan, yan] = [newId(), newId(), newId()]
const HEAD = "姓名,手机号,备注"
const MAP = { name: "姓名", phone: "手机号", remark: "备注" }
const kind = customersKind([tags.tagsColumn])
let db: Db
let folder: string

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, createRegistry([offers, tags.offers]))
  folder = await mkdtemp(join(tmpdir(), "siyu-import-"))
  await db.query(
    `insert into staff_members (id, name, role, status, login, created_at) values
       ($1, '周莹', 'operator', 'active', 'ying', $4), ($2, '陈岚', 'operator', 'active', 'lan', $4), ($3, '陈岚', 'lead', 'active', 'yan', $4)`,
    [ying, lan, yan, now],
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let serial = 0
async function bring(content: string | Buffer, over: Partial<ImportOptions> = {}) {
  const path = join(folder, `file${++serial}`)
  await writeFile(path, content)
  const failures: FailedRow[] = []
  const result = await importFile(db, kind, path, {
    mapping: MAP,
    header: true,
    source: "x",
    now,
    onFailure: (f) => void failures.push(f),
    ...over,
  })
  if (isRefused(result)) return { refused: result.refused, counts: null, failures }
  const { read, imported, changed, skipped, failed } = result
  return { refused: null, counts: [read, imported, changed, skipped, failed], failures }
}
const table = (...lines: string[]) => `${[HEAD, ...lines].join("\n")}\n`
const codes = (failures: FailedRow[]) => failures.map((f) => [f.line, f.code])
const people = (phone: string) =>
  rows<{ id: string; name: string; remark: string; owner_staff_id: string | null; birthday: string | null }>(
    db,
    `select c.* from customers_customers c join customers_identities i on i.customer_id = c.id where i.kind = 'phone' and i.value = $1`,
    [phone],
  )
const all = async () => (await oneRow<{ n: number }>(db, "select count(*) as n from customers_customers")).n

describe("a file of customers", () => {
  it("of a thousand rows of which ten are bad brings 990 and gives ten back with reasons; the second import brings nobody", async () => {
    const lines = Array.from({ length: 1000 }, (_, n) => {
      const bad = n % 100 === 7
      return `客${n},${bad ? "12345" : 13_900_000_000 + n},${bad ? "坏" : "好"}`
    })
    const before = await all()
    const first = await bring(table(...lines))
    expect(first.counts).toEqual([1000, 990, 0, 0, 10])
    expect(first.failures).toHaveLength(10)
    expect(new Set(first.failures.map((f) => f.code))).toEqual(new Set(["bad_phone"]))
    expect(await all()).toBe(before + 990)
    const again = await bring(table(...lines))
    expect(again.counts).toEqual([1000, 0, 0, 990, 10])
    expect(await all()).toBe(before + 990)
  })

  it("knows one phone in every way of writing it", async () => {
    const spelled = [
      "13811112222",
      "+86 138 1111 2222",
      "0086-138-1111-2222",
      "８６１３８１１１１２２２２",
      "138.1111.2222",
    ]
    const { counts } = await bring(table(...spelled.map((phone) => `钱多,${phone},`)))
    expect(counts).toEqual([5, 1, 0, 4, 0])
    expect((await people("13811112222")).map((p) => p.name)).toEqual(["钱多"])
  })

  it("finds somebody by the company's own remark, its pinyin and initials", async () => {
    await bring(table("江流儿,13711100001,湖边老店"))
    for (const q of ["湖边", "hubian", "hbld"])
      expect((await listRows(db, { scope: null, q }, "-created", null, 5)).map((r) => r.remark)).toEqual([
        "湖边老店",
      ])
  })

  it("does not take one person's number for another's phone, though both are written alike", async () => {
    const mapping = { name: "姓名", phone: "手机号", customer_no: "备注" }
    const bringBoth = () =>
      bring(table("甲,13722260001,13722260002", "乙,13722260002,13722260001"), { mapping })
    expect((await bringBoth()).counts).toEqual([2, 2, 0, 0, 0])
    expect((await bringBoth()).counts).toEqual([2, 0, 0, 2, 0])
    expect((await people("13722260002")).map((p) => p.name)).toEqual(["乙"])
  })

  it("gives a row with the identities of two customers back with both, and changes neither", async () => {
    const mapping = { ...MAP, unionid: "平台" }
    await bring("姓名,手机号,备注,平台\n孙一,13711110001,,u-one\n孙二,13711110002,,u-two\n", { mapping })
    const { counts, failures } = await bring("姓名,手机号,备注,平台\n新名,13711110001,,u-two\n", { mapping })
    expect(counts).toEqual([1, 0, 0, 0, 1])
    expect(failures[0]).toMatchObject({ code: "two_customers", line: 2 })
    expect(failures[0]!.reason).toContain("「孙二」和「孙一」")
    expect((await people("13711110001"))[0]!.name).toBe("孙一")
  })

  it("takes news of a known customer, leaves what it says nothing of, and tells which fields changed as history", async () => {
    await bring(table("李梅,13711120001,老客"))
    const { counts } = await bring(table("李小梅,13711120001,"))
    expect(counts).toEqual([1, 0, 1, 0, 0])
    const [person] = await people("13711120001")
    expect(person).toMatchObject({ name: "李小梅", remark: "老客" })
    const facts = await rows<{ type: string; origin: string; payload: unknown }>(
      db,
      "select type, origin, payload from facts where subject = $1 order by tx, id",
      [person!.id],
    )
    expect(facts).toEqual([
      { type: "customer.profile_changed", origin: "h", payload: { fields: ["profile"] } },
      { type: "customer.profile_changed", origin: "h", payload: { fields: ["name"] } },
    ])
  })

  it("refuses a remark of 200 letters, a birthday that no calendar has, a consent that is no answer, a row that is nobody", async () => {
    const mapping = { ...MAP, birthday: "生日", consent: "同意", gender: "性别" }
    const { counts, failures } = await bring(
      [
        "姓名,手机号,备注,生日,同意,性别",
        `甲,13711130001,${"长".repeat(200)},,,`,
        "乙,13711130002,,1990-02-30,,",
        "丙,13711130003,,,也许,",
        "丁,,,,,",
        "戊,13711130005,,02-29,是,女",
        "己,13711130006,,2090-01-01,,",
        "庚,13711130007,,,,中",
        "辛,13711130008,,,,",
      ].join("\n"),
      { mapping },
    )
    expect(codes(failures)).toEqual([
      [2, "remark_too_long"],
      [3, "bad_birthday"],
      [4, "bad_consent"],
      [5, "missing_identity"],
      [7, "bad_birthday"],
      [8, "bad_gender"],
    ])
    expect(counts).toEqual([8, 2, 0, 0, 6])
    expect((await people("13711130005"))[0]!.birthday).toBe("--02-29")
  })

  it("names an owner by login or by a name that one alone has, and hands nobody's customer over on the side", async () => {
    const mapping = { ...MAP, owner: "负责人" }
    const file = (...lines: string[]) => ["姓名,手机号,备注,负责人", ...lines].join("\n")
    const first = await bring(
      file("甲,13711140001,,周莹", "乙,13711140002,,lan", "丙,13711140003,,陈岚", "丁,13711140004,,没这个人"),
      { mapping },
    )
    expect(codes(first.failures)).toEqual([
      [4, "ambiguous_owner"],
      [5, "unknown_owner"],
    ])
    expect((await people("13711140002"))[0]!.owner_staff_id).toBe(lan)
    const second = await bring(file("甲,13711140001,,lan"), { mapping })
    expect(second.failures[0]).toMatchObject({ code: "owned_by_another" })
    expect(second.failures[0]!.reason).toContain("「周莹」")
  })

  it("gives tags of the taxonomy with the row, and a row whose tag nobody decided on comes back whole", async () => {
    const mapping = { ...MAP, tags: "标签" }
    const { counts, failures } = await bring(
      [
        "姓名,手机号,备注,标签",
        '甲,13711150001,,"宝妈、企业主"',
        "乙,13711150002,,自己编的",
        '丙,13711150003,,"付费,复购"',
      ].join("\n"),
      { mapping },
    )
    expect(codes(failures)).toEqual([
      [3, "unknown_tag"],
      [4, "rival_tags"],
    ])
    expect(counts).toEqual([3, 1, 0, 0, 2])
    expect(await people("13711150002")).toEqual([])
    const [person] = await people("13711150001")
    const worn = await rows<{ source: string }>(
      db,
      "select source from tags_assignments where customer_id = $1",
      [person!.id],
    )
    expect(worn).toEqual([{ source: "import" }, { source: "import" }])
    // One more tag for somebody who is known as they are is a change.
    const more = await bring('姓名,手机号,备注,标签\n甲,13711150001,,"宝妈,IP"\n', { mapping })
    expect(more.counts).toEqual([1, 0, 1, 0, 0])
  })

  it("of somebody who sees a team's customers touches nobody else's, and what they bring is theirs", async () => {
    const mapping = { ...MAP, owner: "负责人" }
    await bring("姓名,手机号,备注,负责人\n甲,13711160001,,周莹\n乙,13711160002,,\n", { mapping })
    const scoped = { mapping, by: lan, scope: [lan] }
    const { failures, counts } = await bring(
      "姓名,手机号,备注,负责人\n改,13711160001,,\n改,13711160002,,\n新,13711160003,,\n新,13711160004,,周莹\n",
      scoped,
    )
    expect(codes(failures)).toEqual([
      [2, "not_yours"],
      [3, "not_yours"],
      [5, "owner_not_yours"],
    ])
    expect(counts).toEqual([4, 1, 0, 0, 3])
    expect((await people("13711160003"))[0]!.owner_staff_id).toBe(lan)
  })

  it("knows a row that came back and was put right, although its file kept spreadsheets from calculating it", async () => {
    const { failures } = await bring(table(`=甲,+86 137 1116 5001,${"长".repeat(21)}`))
    expect(codes(failures)).toEqual([[2, "remark_too_long"]])
    const [name, phone] = failures[0]!.cells
    const again = await bring(`${HEAD}\n${csvLine([name!, phone!, "=短"])}`)
    expect(again.counts).toEqual([1, 1, 0, 0, 0])
    expect((await people("13711165001"))[0]).toMatchObject({ name: "=甲", remark: "=短" })
  })

  it("does not undo an opt-out, and records one", async () => {
    const mapping = { ...MAP, consent: "同意" }
    const file = (answer: string) => `姓名,手机号,备注,同意\n甲,13711170001,,${answer}\n`
    expect((await bring(file("否"), { mapping })).counts).toEqual([1, 1, 0, 0, 0])
    const back = await bring(file("是"), { mapping })
    expect(back.failures.map((f) => f.code)).toEqual(["opted_out"])
  })

  it("tried out leaves no trace and counts what the import then does", async () => {
    const file = table("甲,13711180001,", "乙,13711180002,", "丙,1,")
    const before = await all()
    const tried = await bring(file, { dry_run: true })
    expect(await all()).toBe(before)
    expect(tried.counts).toEqual((await bring(file)).counts)
  })

  it("and another door that sees the same people at once make each of them once", async () => {
    const phones = Array.from({ length: 60 }, (_, n) => `1371119${String(n).padStart(4, "0")}`)
    const door = () =>
      tx(db, (t) =>
        ensureCustomers(
          t,
          phones.map((value) => ({ identities: [{ kind: "phone", value }], seen_at: now })),
          now,
        ),
      )
    const file = table(...phones.map((phone) => `甲,${phone},`))
    await Promise.all([bring(file), door(), bring(file), door()])
    const found = await Promise.all(phones.map(people))
    expect(found.map((of) => of.length)).toEqual(phones.map(() => 1))
  })

  it("knows somebody who was merged by what the other was known by", async () => {
    await bring(table("甲,13711190101,", "乙,13711190102,"))
    const [[a], [b]] = [await people("13711190101"), await people("13711190102")]
    await tx(db, (t) => mergeCustomers(t, [carry, tags.carry], { from: b!.id, into: a!.id }, null, now))
    const { counts } = await bring(table("乙二,13711190102,"))
    expect(counts).toEqual([1, 0, 1, 0, 0])
    expect((await people("13711190101"))[0]!.name).toBe("乙二")
  })
})

describe("files that are not what they should be", () => {
  it("are read in GBK, with a mark, and with cells that a spreadsheet would calculate kept as texts", async () => {
    // "姓名,手机号,备注\n张三,13722220001,\n" in GBK.
    const gbk = Buffer.from(
      "d0d5c3fb2cbad6bbfabac52cb1b8d7a20a" + "d5c5c8fd2c31333732323232303030312c0a",
      "hex",
    )
    gbk.set(Buffer.from("cad6bbfabac5", "hex"), 5)
    expect((await bring(gbk)).counts).toEqual([1, 1, 0, 0, 0])
    expect((await people("13722220001"))[0]!.name).toBe("张三")
    const marked = `\ufeff${table("=1+1,13722220002,@备注")}`
    expect((await bring(marked)).counts).toEqual([1, 1, 0, 0, 0])
    expect((await people("13722220002"))[0]).toMatchObject({ name: "=1+1", remark: "@备注" })
  })

  it("of Excel give back formulas and numbers that lost their digits, and know a phone that is a number", async () => {
    const book = new ExcelJS.Workbook()
    const sheet = book.addWorksheet("客户")
    sheet.addRow(["姓名", "手机号", "备注", "客户编号"])
    sheet.addRow(["甲", 13_722_230_001, "", "A1"])
    sheet.addRow(["乙", { formula: "1+1", result: 13_722_230_002 }, "", "A2"])
    sheet.addRow(["丙", "13722230003", "", Number("330102199001011234")])
    const { counts, failures } = await bring(Buffer.from(await book.xlsx.writeBuffer()), {
      mapping: { ...MAP, customer_no: "客户编号" },
    })
    expect(codes(failures)).toEqual([
      [3, "formula_cell"],
      [4, "number_lost_digits"],
    ])
    expect(counts).toEqual([3, 1, 0, 0, 2])
  })

  it("are refused empty and with the wrong columns, and bring nobody with a heading alone", async () => {
    expect((await bring("")).refused).toBe("empty_file")
    expect((await bring("城市,电话\n杭州,1\n")).refused).toBe("missing_column")
    expect((await bring(table())).counts).toEqual([0, 0, 0, 0, 0])
    expect((await bring(table("甲,13722240001,"), { mapping: { name: "姓名" } })).refused).toBe("bad_mapping")
  })

  it("cut in the middle bring what is whole, and the whole file afterwards brings the rest once", async () => {
    const lines = Array.from({ length: 40 }, (_, n) => `客${n},${13_722_250_000 + n},"备注，${n}"`)
    const whole = table(...lines)
    const half = whole.slice(0, whole.length - 3)
    const first = await bring(half)
    expect(first.counts).toEqual([40, 39, 0, 0, 1])
    expect(codes(first.failures)).toEqual([[41, "unclosed_quote"]])
    expect((await bring(whole)).counts).toEqual([40, 1, 0, 39, 0])
  })
})
