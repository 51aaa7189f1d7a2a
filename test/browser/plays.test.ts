import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../src/kernel/ids.ts"
import { listCustomers } from "../../src/modules/customers/contract.ts"
import { listPlays, onePlay, playResults, switchPlay } from "../../src/modules/plans/plays/contract.ts"
import { run } from "../../src/platform/db.ts"
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

describe("what the steps of a play earned", () => {
  it("stands at each step of each version: whom its messages reached, and the orders after them", async () => {
    const { page, company } = desk
    const owner = await company.as()
    const play = (await owner(listPlays, {})).rows.find((one) => one.name.includes("新客旅程"))!
    const { versions } = await owner(onePlay, { params: { id: play.id } })
    const { version, said } = versions.find((one) => one.state === "published")!
    const node = said.steps.find((one) => one.kind === "action")!.node
    await desk.open(`/plays/${play.id}`)
    const steps = page.getByRole("list", { name: "步骤" })
    await steps.getByRole("listitem").first().waitFor()
    await settled(page)
    const had = (await owner(playResults, { params: { id: play.id } })).rows.find((one) => one.node === node)
    const got = (had?.touches.got ?? 0) + 1
    const { rows: found } = await company.db.query(
      "select id from customers_customers order by id desc limit 1",
    )
    const ids = [found[0].id, play.id, newId(), newId()]
    for (const [sql, more] of [
      [
        `insert into plays_enrolments (customer_id, play_id, entry, id, version, entered_by, anchor_at, entered_at, node, due_at, state)
         values ($1, $2, 9, $3, $5, $4::text, now(), now(), $6, now(), 'done')`,
        [version, node],
      ],
      [
        `insert into plays_steps (customer_id, enrolment_id, step, play_id, node, due_at, at, outcome)
         select $1, $3, 7, $2, $5, now(), now(), 'done' where $4::uuid is not null`,
        [node],
      ],
      [
        `insert into outbox_touches (id, part, customer_id, cause_id, visit, cause_kind, message_id, day, due_at, expires_at, state)
         select nextval('outbox_touch_id'), '2020-01-01', $1, $3, 7, 'play', $4, 1, now(), now(), 'delivered' where $2::uuid is not null`,
        [],
      ],
      [
        `insert into outcomes_credits (customer_id, order_id, model, cause_kind, cause_id, paid_at, touched_at, fen, net_fen, cause_part)
         select $1, $4, 'last', 'play', $2::text, now(), now(), 12345, 12000, $5 where $3::uuid is not null`,
        [`${version}/${node}`],
      ],
    ] as const)
      expect(await run(company.db, sql, [...ids, ...more])).toBe(1)
    await page.reload()
    await steps.getByText(`已收到 ${got} ·`).waitFor()
    const earned = (await owner(playResults, { params: { id: play.id } })).rows.find(
      (one) => one.version === version && one.node === node,
    )!.earned
    expect(earned).toEqual({ orders: 1, customers: 1, gmv_fen: 12_345, net_fen: 12_000 })
    await steps.getByText("带来 1 单（1 人），¥123.45，扣除退款 ¥120.00").waitFor()
    await expectAccessible(page)
    expect(desk.complaints).toEqual([])
  })
})

describe("ending a play for everybody in it", () => {
  it("names how many are in it, wants the word typed, shows how far it is, and leaves nobody inside", async () => {
    const { page, company } = desk
    const owner = await company.as()
    const play = (await owner(listPlays, {})).rows.find((one) => one.name.includes("新客旅程"))!
    await desk.open(`/plays/${play.id}`)
    // Nobody comes in or goes on while the number is read.
    await owner(switchPlay, { params: { id: play.id }, body: { running: false } })
    await run(
      company.db,
      `insert into plays_enrolments (customer_id, play_id, entry, id, version, entered_by, anchor_at, entered_at, node, due_at, state)
       select c.id, v.play_id, 1, gen_random_uuid(), v.version, 'story', v.published_at, v.published_at, v.definition->>'first',
         v.published_at + interval '10 years', 'active'
       from (select id from customers_customers order by id limit 3) c
       join plays_versions v on v.play_id = $1 and v.state = 'published' on conflict do nothing`,
      [play.id],
    )
    const { inside } = await owner(onePlay, { params: { id: play.id } })
    expect(inside).toBeGreaterThan(1)
    await page.getByRole("button", { name: "停止并结束所有在途" }).click()
    const dialog = page.getByRole("dialog", { name: new RegExp(`现在有 ${inside} 人在途`) })
    await dialog.waitFor()
    await expectAccessible(page)
    const go = dialog.getByRole("button", { name: "停止并结束所有在途" })
    expect(await go.isDisabled()).toBe(true)
    await dialog.getByRole("textbox").fill("结束")
    // Somebody went out by themselves between reading and pressing: the number is not what was confirmed any more.
    const back = await run(
      company.db,
      `update plays_enrolments set state = 'done' where (customer_id, play_id, entry) in (
         select customer_id, play_id, entry from plays_enrolments where play_id = $1 and state = 'active' limit 1)`,
      [play.id],
    )
    expect(back).toBe(1)
    await go.click()
    const again = page.getByRole("dialog", { name: new RegExp(`现在有 ${inside - 1} 人在途`) })
    await again.getByText("在途人数刚刚变了").waitFor()
    await again.getByRole("button", { name: "停止并结束所有在途" }).click()
    await again.waitFor({ state: "hidden" })
    await until(async () => (await owner(onePlay, { params: { id: play.id } })).inside === 0)
    await page.getByText("已停用").waitFor()
    await page.getByRole("button", { name: "停止并结束所有在途" }).waitFor({ state: "detached" })
    await page.getByRole("region", { name: "正在结束在途的人" }).waitFor({ state: "detached" })
    const { rows } = await company.db.query(
      "select distinct reason from plays_enrolments where play_id = $1 and state = 'stopped' and reason = 'play_ended'",
      [play.id],
    )
    expect(rows).toHaveLength(1)
    await expectAccessible(page)
    desk.complaints.length = 0
  })
})
