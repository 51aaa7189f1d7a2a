import { beforeAll, describe, expect, it } from "vitest"
import { readPointsSettings, savePointsSettings } from "../../src/modules/points/contract.ts"
import { createSendEndpoint, submitSend } from "../../src/modules/sends/contract.ts"
import { readSession } from "../../src/modules/staff/contract.ts"
import { tx } from "../../src/platform/db.ts"
import { openCircuit } from "../../src/spine/outbox/index.ts"
import { type Desk, expectAccessible, openDesk, settled, signIn } from "./console.ts"

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 30 })
  await signIn(desk)
}, 120_000)

describe("the limits page", () => {
  it("the owner moves the quiet hours: the page shows the new time, its source, and the old one below", async () => {
    const { page } = desk
    await desk.open("/limits")
    const row = page.getByRole("row", { name: /静默开始/ })
    expect(await row.textContent()).toContain("21:30")
    await row.getByRole("button", { name: "更正" }).click()
    const form = page.getByRole("dialog", { name: "更正：静默开始" })
    await form.getByLabel("新的时间").fill("25:00")
    await form.getByLabel("出处").fill("运营例会")
    await form.getByRole("button", { name: "保存更正" }).click()
    await form.getByText("请写成 21:30 这样的时间。").waitFor()
    await form.getByLabel("新的时间").fill("22:00")
    await form.getByRole("button", { name: "保存更正" }).click()
    await form.waitFor({ state: "hidden" })
    await row.getByText("已更正").waitFor()
    expect(await row.textContent()).toContain("22:00")
    await row.getByRole("button", { name: "展开这一行" }).click()
    const history = page.getByRole("list", { name: "历次数值" })
    expect(await history.getByRole("listitem").allTextContents()).toEqual([
      expect.stringContaining("21:30"),
      expect.stringContaining("运营例会"),
    ])
    await expectAccessible(page)
  })

  it("a number below its bound stays as it was typed, is told below the field, and is not saved as another", async () => {
    const { page } = desk
    const row = page.getByRole("row", { name: /每人收到的营销触达/ }).first()
    const before = await row.textContent()
    await row.getByRole("button", { name: "更正" }).click()
    const form = page.getByRole("dialog", { name: /更正：/ })
    const value = form.getByLabel("新的数值")
    await value.fill("-3")
    await form.getByLabel("出处").fill("运营例会")
    await form.getByText(/请填 0 到 .* 之间的数/).waitFor()
    await form.getByRole("button", { name: "保存更正" }).click()
    await expect.poll(() => value.evaluate((field) => field === document.activeElement)).toBe(true)
    expect(await value.inputValue()).toBe("-3")
    await value.fill("2.5")
    await form.getByText("请填整数").waitFor()
    await expectAccessible(page)
    await form.getByRole("button", { name: "取消" }).click()
    await form.getByRole("button", { name: "离开" }).click()
    await form.waitFor({ state: "hidden" })
    expect(await row.textContent()).toBe(before)
  })

  it("every limit of the platform has its name in words", async () => {
    const cells = await desk.page
      .getByRole("row")
      .getByText(/^wecom\./)
      .allTextContents()
    expect(cells).toEqual([])
  })
})

describe("the channels page", () => {
  it("a press of the button says in words whether the platform answers, and what to look at where it does not", async () => {
    const { page, company } = desk
    await desk.open("/channels")
    const wecom = page.getByRole("region", { name: "企业微信" })
    await wecom.getByRole("button", { name: "测试连接" }).click()
    await wecom.getByText(/连接正常/).waitFor()
    await company.sandbox("POST", "faults", { api: { ip_not_trusted: true } })
    await wecom.getByRole("button", { name: "测试连接" }).click()
    await wecom.getByText(/没有通过.*白名单/).waitFor()
    await wecom.getByText("60020", { exact: true }).waitFor()
    await company.sandbox("POST", "faults", { api: { ip_not_trusted: false } })
    await expectAccessible(page)
  })

  it("a server that refuses to resume a channel is heard", async () => {
    const { page, company } = desk
    await tx(company.db, (t) => openCircuit(t, "wecom", { class: "stop", code: "60020" }, new Date()))
    await page.route("**/api/channels/*/resume", (route) =>
      route.fulfill({
        status: 409,
        contentType: "application/problem+json",
        body: JSON.stringify({ code: "busy", message: "现在不能恢复。", message_en: "Not now." }),
      }),
    )
    await desk.open("/channels")
    await page.getByRole("button", { name: "恢复" }).click()
    await page.getByText("现在不能恢复。").waitFor()
    await page.unroute("**/api/channels/*/resume")
    desk.complaints.length = 0
  })

  it("a channel that the platform stopped stands out, and is resumed once it is mended", async () => {
    const { page, company } = desk
    await tx(company.db, (t) => openCircuit(t, "wecom", { class: "stop", code: "60020" }, new Date()))
    await desk.open("/channels")
    await settled(page)
    const wecom = page.getByRole("region", { name: "企业微信" })
    await wecom.getByText("已停用").waitFor()
    await wecom.getByRole("button", { name: "已处理，恢复发送" }).click()
    await wecom.getByText("正常", { exact: true }).waitFor()
  })

  it("no page complained to the developer's console", () => {
    expect(desk.complaints).toEqual([])
  })
})

