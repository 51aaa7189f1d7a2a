import { beforeAll, describe, expect, it } from "vitest"
import { rows, tx } from "../../src/platform/db.ts"
import { until } from "../../src/platform/testkit/index.ts"
import { openAssignments } from "../../src/spine/outbox/index.ts"
import { type Desk, expectAccessible, openDesk, signIn } from "./console.ts"

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 30 })
  await signIn(desk)
}, 120_000)

describe("the sandbox panel", () => {
  it("makes a quiet world a lively one and back, and says what that means", async () => {
    const { page, company } = desk
    await desk.open("/sandbox")
    await page.getByText("只发生你让它发生的事").waitFor()
    const ways = page.getByRole("radiogroup", { name: "怎么过" })
    await ways.getByText("日常").click()
    await page.getByText("像真实的一天").waitFor()
    expect(await company.sandbox("GET", "scenario")).toMatchObject({ scenario: "calm" })
    await expectAccessible(page)
    await ways.getByText("安静").click()
    await page.getByText("只发生你让它发生的事").waitFor()
    expect(await company.sandbox("GET", "scenario")).toMatchObject({ scenario: "quiet" })
    expect(desk.complaints).toEqual([])
  })
})

describe("a chat of the sandbox with the sidebar beside it", () => {
  it("shows who it is in 360 pixels; a tag is given, a script goes into the chat, and what was to be done is ticked off", async () => {
    const { page, company } = desk
    const friend = await until(async () => {
      const [found] = await rows<{ id: string; name: string; ref: string; account: string }>(
        company.db,
        `select c.id, coalesce(nullif(k.remark, ''), c.name) as name, k.external_userid as ref, a.channel_ref as account
         from customers_contacts k join customers_customers c on c.id = k.customer_id join accounts_accounts a on a.id = k.account_id
         where k.removed_at is null and c.name <> '' order by a.function = 'sales' desc, c.number limit 1`,
        [],
      )
      return found
    })
    await tx(company.db, (t) =>
      openAssignments(
        t,
        [
          {
            cause_key: "story:call",
            kind: "journey",
            title: `回访${friend.name}`,
            script: "这一周用得怎么样？",
            customer_id: friend.id,
            due_at: new Date(Date.now() + 3_600_000),
          },
        ],
        new Date(),
      ),
    )
    const asked: string[] = []
    page.on("request", (request) => {
      const { pathname } = new URL(request.url())
      if (request.frame() !== page.mainFrame() && pathname.startsWith("/api/")) asked.push(pathname)
    })
    await desk.open(`/sandbox/chat?as=${friend.account}&with=${friend.ref}`)
    const frame = page.frameLocator("iframe")
    await frame.getByRole("heading", { level: 1, name: friend.name }).waitFor()
    expect(asked).toEqual(["/api/sidebar"])
    expect(await frame.locator("html").evaluate((html) => [html.clientWidth, html.scrollWidth])).toEqual([
      360, 360,
    ])
    await expectAccessible(page)

    await frame.getByRole("button", { name: "打标签" }).click()
    await frame.getByLabel("找标签").fill("意向")
    await frame.getByRole("button", { name: "意向", exact: true }).click()
    await frame.getByRole("button", { name: "去掉标签「意向」" }).waitFor()

    await frame.getByRole("tab", { name: "话术" }).click()
    await frame.getByRole("button", { name: "全部" }).click()
    const script = frame.getByRole("tabpanel").getByRole("button", { name: /^发送/ }).first()
    await script.click()
    await frame.getByText("已放进聊天").waitFor()
    await page.getByRole("list", { name: "聊天" }).getByText(friend.name).first().waitFor()

    await frame.getByRole("tab", { name: "话术" }).press("ArrowLeft")
    await frame.getByRole("button", { name: `完成：回访${friend.name}` }).click()
    await frame.getByText("现在没有关于这位客户的待办。").waitFor()
    const state = await rows(
      company.db,
      "select state from outbox_assignments where cause_key = 'story:call'",
      [],
    )
    expect(state).toEqual([{ state: "done" }])
    // By itself, where those who look for what keeps somebody from using it see into it.
    await page.goto(company.origin + (await page.locator("iframe").getAttribute("src")))
    await page.getByRole("heading", { level: 1, name: friend.name }).waitFor()
    await expectAccessible(page)
    expect(desk.complaints).toEqual([])
  })
})
