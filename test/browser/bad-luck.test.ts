import { beforeAll, describe, expect, it } from "vitest"
import { listSends } from "../../src/modules/sends/contract.ts"
import { rows, run } from "../../src/platform/db.ts"
import { type Desk, openDesk, settled, signIn } from "./console.ts"

const OVERFLOW = () => document.documentElement.scrollWidth - document.documentElement.clientWidth

describe("bad luck on an ordinary day", () => {
  let desk: Desk
  beforeAll(async () => {
    desk = await openDesk({ size: 60 })
    await signIn(desk)
  }, 120_000)

  it("a name of forty letters, one from right to left and one with pictures stand in their row and push nothing aside", async () => {
    const { page, company } = desk
    const people = await rows<{ id: string }>(
      company.db,
      "select id from customers_customers order by number desc limit 3",
    )
    const odd = ["超".repeat(40), "سارة أحمد <b>‮محمد", "👩‍👩‍👧‍👦小雨妈🌧️"]
    for (const [n, name] of odd.entries())
      await run(company.db, "update customers_customers set name = $2 where id = $1", [people[n]!.id, name])
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 })
      for (const [n, name] of odd.entries()) {
        await desk.open(`/customers/${people[n]!.id}`)
        expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(name)
        expect(await page.evaluate(OVERFLOW), `${name} at ${width}`).toBeLessThanOrEqual(0)
      }
      await desk.open("/customers")
      expect(await page.evaluate(OVERFLOW), `list at ${width}`).toBeLessThanOrEqual(0)
    }
    await page.setViewportSize({ width: 1440, height: 900 })
    const bidi = await page
      .locator(".name")
      .first()
      .evaluate((cell) => getComputedStyle(cell).unicodeBidi)
    expect(bidi).toBe("isolate")
  })

  it("the server restarts under a half-written send: the page says so, goes on by itself, and the words are there", async () => {
    const { page, company } = desk
    await desk.open("/segments/new")
    await page.getByRole("combobox", { name: "添加条件" }).click()
    await page.keyboard.type("已付费")
    await page.keyboard.press("Enter")
    await page.getByLabel("人群名称").fill("重启前写的")
    await company.restart(async () => {
      await page.getByRole("button", { name: "保存人群" }).click()
      await page
        .getByText(/连不上服务器/)
        .first()
        .waitFor()
    })
    expect(await page.getByLabel("人群名称").inputValue()).toBe("重启前写的")
    await page.getByRole("button", { name: "保存人群" }).click()
    await page.getByRole("heading", { level: 1, name: "修改人群" }).waitFor()
    await settled(page)
  })

  it("going on to a page that was never open while the server is away leaves the page that stands, and the other comes by itself", async () => {
    const { page, company } = desk
    const standing = page.url()
    await company.restart(async () => {
      await page.getByRole("navigation", { name: "主导航" }).getByRole("link", { name: "账号与团队" }).click()
      await page
        .getByText(/连不上服务器/)
        .first()
        .waitFor()
      // A browser's own error page would have neither.
      await page.getByRole("navigation", { name: "主导航" }).waitFor()
    })
    await page.getByRole("heading", { level: 1, name: "功能账号" }).waitFor()
    await settled(page)
    await page.goto(standing)
    await page.getByRole("heading", { level: 1, name: "修改人群" }).waitFor()
    await settled(page)
  })

  it("back and forward through the steps of a send keeps what was typed; pressing twice on a slow line makes one send", async () => {
    const { page, company } = desk
    await page.getByRole("button", { name: "给这群人群发" }).click()
    await page.getByRole("button", { name: "下一步" }).click()
    await page.getByLabel("名称").fill("慢网")
    await page.getByLabel("内容", { exact: true }).fill("您好，{{name}}")
    await page.getByRole("button", { name: "下一步" }).click()
    await page.getByLabel("什么时候发").waitFor()
    await page.goBack()
    expect(await page.getByLabel("内容", { exact: true }).inputValue()).toBe("您好，{{name}}")
    await page.goForward()
    await page.getByRole("button", { name: "试算" }).click()
    await page.getByText(/能触达 [\d,]+ 人/).waitFor()
    const wire = await page.context().newCDPSession(page)
    await wire.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 1_200,
      downloadThroughput: 50_000,
      uploadThroughput: 50_000,
    })
    await page.getByRole("button", { name: "提交审批" }).dblclick()
    await page.getByRole("heading", { level: 1, name: "慢网" }).waitFor()
    await wire.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: -1,
    })
    await page.getByText("待审批", { exact: true }).waitFor()
    const owner = await company.as()
    const { rows: sends } = await owner(listSends, { query: {} })
    expect(sends.filter((send) => send.name === "慢网")).toHaveLength(1)
  })
})