describe("approval of sends", () => {
  it("a team of one turns it off and sends without a second person; to everybody it still needs one", async () => {
    const { page, company } = desk
    await desk.open("/limits")
    const card = page.getByRole("region", { name: "群发审批" })
    await card.getByRole("button", { name: "关闭审批" }).click()
    await page
      .getByRole("dialog", { name: "关闭后，提交的群发不经第二人批准就会发出" })
      .getByRole("button", { name: "关闭审批" })
      .click()
    await card.getByText("发给全部客户的仍要批准").waitFor()
    await expectAccessible(page)
    const owner = await company.as()
    const { shop_now } = await owner(readSession, {})
    const submitted = async (rule: object) => {
      const body = {
        name: "一个人的店",
        text: "今晚八点见",
        rule,
        send_at: new Date(new Date(shop_now).getTime() + 3_600_000).toISOString(),
      }
      const { id } = await owner(createSendEndpoint, { body: body as never })
      return (await owner(submitSend, { params: { id } })).state
    }
    expect(await submitted({ offer: "customers.is_friend", version: 1, args: {} })).toBe("planning")
    expect(await submitted({ all: [] })).toBe("awaiting_approval")
    await card.getByRole("button", { name: "开启审批" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "开启审批" }).click()
    await card.getByText("要由另一位同事批准才会发出").waitFor()
  })
})

describe("the points settings", () => {
  it("two who change them at once: the second sees what the first saved, keeps what was typed, and may put either over", async () => {
    const { page, company } = desk
    const owner = await company.as()
    const { settings } = await owner(readPointsSettings, {})
    const perYuan = async () => (await owner(readPointsSettings, {})).settings.points_per_yuan
    const again = async (mine: number, theirs: number) => {
      await desk.open("/points")
      await page.getByLabel("每付 1 元送").fill(String(mine))
      await owner(savePointsSettings, { body: { ...settings, points_per_yuan: theirs } })
      await page.getByRole("button", { name: "保存" }).click()
      await page.getByRole("alert").getByText("别人刚保存了新的设置").waitFor()
      await page
        .getByRole("alert")
        .getByText(new RegExp(`每付 1 元送 ${theirs} 分`))
        .waitFor()
      expect(await perYuan()).toBe(theirs)
    }
    await again(5, 7)
    await page.getByRole("button", { name: "用我的覆盖" }).click()
    await expect.poll(perYuan).toBe(5)
    await again(6, 8)
    await page.getByRole("button", { name: "改用对方的" }).click()
    expect(await page.getByLabel("每付 1 元送").inputValue()).toBe("8")
    await page.getByRole("button", { name: "保存" }).click()
    await page.getByText("设置已保存").waitFor()
    expect(await perYuan()).toBe(8)
  })

  it("a figure out of bounds is told below its field, stays as it was typed, and nothing is saved", async () => {
    const { page, company } = desk
    const owner = await company.as()
    const stands = async () => (await owner(readPointsSettings, {})).settings
    const before = await stands()
    await desk.open("/points")
    const days = page.getByLabel("有效期")
    const cost = page.getByLabel("每 100 分成本")
    await days.fill("-3")
    await cost.fill("1.234")
    await page.getByText("请填 1 到 3,650 之间的数").waitFor()
    expect(await days.inputValue()).toBe("-3")
    await page.getByRole("button", { name: "保存" }).click()
    await page.getByText("最多 2 位小数").waitFor()
    await expect.poll(() => days.evaluate((field) => field === document.activeElement)).toBe(true)
    await expectAccessible(page)
    await page.getByLabel("每付 1 元送").fill("")
    await page.getByRole("button", { name: "保存" }).click()
    await page.getByText("必填").waitFor()
    expect(await stands()).toEqual(before)
    await page.getByLabel("每付 1 元送").fill("2")
    await days.fill("")
    await cost.fill("1.5")
    await page.getByRole("button", { name: "保存" }).click()
    await expect
      .poll(stands)
      .toEqual({ ...before, points_per_yuan: 2, valid_days: null, fen_per_100_points: 150 })
  })

  it("limits by rule, for which the form does not ask, survive a save", async () => {
    const { page, company } = desk
    const owner = await company.as()
    const { settings } = await owner(readPointsSettings, {})
    const rules = { sign_in: { daily_cap: 10, monthly_budget: 5_000 } }
    await owner(savePointsSettings, { body: { ...settings, rules } })
    await desk.open("/points")
    await page.getByLabel("每付 1 元送").fill("4")
    await page.getByRole("button", { name: "保存" }).click()
    await expect
      .poll(async () => (await owner(readPointsSettings, {})).settings)
      .toEqual({ ...settings, rules, points_per_yuan: 4 })
  })

  it("a setting that is added to the declaration stands on the page, and who may not change settings only reads", async () => {
    const { page } = desk
    await page.route("**/api/points/settings", async (route) => {
      const answer = await route.fetch()
      const body = await answer.json()
      body.settings.grace_days = 3
      body.schema.properties.grace_days = {
        type: "integer",
        minimum: 0,
        maximum: 9,
        unit: "days",
        label: { zh: "宽限", en: "Grace" },
        hint: { zh: "到期后还能用几天", en: "Days that they last on" },
      }
      body.schema.required.push("grace_days")
      await route.fulfill({ response: answer, json: body })
    })
    await page.route("**/api/session", async (route) => {
      const answer = await route.fetch()
      const body = await answer.json()
      body.user.permissions = ["*.read"]
      await route.fulfill({ response: answer, json: body })
    })
    await desk.open("/points")
    await page.getByText("到期后还能用几天").waitFor()
    const added = page.getByLabel("宽限")
    expect(await added.inputValue()).toBe("3")
    expect(await added.isDisabled()).toBe(true)
    expect(await page.getByRole("button", { name: "保存" }).count()).toBe(0)
    await page.unroute("**/api/points/settings")
    await page.unroute("**/api/session")
  })
})
