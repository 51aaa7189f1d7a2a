import ExcelJS from "exceljs"
import type { FastifyInstance } from "fastify"
import { beforeAll, describe, expect, it } from "vitest"
import { type Db, oneRow } from "../../../platform/db.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { prepareTraits } from "../../../spine/traits/index.ts"
import { offers as customers, customersKind } from "../../customers/index.ts"
import { importKinds, runNextImport } from "../../imports/index.ts"
import { headers, type Json, lead, now, wizardOf } from "../../imports/wizard.test-kit.ts"
import { offers } from "../index.ts"
import { tagsColumn, tagsKind } from "./kind.ts"

const kinds = importKinds([customersKind([tagsColumn]), tagsKind])
/** The same with a limit that a small file passes. */
const narrow = importKinds([{ ...tagsKind, rows_max: 3 }])
let wizard: Awaited<ReturnType<typeof wizardOf>>
let db: Db
let app: FastifyInstance
let who = lead
beforeAll(async () => {
  wizard = await wizardOf(kinds, { who: () => who })
  ;({ db, app } = wizard)
  await prepareTraits(db, createRegistry([customers, offers]))
  await db.query(
    "insert into staff_members (id, name, role, status, created_at) values ($1, '梁燕', 'lead', 'active', $2)",
    [lead.staff_id, now],
  )
})

const upload = async (kind: string, payload: string | Buffer, name = "老客.csv") =>
  (await wizard.upload(kind, payload, name)).body as Json & { id: string; guess: Record<string, string> }
async function run(id: string, mapping: Record<string, string>, dry_run = false, of = kinds) {
  const payload = { dry_run, options: { mapping, source: "老客" } }
  const answer = await app.inject({ method: "POST", url: `/api/imports/${id}/run`, headers, payload })
  if (answer.statusCode !== 200) return answer.json() as Json
  await runNextImport(db, of, () => now)
  return wizard.read(id)
}

describe("customers and tags in the wizard", () => {
  it("are guessed by customary headings; a column that a person named otherwise is known the next time", async () => {
    const file = "会员姓名,联系电话,口味,标签\n叶知秋,+86 138-0000-7001,爱喝浓的,宝妈\n"
    const first = await upload("customers", file)
    expect(first).toMatchObject({
      remembered: false,
      guess: { name: "会员姓名", phone: "联系电话", tags: "标签" },
      sample: [["叶知秋", "+86 138-0000-7001", "爱喝浓的", "宝妈"]],
    })
    const tried = await run(first.id, { ...first.guess, remark: "口味" }, true)
    expect(tried).toMatchObject({ state: "checked", counts: { imported: 1, failed: 0 } })
    expect((await oneRow<{ n: number }>(db, "select count(*) as n from customers_customers")).n).toBe(0)
    expect(await run(first.id, { ...first.guess, remark: "口味" })).toMatchObject({
      state: "done",
      counts: { read: 1, imported: 1, changed: 0, skipped: 0, failed: 0 },
    })
    expect(await upload("customers", file)).toMatchObject({
      remembered: true,
      guess: { remark: "口味", phone: "联系电话" },
    })
  })

  it("in GB18030 are read as they are meant, and bad rows come back with their reasons to be put right", async () => {
    // "手机号,标签\n13800007001,企业主\n13800007001,自编\n" in GB18030.
    const gbk = Buffer.from(
      "cad6bbfabac52cb1eac7a90a31333830303030373030312cc6f3d2b5d6f70a31333830303030373030312cd7d4b1e00a",
      "hex",
    )
    const { id, guess } = await upload("tags", gbk, "标签.csv")
    expect(await run(id, guess)).toMatchObject({ counts: { read: 2, imported: 1, failed: 1 } })
    const failed = await app.inject({ method: "GET", url: `/api/imports/${id}/failed.csv`, headers })
    expect(failed.body).toContain("手机号,标签,行号,错误原因")
    expect(failed.body).toMatch(/13800007001,自编,3,标签体系里没有这个标签.*「自编」/)
  })

  it("have a template that keeps phones as texts, offers its choices and says how", async () => {
    const answer = await app.inject({ method: "GET", url: "/api/imports/templates/customers.xlsx", headers })
    const book = new ExcelJS.Workbook()
    await book.xlsx.load(answer.rawPayload as unknown as ArrayBuffer)
    expect(book.worksheets.map((sheet) => sheet.name)).toEqual(["客户", "填写说明"])
    const sheet = book.worksheets[0]!
    const headings = (sheet.getRow(1).values as string[]).slice(1)
    expect(headings).toEqual(expect.arrayContaining(["手机号", "姓名", "备注", "标签", "负责人"]))
    const phone = sheet.getCell(2, headings.indexOf("手机号") + 1)
    expect([phone.value, phone.numFmt]).toEqual(["13800001234", "@"])
    expect(sheet.getCell(2, headings.indexOf("性别") + 1).dataValidation.formulae).toEqual(['"男,女,未知"'])
  })

  it("bring tags by nobody who may not give them, in a column as little as in a file of their own", async () => {
    who = { ...lead, can: (permission) => permission !== "tags.write" }
    const { id } = await upload("customers", "手机号,标签\n13800007002,IP\n")
    expect(await run(id, { phone: "手机号", tags: "标签" })).toMatchObject({
      code: "forbidden",
      field: "options.mapping.tags",
    })
    expect(await run(id, { phone: "手机号" })).toMatchObject({ state: "done", counts: { imported: 1 } })
    const listed = await app.inject({ method: "GET", url: "/api/imports/kinds", headers })
    const { rows } = listed.json() as { rows: { name: string; fields: { name: string }[] }[] }
    expect(rows.map((row) => row.name)).toEqual(["customers"])
    expect(rows[0]!.fields.map((field) => field.name)).not.toContain("tags")
    who = lead
  })

  it("of more rows than one file of tags may have are refused whole, tried out or not, and the limit is named", async () => {
    const lines = ["13800007001,IP", "13800007002,IP", "13800007001,宝妈", "13800007002,宝妈"]
    for (const dry_run of [true, false]) {
      const { id, guess } = await upload("tags", `手机号,标签\n${lines.join("\n")}\n`)
      const refused = await run(id, guess, dry_run, narrow)
      expect(refused).toMatchObject({ state: "failed", problem: "too_many_rows", counts: null })
      const words = refused.problem_words as Record<string, string>
      expect(words.zh).toContain("最多 3,000,000 行")
      expect(words.en).toContain("at most 3,000,000 rows")
    }
    const worn =
      "select count(*) as n from tags_assignments a join tags_tags t on t.id = a.tag_id where t.name = 'IP'"
    expect((await oneRow<{ n: number }>(db, worn)).n).toBe(0)
    const { id, guess } = await upload("tags", `手机号,标签\n${lines.slice(1).join("\n")}\n`)
    expect(await run(id, guess, false, narrow)).toMatchObject({ state: "done", counts: { read: 3 } })
  })
})
