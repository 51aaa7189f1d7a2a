import { beforeAll, describe, expect, it } from "vitest"
import { listAccounts } from "../../src/modules/accounts/contract.ts"
import { today } from "../../src/modules/plans/contract.ts"
import { listDiversions, readDiversion } from "../../src/modules/plans/diversions/contract.ts"
import { countSegment, createSegment } from "../../src/modules/segments/contract.ts"
import { until } from "../../src/platform/testkit/index.ts"
import { type Desk, expectAccessible, openDesk, settled, signIn } from "./console.ts"

const rule = { all: [{ offer: "customers.has_paid", version: 1, args: {} }] }
let desk: Desk
let accounts: { id: string; name: string }[]
beforeAll(async () => {
  desk = await openDesk({ size: 80 })
  const owner = await desk.company.as()
  await until(async () => (await owner(countSegment, { body: { rule } })).count > 20, 60_000)
  await owner(createSegment, { body: { name: "付过费的客户", rule } })
  accounts = (await owner(listAccounts, { query: { state: "in_use", hazard: "none" } })).rows.slice(0, 2)
  await signIn(desk)
}, 150_000)

async function pick(label: string, word: string): Promise<void> {
  const { page } = desk
  await page.getByLabel(label, { exact: true }).click()
  await page.keyboard.type(word)
  await page.locator(".ant-select-item-option").filter({ hasText: word }).last().click()
  await page.keyboard.press("Escape")
}

describe("a layer that is shared out over accounts", () => {
  it("is tried out first: what is wanting is said, then the days with how many each account adds", async () => {
    const { page } = desk
    await desk.open("/diversions/new")
    await page.getByRole("button", { name: "试排一下" }).click()
    await page.getByRole("alert").filter({ hasText: "请选择人群" }).waitFor()
    await pick("人群", "付过费的客户")
    await pick("由哪些账号加", accounts[0]!.name)
    await page.getByLabel("名称", { exact: true }).fill("老客户导到专属号")
    await expectAccessible(page)
    await page.getByRole("button", { name: "试排一下" }).click()
    await page.getByText(/^人群 [\d,]+ 人，要加 [\d,]+ 人/).waitFor()
    await page.getByRole("table", { name: "每天的安排" }).getByRole("row").nth(1).waitFor()
    await expectAccessible(page)
  })

  it("is made after the numbers were read once more, and its first day becomes assignments with the opening line", async () => {
    const { page, company } = desk
    await page.getByRole("button", { name: /^确认，导流 [\d,]+ 人$/ }).click()
    const ask = page.getByRole("dialog", { name: /^把 [\d,]+ 人分给 1 个账号/ })
    await ask.getByRole("button", { name: "开始导流" }).click()
    await page.getByRole("heading", { level: 1, name: "老客户导到专属号" }).waitFor()
    await settled(page)
    await page.getByRole("region", { name: "走到哪一步" }).waitFor()
    const list = page.getByRole("region", { name: /的名单$/ }).first()
    await list
      .getByRole("row", { name: /我是您的专属客服/ })
      .first()
      .waitFor()
    await expectAccessible(page)
    const owner = await company.as()
    const [made] = (await owner(listDiversions, {})).rows
    const { days } = await owner(readDiversion, { params: { id: made!.id } })
    const given = async () =>
      (await owner(today, { query: { mine: "false" } })).rows.filter((one) => one.kind === "diversion")
    await until(async () => (await given()).length > 0, 30_000)
    expect((await given()).length).toBe(days[0]!.people)
    expect((await given())[0]!.script).toContain("我是您的专属客服")
  })

  it("stands in the list with its funnel, and is stopped: nobody else is added", async () => {
    const { page, company } = desk
    await desk.open("/diversions")
    await page.getByRole("link", { name: "老客户导到专属号" }).click()
    await page.getByRole("button", { name: "停止导流" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "停止导流" }).click()
    await page.getByText("已停止").first().waitFor()
    const owner = await company.as()
    const open = (await owner(today, { query: { mine: "false" } })).rows.filter(
      (one) => one.kind === "diversion",
    )
    expect(open).toEqual([])
    expect(desk.complaints).toEqual([])
  })
})
