import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { isRefused } from "../../../kernel/result.ts"
import { rows } from "../../../platform/db.ts"
import { type FailedRow, importFile } from "../../imports/index.ts"
import { type Office, openOffice } from "../accounts.fixture.ts"
import { accountsKind } from "./kind.ts"

const HEAD = "账号名称,功能,企业微信账号,保管人,实名人,手机号,卡主,设备,活跃天数\n"
const MAPPING = {
  name: "账号名称",
  function: "功能",
  ref: "企业微信账号",
  custodian: "保管人",
  holder_name: "实名人",
  phone: "手机号",
  sim_owner: "卡主",
  device: "设备",
  active_days: "活跃天数",
}
let office: Office
let folder: string
beforeAll(async () => {
  office = await openOffice()
  folder = await mkdtemp(join(tmpdir(), "siyu-accounts-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let serial = 0
async function bring(lines: string, dry_run = false) {
  const path = join(folder, `file${++serial}`)
  await writeFile(path, HEAD + lines)
  const failures: FailedRow[] = []
  const result = await importFile(office.db, accountsKind(), path, {
    mapping: MAPPING,
    header: true,
    source: "账号",
    now: office.now(),
    dry_run,
    onFailure: (f) => void failures.push(f),
  })
  if (isRefused(result)) throw new Error(result.refused)
  const { imported, changed, skipped, failed } = result
  return { counts: [imported, changed, skipped, failed], failures: failures.map((f) => f.code) }
}
const account = async (q: string) =>
  (
    (await office.call("keeper", "GET", `?q=${encodeURIComponent(q)}`)).body as unknown as {
      rows: { id: string }[]
    }
  ).rows

const OLD = "老号 01,成交号,hm_old_1,林小英,王五,138 1234 8888,公司,手机 07,180\n老号 02,IP号,,,,,,,\n"

describe("a file of accounts that the company has had for long", () => {
  it("tried out it leaves nothing; then they are in use, in hands, and owe an agreement in thirty days", async () => {
    expect(await bring(OLD, true)).toEqual({ counts: [2, 0, 0, 0], failures: [] })
    expect(await account("老号")).toEqual([])
    expect(await bring(OLD)).toEqual({ counts: [2, 0, 0, 0], failures: [] })
    expect(await account("老号 01")).toMatchObject([
      {
        state: "in_use",
        origin: "imported",
        custodian_name: "林小英",
        channel_ref: "hm_old_1",
        unsigned: false,
      },
    ])
    expect(await account("老号 02")).toMatchObject([
      { function: "ip", channel_ref: null, custodian_name: null },
    ])
    const [{ id }] = (await account("老号 01")) as [{ id: string }]
    expect((await office.call("keeper", "GET", `/${id}`)).body.registration).toMatchObject({
      phone_masked: "138****8888",
      active_days_before: 180,
    })
    expect((await office.call("keeper", "GET", "/findings?kind=agreement_missing")).body.rows).toMatchObject([
      { due_on: "2026-12-23" },
      { due_on: "2026-12-23" },
    ])
  })

  it("again it adds nothing; what a row knows more is taken, what it leaves out stays", async () => {
    expect(await bring(OLD)).toEqual({ counts: [0, 0, 2, 0], failures: [] })
    expect(await bring("老号 01,成交号,hm_old_1,,,,,手机 08,\n老号 02,IP号,,何小兰,,,,,\n")).toEqual({
      counts: [0, 2, 0, 0],
      failures: [],
    })
    const [{ id }] = (await account("老号 01")) as [{ id: string }]
    expect((await office.call("keeper", "GET", `/${id}`)).body.registration).toMatchObject({
      holder_name: "王五",
      device: "手机 08",
    })
    expect(await account("老号 02")).toMatchObject([{ custodian_name: "何小兰" }])
  })

  it("a row that cannot be comes back with its reason, and the others go in", async () => {
    await office.account("双胞 01")
    await office.account("双胞 01", { channel_ref: "hm_twin" })
    await office.db.query(
      "update accounts_accounts set channel_ref = id::text where name = '双胞 01' and channel_ref <> 'hm_twin'",
    )
    await office.account("停用 01", { channel_ref: "hm_gone", state: "retired" })
    const outcome = await bring(
      [
        ",成交号,,,,,,,",
        "新号 01,客服,,,,,,,",
        "新号 02,成交号,hm bad,,,,,,",
        "新号 03,成交号,,查无此人,,,,,",
        "新号 04,成交号,,,,12ab,,,",
        "新号 05,成交号,,,,,,,很久",
        "老号 01,成交号,hm_old_1,何小兰,,,,,",
        "停用 01,成交号,hm_gone,,,,,,",
        "新号 06,会员号,hm_new_6,,,,,,",
        "新号 06,会员号,hm_new_6,,,,,,",
      ].join("\n"),
    )
    expect(outcome).toEqual({
      counts: [1, 0, 1, 8],
      failures: [
        "missing_name",
        "bad_function",
        "bad_ref",
        "custodian_unknown",
        "bad_phone",
        "bad_days",
        "held_by_another",
        "account_over",
      ],
    })
    const facts = await rows(office.db, "select payload from facts")
    expect(JSON.stringify(facts)).not.toMatch(/王五|13812348888|手机 0/)
  })
})
