import { beforeAll, describe, expect, it } from "vitest"
import { COUNT_LIMIT } from "../../src/modules/customers/contract.ts"
import { saveStaff } from "../../src/modules/staff/contract.ts"
import { makeView } from "../../src/modules/staff/views/contract.ts"
import { type Desk, expectAccessible, openDesk, settled, signIn } from "./console.ts"

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 80 })
  await signIn(desk)
}, 120_000)

const views = () => desk.page.getByRole("group", { name: "已存的视图" })
const view = (name: string) => views().getByRole("button", { name, exact: true })
const chosen = async () => (await views().locator("[aria-pressed=true]").allTextContents()).join()
const address = () => new URL(desk.page.url()).searchParams

async function saveAs(name: string, byDefault = false) {
  const { page } = desk
  await views().getByRole("button", { name: "存为视图" }).click()
  const form = page.getByRole("dialog", { name: "存为视图" })
  await form.getByLabel("视图名称").fill(name)
  if (byDefault) await form.getByLabel("打开这个列表时先看它").check()
  await form.getByRole("button", { name: "保存视图" }).click()
  await view(name).waitFor()
}

describe("saved views of a list", () => {
  it("keep filters and columns under a name, and bring both back by one press, with the filters in the address", async () => {
    const { page } = desk
    await desk.open("/customers?stage=prospect")
    await page.getByRole("button", { name: "列", exact: true }).click()
    await page.getByRole("menuitem", { name: "手机" }).click()
    await page.getByRole("columnheader", { name: "手机" }).waitFor()
    await page.keyboard.press("Escape")
    await saveAs("潜在客户")
    await expect.poll(chosen).toBe("潜在客户")
    await expectAccessible(page)
    await view("全部").click()
    await expect.poll(() => address().get("stage")).toBe(null)
    await page.getByRole("button", { name: "列", exact: true }).click()
    await page.getByRole("menuitem", { name: "手机" }).click()
    await page.getByRole("columnheader", { name: "手机" }).waitFor({ state: "detached" })
    await page.keyboard.press("Escape")
    await view("潜在客户").click()
    await expect.poll(() => address().get("stage")).toBe("prospect")
    await page.getByRole("columnheader", { name: "手机" }).waitFor()
    await page.reload()
    await expect.poll(chosen).toBe("潜在客户")
  })

  it("a changed filter changes the address and not the view, until it is saved into it", async () => {
    const { page } = desk
    await page.getByLabel("姓名、拼音、手机尾号").fill("王")
    await page.waitForURL(/q=/)
    await views().getByRole("button", { name: "保存修改" }).click()
    await page.getByText("视图已保存").waitFor()
    await view("全部").click()
    await expect.poll(() => address().get("q")).toBe(null)
    await view("潜在客户").click()
    await expect.poll(() => address().get("q")).toBe("王")
  })

  it("a text typed just before another filter is chosen does not undo that one", async () => {
    const { page } = desk
    await desk.open("/customers?view=all")
    await page.getByRole("combobox", { name: "阶段" }).click()
    const option = page.locator(".ant-select-item-option", { hasText: "会员" })
    await option.waitFor()
    const field = await page.getByLabel("姓名、拼音、手机尾号").elementHandle()
    // Both within the pause of typing, however slow the machine.
    await option.evaluate((one, input) => {
      const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set
      set?.call(input, "王")
      input?.dispatchEvent(new Event("input", { bubbles: true }))
      ;(one as HTMLElement).click()
    }, field)
    await expect.poll(() => address().get("q")).toBe("王")
    expect(address().get("stage")).toBe("member")
  })

  it("another view selects nobody: what was selected under the filters before is no longer", async () => {
    const { page } = desk
    await desk.open("/customers?view=all")
    await page.getByRole("table").getByRole("checkbox").first().click()
    const bar = page.getByRole("region", { name: /^已选/ })
    await bar.getByRole("button", { name: /^选择符合条件的全部/ }).click()
    await view("潜在客户").click()
    await expect.poll(() => address().get("stage")).toBe("prospect")
    await settled(page)
    expect(await bar.count()).toBe(0)
    await page.goBack()
    await expect.poll(() => address().get("stage")).toBe(null)
    expect(await bar.count()).toBe(0)
  })

  it("a list as long as is counted exactly reads as that number, and one longer as more than it", async () => {
    const { page } = desk
    let total = COUNT_LIMIT
    await page.route("**/api/customers?*", async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, json: { ...(await answer.json()), total } })
    })
    await desk.open("/customers?view=all")
    await page.getByText("共 10,000 条", { exact: true }).waitFor()
    total = COUNT_LIMIT + 1
    await desk.open("/customers?view=all")
    await page.getByText("超过 10,000 条", { exact: true }).waitFor()
    await page.unroute("**/api/customers?*")
  })

  it("the one by default opens by itself, and all stays one press away", async () => {
    const { page } = desk
    await desk.open("/orders?source=x")
    await saveAs("来源 x", true)
    await desk.open("/orders")
    await expect.poll(() => address().get("source")).toBe("x")
    await view("全部").click()
    await expect.poll(() => address().get("source")).toBe(null)
    await page.reload()
    await settled(page)
    await view("来源 x").waitFor()
    expect(address().get("source")).toBe(null)
    await desk.open("/orders?order_no=17")
    await view("来源 x").waitFor()
    expect(address().get("source")).toBe(null)
  })

  it("is renamed, refused under the field where the name is taken, and deleted with the consequence said", async () => {
    const { page } = desk
    await desk.open("/customers?standing=paid")
    await saveAs("付过费")
    await views().getByRole("button", { name: "视图「付过费」的操作" }).click()
    await page.getByRole("menuitem", { name: "修改名称" }).click()
    const form = page.getByRole("dialog", { name: "修改名称" })
    await form.getByLabel("视图名称").fill("潜在客户")
    await form.getByRole("button", { name: "保存视图" }).click()
    await form.getByText("你已有一个同名的视图。").first().waitFor()
    await form.getByLabel("视图名称").fill("付费客户")
    await form.getByRole("button", { name: "保存视图" }).click()
    await view("付费客户").waitFor()
    await views().getByRole("button", { name: "视图「付费客户」的操作" }).click()
    await page.getByRole("menuitem", { name: "删除视图" }).click()
    await page
      .getByRole("dialog", { name: /删除视图「付费客户」/ })
      .getByRole("button", { name: "删除视图" })
      .click()
    await view("付费客户").waitFor({ state: "detached" })
    expect(await chosen()).toBe("全部")
  })

  it("every list of a page has them, and on a phone they run over no edge", async () => {
    const { page } = desk
    for (const path of [
      "/sends",
      "/groups",
      "/segments",
      "/plays",
      "/codes",
      "/staff",
      "/accounts",
      "/audit",
    ]) {
      await desk.open(path)
      await view("全部").waitFor()
    }
    await page.setViewportSize({ width: 390, height: 844 })
    await desk.open("/customers")
    await view("潜在客户").waitFor()
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(sideways).toBeLessThanOrEqual(0)
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it("two people do not see each other's", async () => {
    const { page, company, context } = desk
    const owner = await company.as()
    const made = await owner(saveStaff, { body: { name: "同事", role: "lead", login: "second" } })
    const lead = await company.as({ login: "second", password: made.one_time_password ?? "" })
    const look = { density: "middle" as const, hidden: [], shown: [] }
    await lead(makeView, { body: { list: "customers", name: "同事的", filters: { stage: "member" }, look } })
    await desk.open("/customers")
    await view("潜在客户").waitFor()
    expect(await view("同事的").count()).toBe(0)
    await context.clearCookies()
    await signIn(desk, { login: "second", password: "second-own-password" })
    await desk.open("/customers")
    await view("同事的").waitFor()
    expect(await view("潜在客户").count()).toBe(0)
    await page.getByRole("table").waitFor()
    expect(desk.complaints).toEqual([])
  })
})
