import type { Browser, BrowserContext, Page } from "playwright-core"
import { beforeAll, describe, expect, it } from "vitest"
import { listAccounts } from "../../src/modules/accounts/contract.ts"
import { makeCode } from "../../src/modules/codes/contract.ts"
import { listCustomers } from "../../src/modules/customers/contract.ts"
import { listPlays, onePlay } from "../../src/modules/plans/plays/contract.ts"
import { listTouches } from "../../src/modules/plans/touches/contract.ts"
import { saveStaff } from "../../src/modules/staff/contract.ts"
import { until } from "../../src/platform/testkit/index.ts"
import { ailments } from "../company.ts"
import { type Desk, expectAccessible, openDesk, settled, signIn } from "./console.ts"

const LEAD = { login: "lead", password: "lead-own-password" }
const GREETING = "{{name}}，谢谢您来，入门手册在这里。"
let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 60 })
  const owner = await desk.company.as()
  const made = await owner(saveStaff, { body: { name: "组长", role: "lead", login: LEAD.login } })
  await desk.company.as({ login: LEAD.login, password: made.one_time_password ?? "" })
  await signIn(desk, LEAD)
}, 120_000)

const play = async (name: string) => {
  const owner = await desk.company.as()
  const row = (await owner(listPlays, {})).rows.find((one) => one.name === name)
  return row && owner(onePlay, { params: { id: row.id } })
}
const step = (page: Page, n: number) => page.getByRole("group", { name: new RegExp(`^第 ${n} 步`) })
async function addStep(page: Page, kind: string) {
  await page.getByRole("button", { name: "加一步" }).click()
  await page.getByRole("menuitem", { name: kind, exact: true }).click()
}

describe("a lead makes a play by clicking", () => {
  it("is told part by part what is missing, and nothing is stored", async () => {
    const { page } = desk
    await desk.open("/plays")
    await page.getByRole("button", { name: "新建剧本" }).click()
    await page.getByRole("heading", { level: 1, name: "新建剧本" }).waitFor()
    await page.getByRole("button", { name: "存为草稿" }).click()
    await page.getByText("请给剧本起个名字。").waitFor()
    await page.getByText("这里还没填完。").first().waitFor()
    await expectAccessible(page)
    expect(await play("见面礼")).toBeUndefined()
  })

  it("reads the whole play beside the form while it is written", async () => {
    const { page } = desk
    await page.getByLabel("剧本名称").fill("见面礼")
    await page.getByRole("combobox", { name: "发生什么" }).click()
    await page.keyboard.type("加为好友")
    await page.keyboard.press("Enter")
    await addStep(page, "发私聊消息")
    await step(page, 1).getByLabel("内容").fill(GREETING)
    await addStep(page, "等待")
    await addStep(page, "生成待办")
    await step(page, 3).getByLabel("标题").fill("回访{{name}}")
    const live = page.getByRole("complementary", { name: "读起来是这样" })
    await live.getByText("客户「加为好友」时进入").waitFor()
    await live.getByText("生成待办「回访{{name}}」").waitFor()
    await expectAccessible(page)
  })

  it("moves a step by the keyboard and back by a button, and hears where it went", async () => {
    const { page } = desk
    await step(page, 3).getByLabel("标题").focus()
    await page.keyboard.press("Alt+ArrowUp")
    await step(page, 2).getByLabel("标题").waitFor()
    await page.getByText("移到了第 2 步").waitFor()
    await page.getByRole("button", { name: "下移: 第 2 步" }).click()
    await step(page, 3).getByLabel("标题").waitFor()
  })

  it("is asked before it is left unsaved", async () => {
    const { page } = desk
    await page.getByRole("link", { name: "群发" }).click()
    const dialog = page.getByRole("dialog")
    await dialog.waitFor()
    await dialog.getByRole("button").filter({ hasText: "继续编辑" }).click()
    expect(await page.getByLabel("剧本名称").inputValue()).toBe("见面礼")
  })

  it("publishes it with the consequence named, and a new friend gets the message", async () => {
    const { page, company } = desk
    await page.getByRole("button", { name: "保存并发布" }).click()
    await page.getByRole("heading", { level: 1, name: "见面礼" }).waitFor()
    const dialog = page.getByRole("dialog")
    await dialog.getByText("现在没有人在里面。").waitFor()
    await dialog.getByRole("button", { name: "发布" }).click()
    await page.getByText("运行中").first().waitFor()
    await settled(page)
    await expectAccessible(page)
    await until(async () => (await play("见面礼"))?.versions[0]?.state === "published")
    const owner = await company.as()
    const ip = (await owner(listAccounts, {})).rows.find((a) => a.function === "ip")!
    const code = { name: "海报", source: "poster", state: "poster_hello", account_ids: [ip.id] }
    await owner(makeCode, { body: code })
    await company.sandbox("POST", "scan", { state: code.state, count: 1 })
    const touch = await until(async () => {
      const { rows } = await owner(listCustomers, { query: { limit: 5 } })
      for (const one of rows) {
        const found = (await owner(listTouches, { params: { id: one.id } })).rows
        const mine = found.find((t) => t.cause.name === "见面礼")
        if (mine) return { id: one.id, name: one.name, text: mine.text }
      }
      return null
    }, 40_000)
    expect(touch.text).toBe(GREETING.replace("{{name}}", touch.name))
    expect(await ailments(company.db)).toEqual([])

    // Their own page says by name which play they began, and what somebody is to do about them.
    await desk.open(`/customers/${touch.id}`)
    const timeline = page.getByRole("list", { name: "轨迹" })
    const todo = timeline.getByRole("listitem").filter({ hasText: "生成待办" }).first()
    await expect.poll(() => todo.textContent()).toContain(touch.name)
    await timeline.getByRole("link", { name: "见面礼" }).click()
    await page.getByRole("heading", { level: 1, name: "见面礼" }).waitFor()
  })

  it("pauses it, and the page says who stands still", async () => {
    const { page } = desk
    await page.getByRole("button", { name: "暂停" }).click()
    await page
      .getByRole("dialog")
      .getByText(/停在原地/)
      .waitFor()
    await page.getByRole("dialog").getByRole("button", { name: "暂停" }).click()
    await page.getByText("已停用").first().waitFor()
  })
})

