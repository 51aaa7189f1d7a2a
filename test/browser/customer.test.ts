import { beforeAll, describe, expect, it } from "vitest"
import type { Call } from "../../src/kernel/client.ts"
import { listCustomers, readCustomer, readTimeline } from "../../src/modules/customers/contract.ts"
import { listTouches } from "../../src/modules/plans/touches/contract.ts"
import { approveSendEndpoint, createSendEndpoint, submitSend } from "../../src/modules/sends/contract.ts"
import { readSession, saveStaff } from "../../src/modules/staff/contract.ts"
import { until } from "../../src/platform/testkit/index.ts"
import { type Desk, expectAccessible, openDesk, settled, signIn } from "./console.ts"

let desk: Desk
const touchesOf = async (as: Call, id: string) => (await as(listTouches, { params: { id } })).rows
beforeAll(async () => {
  desk = await openDesk({ size: 60 })
  await signIn(desk)
}, 120_000)

describe("a customer's timeline", () => {
  it("says which group they joined, and leads to it", async () => {
    const { company, page } = desk
    const owner = await company.as()
    const joined = async () => {
      for (const { id } of (await owner(listCustomers, { query: { limit: 200 } })).rows) {
        const { rows } = await owner(readTimeline, {
          params: { id },
          query: { types: "group.member_joined" },
        })
        const name = rows[0]?.names.group_id
        if (name) return { id, name }
      }
      throw new Error("nobody is in a group")
    }
    const { id, name } = await joined()
    await desk.open(`/customers/${id}`)
    const timeline = page.getByRole("list", { name: "轨迹" })
    await timeline.getByRole("link", { name }).first().click()
    await page.getByRole("heading", { level: 1, name }).waitFor()
    await desk.open("/customers")
  })
})

describe("a customer's touches", () => {
  it("say before anything was sent what the tab is for", async () => {
    const owner = await desk.company.as()
    const untouched = async () => {
      const { rows } = await owner(listCustomers, {})
      for (const one of rows) if ((await touchesOf(owner, one.id)).length === 0) return one
      throw new Error("everybody has been written to")
    }
    await desk.open(`/customers/${(await untouched()).id}?tab=touches`)
    await desk.page.getByText("没收到的也写明原因").waitFor()
  })

  it("show the words, the send they come from and who says them, and part by part what stands how", async () => {
    const { company, page } = desk
    const owner = await company.as()
    const { shop_now } = await owner(readSession, {})
    const made = await owner(createSendEndpoint, {
      body: {
        name: "到货通知",
        text: "{{name}}，您要的到货了",
        nature: "service",
        rule: { offer: "customers.is_friend", version: 1, args: {} },
        send_at: new Date(new Date(shop_now).getTime() + 1_000).toISOString(),
      },
    })
    await owner(submitSend, { params: { id: made.id } })
    const { one_time_password } = await owner(saveStaff, {
      body: { name: "审批人", role: "lead", login: "second" },
    })
    const second = await company.as({ login: "second", password: one_time_password ?? "" })
    await second(approveSendEndpoint, { params: { id: made.id } })
    const { rows } = await owner(listCustomers, {})
    const customer = await until(async () => {
      for (const one of rows)
        if ((await touchesOf(owner, one.id)).some((touch) => touch.cause.id === made.id)) return one
      return null
    }, 30_000)
    await desk.open(`/customers/${customer.id}?tab=touches`)
    const list = page.getByRole("list", { name: "触达记录" })
    await list.getByText(`${customer.name}，您要的到货了`).waitFor()
    await list.getByRole("link", { name: "到货通知" }).waitFor()
    await expectAccessible(page)
    const parts = page.getByRole("radiogroup", { name: "看哪些" })
    await parts.getByText(/没收到/).click()
    await page.waitForURL(/part=not_got/)
    await settled(page)
    expect(desk.complaints).toEqual([])
  })
})

describe("the phone number of a customer", () => {
  it("is gone once another customer is looked at, who is known already: nobody's stands under a stranger's name", async () => {
    const { page, company } = desk
    const owner = await company.as()
    const { rows } = await owner(listCustomers, {})
    const [first, second] = rows.filter(
      (one, _, all) => one.phone_masked && all.filter((other) => other.name === one.name).length === 1,
    )
    await desk.open(`/customers/${first!.id}`)
    await page.keyboard.press("Control+K")
    const search = page.getByRole("dialog", { name: "搜索客户、页面和操作" })
    await search.getByRole("combobox").fill(second!.name)
    await search.getByRole("option", { name: second!.name }).first().click()
    await page.waitForURL(`**/customers/${second!.id}`)
    await page.getByRole("button", { name: "查看完整号码" }).click()
    const form = page.getByRole("dialog", { name: /完整手机号/ })
    await form.getByRole("textbox").fill("客户来电核对地址")
    await form.getByRole("button", { name: "查看号码" }).click()
    const number = page.locator(".num").filter({ hasText: /^1\d{10}$/ })
    await number.waitFor()
    await page.goBack()
    await page.getByText(first!.phone_masked ?? "").waitFor()
    expect(await number.count()).toBe(0)
  })
})

describe("why a customer is in a class", () => {
  it("is told in words: no key and no code of the system stands in it", async () => {
    const { page, company } = desk
    const owner = await company.as()
    const { rows } = await owner(listCustomers, { query: { stage: "customer" } })
    await desk.open(`/customers/${rows[0]!.id}`)
    await page.getByRole("button", { name: "为什么: 阶段" }).click()
    const why = page.locator(".why-body")
    await why.getByText("买过正价商品").waitFor()
    expect(await why.textContent()).not.toMatch(/[a-z]{3,}/)
    await expectAccessible(page)
  })

  it("a score says which figure was judged by which cut points", async () => {
    const { page, company } = desk
    const owner = await company.as()
    const buyer = await until(async () => {
      const { rows } = await owner(listCustomers, { query: { stage: "customer" } })
      for (const row of rows) {
        const { traits } = await owner(readCustomer, { params: { id: row.id } })
        if (traits.some((trait) => trait.name === "orders.rfm_r" && trait.value !== null)) return row
      }
      return null
    }, 30_000)
    await desk.open(`/customers/${buyer.id}`)
    await page.getByRole("button", { name: "为什么: RFM 近度分" }).click()
    const why = page.locator(".why-body")
    await why.getByText("按离最近一次购买的天数打分，越近越高；全体客户分五档").waitFor()
    expect(await why.textContent()).toMatch(/分界（天）[\d.,]+ · [\d.,]+ · [\d.,]+ · [\d.,]+/)
    expect(await why.textContent()).not.toMatch(/[a-z]{3,}/)
  })
})
