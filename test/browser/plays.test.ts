import { beforeAll, describe, expect, it } from "vitest"
import { listCustomers } from "../../src/modules/customers/contract.ts"
import { until } from "../../src/platform/testkit/index.ts"
import { type Desk, expectAccessible, openDesk, settled, signIn } from "./console.ts"

let desk: Desk
let name: string
/** As colleagues call the customer. */
let shown: string
beforeAll(async () => {
  desk = await openDesk({ size: 60 })
  await signIn(desk)
  const owner = await desk.company.as()
  // Somebody whom an account knows by name: a message is written to nobody else.
  const customer = await until(async () =>
    (await owner(listCustomers, {})).rows.find((one) => one.name !== "" && one.first_contact_at !== null),
  )
  name = customer.name
  shown = customer.remark || name
}, 120_000)

/** Chooses a customer in a card of the page. */
async function choosePerson(card: string) {
  const { page } = desk
  const region = page.getByRole("region", { name: card })
  await region.getByRole("combobox", { name: "哪位客户" }).click()
  await page.keyboard.type(name)
  const open = page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option")
  await open.filter({ hasText: shown }).first().click()
  return region
}

describe("a play's page", () => {
  it("reads as sentences: who enters, what is done step by step, when it ends", async () => {
    const { page } = desk
    await desk.open("/plays")
    await page.getByRole("link", { name: /新客旅程/ }).click()
    await page.getByRole("region", { name: "谁进来、什么时候停" }).waitFor()
    await settled(page)
    const main = (await page.locator("main").textContent()) ?? ""
    expect(main).toContain("客户「加为好友（第一次加我们）」时进入")
    expect(main).toContain("每个人只走一次")
    expect(main).toContain("一旦「删除好友」就停")
    expect(main).toContain("等到触发后第 1 天 10:00")
    expect(main).not.toMatch(/customer\.contact|outbox\.|send_message|greet/)
    await expectAccessible(page)
  })

  it("a test run tells a customer's way with the words they would read, and leaves nothing behind", async () => {
    const { page, company } = desk
    const before = await company.db.query("select count(*)::int as n from outbox_touches")
    const region = await choosePerson("试跑")
    await region.getByRole("button", { name: "试跑" }).click()
    const way = region.getByRole("list", { name: "这个人会走的路" })
    await way.getByText(`${name}，昨天刚认识`).waitFor()
    await way.getByText("到这里结束").waitFor()
    await expectAccessible(page)
    const after = await company.db.query("select count(*)::int as n from outbox_touches")
    expect(after.rows).toEqual(before.rows)
  })

  it("why somebody got it, or did not, is told in the words of the steps", async () => {
    const region = await choosePerson("为什么这个人收到了，或没收到")
    await region.getByText(/没有进过这个剧本|版本 1/).waitFor()
    expect(desk.complaints).toEqual([])
  })

  it("reads in English without a Chinese word of ours", async () => {
    const { page } = desk
    const address = page.url()
    await page.evaluate(() => localStorage.setItem("siyu.language", "en"))
    await page.goto(address)
    await page.getByRole("region", { name: "Who enters, and when it ends" }).waitFor()
    const rules = await page.getByRole("region", { name: "Who enters, and when it ends" }).textContent()
    expect(rules).toContain("Each person once")
    expect(rules).not.toMatch(/\p{Script=Han}/u)
    await page.evaluate(() => localStorage.removeItem("siyu.language"))
  })
})