describe("two people who change one play", () => {
  let second: BrowserContext
  let theirs: Page
  beforeAll(async () => {
    second = await (desk.context.browser() as Browser).newContext({
      locale: "zh-CN",
      viewport: { width: 1440, height: 900 },
    })
    theirs = await second.newPage()
    await signIn({ ...desk, page: theirs })
  }, 60_000)

  it("the second is told who saved first, keeps all that was typed, and may put it over", async () => {
    const id = (await play("见面礼"))!.id
    const edit = async (page: Page) => {
      await page.goto(`${desk.company.origin}/plays/${id}/edit`)
      await step(page, 1).waitFor()
      await settled(page)
    }
    await edit(desk.page)
    await edit(theirs)
    await step(theirs, 1).getByLabel("内容").fill("负责人写的")
    await theirs.getByRole("button", { name: "存为草稿" }).click()
    await theirs.getByText("草稿已保存").waitFor()

    const { page } = desk
    await step(page, 1).getByLabel("内容").fill("组长写的")
    await page.getByRole("button", { name: "存为草稿" }).click()
    const notice = page.getByRole("alert").filter({ hasText: "刚保存了这个剧本" })
    await notice.getByText(/负责人刚保存/).waitFor()
    expect(await step(page, 1).getByLabel("内容").inputValue()).toBe("组长写的")
    await expectAccessible(page)
    expect((await play("见面礼"))!.versions[0]!.said.steps[0]!.words.zh).toContain("负责人写的")

    await notice.getByRole("button", { name: "用我的覆盖" }).click()
    await notice.waitFor({ state: "detached" })
    expect((await play("见面礼"))!.versions[0]!.said.steps[0]!.words.zh).toContain("组长写的")
    expect(desk.complaints).toEqual([])
  })
})
