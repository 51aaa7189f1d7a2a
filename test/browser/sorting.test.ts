import { readFile } from "node:fs/promises"
import { beforeAll, describe, expect, it } from "vitest"
import { type Desk, expectAccessible, openDesk, settled, signIn } from "./console.ts"

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 160 })
  await signIn(desk)
}, 120_000)

const head = (name: string) => desk.page.getByRole("columnheader", { name })
const press = (name: string) => head(name).getByRole("button").click()
const way = (name: string) => head(name).getAttribute("aria-sort")
const address = () => new URL(desk.page.url()).searchParams
const people = () => desk.page.getByRole("table").locator("tbody a.name")
const shown = () => people().evaluateAll((links) => links.map((link) => link.getAttribute("href")))
const pager = () => desk.page.locator(".pager")

/** The list as it stands once the answer to the last press is there. */
async function list() {
  await desk.page.locator(".table-body:not(.is-refreshing)").waitFor()
  await settled(desk.page)
  return shown()
}

/** The cells of a column, as numbers; what is missing is null. */
async function column(name: string): Promise<(number | null)[]> {
  await list()
  const heads = await desk.page.getByRole("columnheader").allTextContents()
  const at = heads.findIndex((text) => text.startsWith(name))
  const cells = desk.page.getByRole("table").locator(`tbody tr > :nth-child(${at + 1})`)
  return (await cells.allTextContents()).map((text) =>
    text === "—" ? null : Number(text.replace(/[¥,]/g, "")),
  )
}

const sorted = (values: (number | null)[], descending: boolean) =>
  values.toSorted((a, b) => (a === null ? 1 : b === null ? -1 : descending ? b - a : a - b))

