import { beforeAll, describe, expect, it } from "vitest"
import type { Call } from "../../src/kernel/client.ts"
import { listCustomers, readCustomer } from "../../src/modules/customers/contract.ts"
import { listPairs } from "../../src/modules/customers/merge/contract.ts"
import { listOrders, pushOrders } from "../../src/modules/orders/contract.ts"
import { readSession } from "../../src/modules/staff/contract.ts"
import { type Desk, expectAccessible, openDesk, signIn } from "./console.ts"

let desk: Desk
let owner: Call
beforeAll(async () => {
  desk = await openDesk({ size: 20 })
  await signIn(desk)
  owner = await desk.company.as()
}, 120_000)

async function buy(tag: string, bought: readonly Record<string, string>[]): Promise<void> {
  const { shop_now } = await owner(readSession, {})
  const orders = bought.map((buyer, n) => ({
    order_no: `${tag}-${n + 1}`,
    buyer,
    status: "paid",
    paid_at: shop_now,
    amount_fen: 10_000 * (n + 1),
    lines: [{ sku: "RG01", name: "礼包", qty: 1, price_fen: 10_000 * (n + 1) }],
  }))
  for (const order of orders) await owner(pushOrders, { body: { origin: "live", orders: [order] } })
}

/** Two buyers of the shop, and an order that names the one's account with the other's phone. */
async function pair(tag: string, name: string, phone: string): Promise<{ one: string; other: string }> {
  await buy(tag, [
    { shop_buyer_id: `${tag}-b1`, phone, name },
    { shop_buyer_id: `${tag}-b2`, name },
    { shop_buyer_id: `${tag}-b2`, phone, name },
  ])
  const found = (await owner(listPairs, {})).rows.find((row) => row.customer.name === name)!
  return { one: found.customer.id, other: found.other.id }
}

describe("customers who may be one person", () => {
  it("where there are none, the page says when some would come", async () => {
    await desk.open("/customers/duplicates")
    await desk.page.getByText("没有疑似重复的客户").waitFor()
    await expectAccessible(desk.page)
  })

  it("are merged by somebody who looks at both, and the old address leads to the one who stays, with the orders of both", async () => {
    const { page } = desk
    const { one, other } = await pair("dup", "重名的小雨", "13700001111")
    await desk.open("/customers/duplicates")
    const row = page.getByRole("row", { name: /重名的小雨/ })
    await row.getByText("同一个商城买家").waitFor()
    await expectAccessible(page)
    await row.getByRole("button", { name: "合并" }).click()
    const dialog = page.getByRole("dialog", { name: "把「重名的小雨」并入「重名的小雨」" })
    await dialog.getByText("24 小时内可以撤销").waitFor()
    await expectAccessible(page)
    await dialog.getByRole("button", { name: "合并" }).click()
    await page.getByText("没有疑似重复的客户").waitFor()
    await desk.open(`/customers/${other}?tab=orders`)
    await page.waitForURL((url) => url.pathname === `/customers/${one}` && url.search.includes("orders"))
    for (const amount of ["¥100.00", "¥200.00", "¥300.00"])
      await page.getByRole("cell", { name: amount, exact: true }).first().waitFor()
    expect((await owner(listOrders, { query: { customer_id: one } })).rows).toHaveLength(3)
  })

  it("are left apart for good where somebody says that they are two", async () => {
    const { page } = desk
    await pair("apart", "两位阿芳", "13700002222")
    await desk.open("/customers/duplicates")
    await page
      .getByRole("row", { name: /两位阿芳/ })
      .getByRole("button", { name: "不是同一人" })
      .click()
    await page.getByRole("dialog").getByRole("button", { name: "不是同一人" }).click()
    await page.getByText("没有疑似重复的客户").waitFor()
    expect((await owner(listPairs, {})).rows).toEqual([])
  })

  it("whom the system did not find are merged from the profile, by choosing the other", async () => {
    const { page } = desk
    await buy("hand", [{ shop_buyer_id: "hand-1", name: "阿珍本人" }])
    await buy("lost", [{ shop_buyer_id: "lost-1", name: "阿珍小号" }])
    const idOf = async (q: string) => (await owner(listCustomers, { query: { q } })).rows[0]!.id
    const [one, lost] = [await idOf("阿珍本人"), await idOf("阿珍小号")]
    await desk.open(`/customers/${one}`)
    await page.getByRole("button", { name: "合并重复" }).click()
    const drawer = page.getByRole("dialog", { name: "把另一位客户并入「阿珍本人」" })
    await drawer.getByRole("button", { name: "合并" }).click()
    await drawer.getByText("必填").waitFor()
    await drawer.getByRole("combobox", { name: "哪位客户" }).fill("阿珍小号")
    await page.locator(".ant-select-item-option", { hasText: "阿珍小号" }).click()
    await expectAccessible(page)
    await drawer.getByRole("button", { name: "合并" }).click()
    await drawer.waitFor({ state: "hidden" })
    expect((await owner(readCustomer, { params: { id: lost } })).id).toBe(one)
    await page.getByText("合并了重复客户").waitFor()
    await page
      .getByRole("region", { name: "最近并入的客户" })
      .getByRole("button", { name: "撤销合并" })
      .click()
    const undo = page.getByRole("dialog", { name: "撤销合并：「阿珍小号」从「阿珍本人」里分出来" })
    await expectAccessible(page)
    await undo.getByRole("button", { name: "撤销合并" }).click()
    await page.getByRole("region", { name: "最近并入的客户" }).waitFor({ state: "detached" })
    expect((await owner(readCustomer, { params: { id: lost } })).id).toBe(lost)
  })
})
