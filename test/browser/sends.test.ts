import { beforeAll, describe, expect, it } from "vitest"
import { createSendEndpoint, oneSend, saveSend } from "../../src/modules/sends/contract.ts"
import { type Desk, expectAccessible, openDesk, signIn } from "./console.ts"

let desk: Desk
let draft: string
beforeAll(async () => {
  desk = await openDesk({ size: 60 })
  await signIn(desk)
  const owner = await desk.company.as()
  const made = await owner(createSendEndpoint, {
    body: {
      name: "双十一返场",
      text: "{{name}}，今晚八点。",
      rule: { all: [] },
      send_at: new Date(Date.now() + 26 * 3_600_000).toISOString(),
      life_days: 3,
    },
  })
  draft = made.id
}, 120_000)

describe("a draft of a send", () => {
  it("shows whoever opens it how many it would reach and who is left out, before anybody approves", async () => {
    const { page } = desk
    await desk.open(`/sends/${draft}`)
    await page.getByRole("heading", { name: /能触达 \d+ 人/ }).waitFor()
    await page.getByRole("region", { name: "不会发给的人" }).waitFor()
    await expectAccessible(page)
  })

  it("is changed in the pages it was written in; leaving half-way asks, and nothing typed is lost", async () => {
    const { page, company } = desk
    await page.getByRole("link", { name: "修改" }).click()
    await page.getByRole("heading", { name: "修改群发", level: 1 }).waitFor()
    await page.getByText("现在用的是单独写的规则").waitFor()
    await page.getByRole("button", { name: "下一步" }).click()
    await page.getByLabel("内容", { exact: true }).fill("{{name}}，明晚八点。")
    await page.getByRole("link", { name: "群发", exact: true }).first().click()
    const ask = page.getByRole("dialog", { name: "有未保存的修改，确定离开吗？" })
    await ask.getByRole("button", { name: "继续编辑" }).click()
    await ask.waitFor({ state: "hidden" })
    expect(await page.getByLabel("内容", { exact: true }).inputValue()).toBe("{{name}}，明晚八点。")
    await page.getByRole("button", { name: "下一步" }).click()
    await page.getByRole("button", { name: "试算" }).click()
    await page.getByRole("heading", { name: /能触达 \d+ 人/ }).waitFor()
    await page.getByRole("button", { name: "存为草稿" }).click()
    await page.getByRole("heading", { name: "双十一返场", level: 1 }).waitFor()
    await page.getByText("{{name}}，明晚八点。").waitFor()
    const owner = await company.as()
    const { send } = await owner(oneSend, { params: { id: draft } })
    expect(send).toMatchObject({ text: "{{name}}，明晚八点。", rule: { all: [] }, state: "draft" })
    expect(Date.parse(String(send.expires_at)) - Date.parse(String(send.send_at))).toBe(3 * 86_400_000)
  })

  it("a time field takes what is typed as the shop's time, wherever the browser thinks it is", async () => {
    const { page } = desk
    await page.getByRole("link", { name: "修改" }).click()
    await page.getByRole("button", { name: "下一步" }).click()
    await page.getByRole("button", { name: "下一步" }).click()
    const field = page.getByLabel("什么时候发")
    const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)
    await field.fill(`${day} 19:45`)
    await field.press("Enter")
    await page.getByRole("button", { name: "试算" }).click()
    await page.getByRole("heading", { name: /能触达 \d+ 人/ }).waitFor()
    await page.getByRole("button", { name: "存为草稿" }).click()
    await page.getByRole("heading", { name: "双十一返场", level: 1 }).waitFor()
    const owner = await desk.company.as()
    const { send } = await owner(oneSend, { params: { id: draft } })
    expect(new Date(String(send.send_at)).toISOString()).toBe(`${day}T11:45:00.000Z`)
  })

  it("two who change one draft at once: the second sees what the first saved, keeps what was typed, and may put either over", async () => {
    const { page, company } = desk
    const owner = await company.as()
    const { send } = await owner(oneSend, { params: { id: draft } })
    const { name, rule } = send
    const body = { name, rule, send_at: new Date(String(send.send_at)).toISOString() }
    const theirs = (text: string) => owner(saveSend, { params: { id: draft }, body: { ...body, text } })
    const again = async (text: string) => {
      await page.goto(`${company.origin}/sends/new?draft=${draft}&step=content`)
      await page.getByLabel("内容", { exact: true }).fill(text)
      await theirs("同事刚写的话")
      await page.getByRole("button", { name: "下一步" }).click()
      await page.getByRole("button", { name: "试算" }).click()
      await page.getByRole("button", { name: "存为草稿" }).click()
      await page.getByRole("alert").getByText("别人刚保存了这条草稿").waitFor()
      await page
        .getByRole("alert")
        .getByText(/同事刚写的话/)
        .waitFor()
    }
    const stands = async () => (await owner(oneSend, { params: { id: draft } })).send.text
    await again("我写的话")
    await expectAccessible(page)
    expect(await stands()).toBe("同事刚写的话")
    await page.getByRole("button", { name: "用我的覆盖" }).click()
    await page.getByRole("heading", { name: "双十一返场", level: 1 }).waitFor()
    expect(await stands()).toBe("我写的话")
    await again("我又写的话")
    await page.getByRole("button", { name: "改用对方的" }).click()
    await page.getByRole("button", { name: "上一步" }).click()
    await page.getByRole("button", { name: "上一步" }).click()
    expect(await page.getByLabel("内容", { exact: true }).inputValue()).toBe("同事刚写的话")
  })

  it("no page complained to the developer's console", () => {
    expect(desk.complaints).toEqual([])
  })
})