describe("a list that is sorted by a column", () => {
  it("by money spent, two pages down, to a profile and back: the same people in the same order on the same page", async () => {
    const { page } = desk
    await desk.open("/customers")
    await press("累计成交")
    await expect.poll(() => way("累计成交")).toBe("descending")
    expect(address().get("sort")).toBe("-gmv")
    const money = await column("累计成交")
    expect(money).toEqual(sorted(money, true))
    expect(money[0]).toBeGreaterThan(money.at(-1) ?? 0)
    await expectAccessible(page)

    const pages = [await list()]
    for (const n of [2, 3]) {
      await pager().getByRole("button", { name: "下一页" }).click()
      await pager().getByText(`第 ${n} 页`).waitFor()
      pages.push(await list())
    }
    expect(pages.map((one) => one.length)).toEqual([50, 50, 50])
    expect(new Set(pages.flat()).size).toBe(150)
    const rows = people()
    await rows.nth(20).click()
    await page.waitForURL(/\/customers\/[0-9a-f-]{36}/)
    await page.getByRole("heading", { level: 1 }).waitFor()
    await page.goBack()
    await pager().getByText("第 3 页").waitFor()
    expect(await list()).toEqual(pages[2])
    expect(await way("累计成交")).toBe("descending")
    await expect
      .poll(() => rows.nth(20).evaluate((one) => one.getBoundingClientRect().top))
      .toBeGreaterThan(0)
    expect(await rows.nth(20).evaluate((one) => one.getBoundingClientRect().top < innerHeight)).toBe(true)

    await pager().getByRole("button", { name: "上一页" }).click()
    await pager().getByText("第 2 页").waitFor()
    expect(await list()).toEqual(pages[1])
  })

  it("turns round at the next press and stands in its own order at the one after, by keyboard alone", async () => {
    const { page } = desk
    await desk.open("/customers")
    const own = await list()
    await head("订单数").getByRole("button").focus()
    for (const [sort, said] of [
      ["-orders", "descending"],
      ["orders", "ascending"],
    ] as const) {
      await page.keyboard.press("Enter")
      await expect.poll(() => address().get("sort")).toBe(sort)
      await expect.poll(() => way("订单数")).toBe(said)
      const counts = await column("订单数")
      expect(counts).toEqual(sorted(counts, said === "descending"))
    }
    await page.keyboard.press("Enter")
    await expect.poll(() => address().get("sort")).toBe(null)
    expect(await list()).toEqual(own)
  })

  it("is a file in the order that is shown, and the same people stay selected", async () => {
    const { page } = desk
    await desk.open("/customers?sort=gmv")
    const first = await list()
    await page.getByRole("table").getByRole("checkbox").first().click()
    const bar = page.getByRole("region", { name: /^已选/ })
    await bar.getByRole("button", { name: /^选择符合条件的全部/ }).click()
    const all = await bar.getByText(/^已选符合条件的全部/).textContent()
    await press("最近购买")
    await expect.poll(() => address().get("sort")).toBe("-last_order")
    expect(await bar.getByText(/^已选符合条件的全部/).textContent()).toBe(all)
    await page.goto(`${desk.company.origin}/customers?sort=gmv`)
    await list()
    await page.getByRole("table").getByRole("checkbox").first().click()
    await bar.getByRole("button", { name: /^选择符合条件的全部/ }).click()
    const saved = page.waitForEvent("download")
    await bar.getByRole("button", { name: /^导出/ }).click()
    const asked = page.getByRole("dialog", { name: "导出客户" })
    await asked.getByLabel("用途").fill("看看谁买得最多")
    await asked.getByRole("button", { name: "导出" }).click()
    const text = await readFile(await (await saved).path(), "utf8")
    const [heading = "", ...lines] = text.replace("\ufeff", "").trimEnd().split("\r\n")
    expect(lines.length).toBeGreaterThan(first.length)
    const names = heading.split(",").indexOf("备注")
    const called = lines.slice(0, 5).map((line) => {
      const cells = line.split(",")
      return cells[names] || cells[0]
    })
    expect(called).toEqual((await people().allTextContents()).slice(0, 5))
  })

  it("keeps its order under a saved view", async () => {
    const { page } = desk
    await desk.open("/orders?sort=-paid_fen")
    const views = page.getByRole("group", { name: "已存的视图" })
    await views.getByRole("button", { name: "存为视图" }).click()
    const form = page.getByRole("dialog", { name: "存为视图" })
    await form.getByLabel("视图名称").fill("最大的订单")
    await form.getByRole("button", { name: "保存视图" }).click()
    await views.getByRole("button", { name: "最大的订单", exact: true }).waitFor()
    await views.getByRole("button", { name: "全部", exact: true }).click()
    await expect.poll(() => way("付款时间")).toBe("descending")
    expect(address().get("sort")).toBe(null)
    await views.getByRole("button", { name: "最大的订单", exact: true }).click()
    await expect.poll(() => way("实付")).toBe("descending")
    const money = await column("实付")
    expect(money).toEqual(sorted(money, true))
  })

  it("of groups and of their members too, and another tab of the page is not asked for a column it has not", async () => {
    const { page } = desk
    await desk.open("/groups")
    expect(await way("成员")).toBe("descending")
    await press("7 天内说话")
    await expect.poll(() => way("7 天内说话")).toBe("descending")
    const spoke = await column("7 天内说话")
    expect(spoke).toEqual(sorted(spoke, true))
    await page.getByRole("table").locator("tbody a.name").first().click()
    await page.getByRole("tab", { name: "成员" }).click()
    await press("说话次数")
    await expect.poll(() => address().get("sort")).toBe("-messages")
    const times = await column("说话次数")
    expect(times).toEqual(sorted(times, true))
    await page.getByRole("tab", { name: "消息" }).click()
    await expect.poll(() => address().get("sort")).toBe(null)
  })

  it("can be sorted on a phone too, also by a column that is folded away, and nothing runs over the edge", async () => {
    const { page } = desk
    await page.setViewportSize({ width: 390, height: 844 })
    await desk.open("/customers")
    await page.getByRole("button", { name: "排序", exact: true }).click()
    await page.getByRole("menuitem", { name: "积分余额 降序" }).click()
    await page.getByRole("button", { name: "排序：积分余额 降序" }).waitFor()
    expect(address().get("sort")).toBe("-points")
    await list()
    await expectAccessible(page)
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(sideways).toBeLessThanOrEqual(0)
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it("under a sort that nobody offers it says so, and its own order is one press away", async () => {
    const { page } = desk
    await desk.open("/customers?sort=shoe_size")
    await page.getByText("输入有误，请按提示修改。").waitFor()
    await page.getByRole("button", { name: "排序", exact: true }).click()
    await page.getByRole("menuitem", { name: "默认顺序" }).click()
    await page.getByRole("table").waitFor()
    expect(desk.complaints.filter((one) => !/status of 400/.test(one))).toEqual([])
  })
})
