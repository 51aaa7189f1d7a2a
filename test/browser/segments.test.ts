import { beforeAll, describe, expect, it } from "vitest"
import { changeSegment, createSegment, readSegment } from "../../src/modules/segments/contract.ts"
import { decideChange, listTags, proposeChange } from "../../src/modules/tags/contract.ts"
import { run } from "../../src/platform/db.ts"
import { type Desk, expectAccessible, openDesk, signIn } from "./console.ts"

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 60 })
  await signIn(desk)
}, 120_000)

const friends = { offer: "customers.is_friend", version: 1, args: {} }
const paid = { offer: "customers.has_paid", version: 1, args: {} }

describe("a number in a condition", () => {
  it("out of bounds stays as it was typed, is told below the field, and counts nobody until it is right", async () => {
    const { page } = desk
    await desk.open("/segments/new")
    const conditions = page.getByRole("combobox", { name: "添加条件" })
    await conditions.click()
    await conditions.fill("积分不少于")
    await page.getByText("积分不少于", { exact: true }).last().click()
    const points = page.getByLabel("积分", { exact: true })
    await points.fill("-3")
    await page.getByText(/请填 1 到 .* 之间的数/).waitFor()
    await page.getByText("还有条件没填完").waitFor()
    await points.blur()
    expect(await points.inputValue()).toBe("-3")
    await expectAccessible(page)
    await points.fill("１００")
    await page.getByText("还有条件没填完").waitFor({ state: "hidden" })
    await page.getByText("积分不少于 100").first().waitFor()
  })
})

describe("a segment that two people change at once", () => {
  let id: string
  beforeAll(async () => {
    const owner = await desk.company.as()
    id = (await owner(createSegment, { body: { name: "付过费的客户", rule: paid } })).id
  })
  const colleagueSaves = async (name: string) => {
    const owner = await desk.company.as()
    const { version } = await owner(readSegment, { params: { id } })
    await owner(changeSegment, { params: { id }, body: { name, rule: friends, version } })
  }

  it("the second is told what the first saved, keeps what was typed, and may take theirs", async () => {
    const { page } = desk
    await desk.open(`/segments/${id}`)
    await page.getByLabel("人群名称").fill("付过费的老客户")
    await colleagueSaves("所有好友")
    await page.getByRole("button", { name: "保存人群" }).click()
    const told = page.getByRole("alert").filter({ hasText: "别人刚保存了" })
    await told.getByText("所有好友").waitFor()
    expect(await page.getByLabel("人群名称").inputValue()).toBe("付过费的老客户")
    await expectAccessible(page)
    await told.getByRole("button", { name: "改用对方的" }).click()
    expect(await page.getByLabel("人群名称").inputValue()).toBe("所有好友")
  })

  it("is told so even where theirs cannot be read at that moment", async () => {
    const { page } = desk
    await page.getByLabel("人群名称").fill("断线时的名称")
    await colleagueSaves("同事又改了")
    await page.route(`**/api/segments/${id}`, (route) =>
      route.request().method() === "GET" ? route.abort() : route.fallback(),
    )
    await page.getByRole("button", { name: "保存人群" }).click()
    await page.getByRole("alert").filter({ hasText: "别人刚改过这个人群" }).waitFor()
    expect(await page.getByLabel("人群名称").inputValue()).toBe("断线时的名称")
    await page.unroute(`**/api/segments/${id}`)
    desk.complaints.length = 0
  })

  it("or saves over it knowingly", async () => {
    const { page } = desk
    await page.getByLabel("人群名称").fill("我的人群")
    await colleagueSaves("又改了一次")
    await page.getByRole("button", { name: "保存人群" }).click()
    await page.getByRole("button", { name: "用我的覆盖" }).click()
    await page.getByText("人群已保存").first().waitFor()
    const owner = await desk.company.as()
    expect((await owner(readSegment, { params: { id } })).name).toBe("我的人群")
  })

  it("shows whom it finds now, and each is a click away", async () => {
    const { page } = desk
    await desk.open(`/segments/${id}`)
    const members = page.getByRole("region", { name: "现在在里面的客户" }).first()
    await members.getByRole("table").getByRole("link").first().click()
    await page.getByRole("tab", { name: "轨迹" }).waitFor()
  })

  it("is deleted after one has read what that does to plays", async () => {
    const { page } = desk
    await desk.open(`/segments/${id}`)
    await page.getByRole("button", { name: "删除人群" }).click()
    const ask = page.getByRole("dialog", { name: "删除人群「我的人群」" })
    await ask.getByText(/引用它的剧本/).waitFor()
    await ask.getByRole("button", { name: "删除人群" }).click()
    await page.getByRole("heading", { name: "人群", level: 1 }).waitFor()
    await page.getByText("还没有人群").waitFor()
  })
})

describe("a segment that is a fixed list", () => {
  it("is read as its sentence, its rule is not offered for changes that would be lost, and its name is changed", async () => {
    const { page, company } = desk
    const owner = await company.as()
    const { id } = await owner(createSegment, { body: { name: "那天的好友", rule: friends, frozen: true } })
    await desk.open(`/segments/${id}`)
    await page.getByText("固定名单：里面是存下的那些人").waitFor()
    expect(await page.getByRole("combobox", { name: "添加条件" }).count()).toBe(0)
    await page.getByLabel("人群名称").fill("七月的好友")
    await page.getByRole("button", { name: "保存人群" }).click()
    await expect.poll(async () => (await owner(readSegment, { params: { id } })).name).toBe("七月的好友")
    await expectAccessible(page)
  })
})

describe("two segments and their days", () => {
  it("a day of comings and goings leads to who it was and why; a part of two segments becomes one of its own", async () => {
    const { page, company } = desk
    const owner = await company.as()
    const [a, b] = [
      await owner(createSegment, { body: { name: "好友们", rule: friends } }),
      await owner(createSegment, { body: { name: "买过的", rule: paid } }),
    ]
    await run(
      company.db,
      `with d as (select floor((extract(epoch from s.updated_at) + 28800) / 86400)::int - 1 as day, s.updated_at as at
         from segments_segments s where s.id = $1::uuid),
       days as (insert into segments_days select $1::uuid, day, 1, 0, 9, 1, false, at, at from d)
       insert into segments_moves select (select id from customers_customers order by number limit 1), $1::uuid, day, true, $2::jsonb from d`,
      [a.id, JSON.stringify([{ path: "", before: false, after: true, values: [] }])],
    )
    await desk.open(`/segments/${a.id}`)
    const days = page.getByRole("figure", { name: "进出变化" })
    await days.getByText(/进来 1 人次/).waitFor()
    await days.getByRole("button", { name: "表格" }).click()
    await expectAccessible(page)
    await days.getByRole("table").getByRole("link").last().click()
    await page.getByText(/变为符合：/).waitFor()
    await expectAccessible(page)
    await desk.open(`/segments/compare?a=${a.id}&b=${b.id}`)
    await page.getByText(/「好友们」和「买过的」共有/).waitFor()
    await expectAccessible(page)
    await page
      .getByRole("row", { name: /两边都在/ })
      .getByRole("button", { name: "存成人群" })
      .click()
    await page.getByRole("heading", { level: 1, name: "新建人群" }).waitFor()
    expect(await page.getByLabel("人群名称").inputValue()).toBe("好友们和买过的都在")
  })
})

describe("the tags of one customer", () => {
  beforeAll(async () => {
    const owner = await desk.company.as()
    const { groups } = await owner(listTags, {})
    const group = groups.find((one) => !one.in_channel) ?? groups[0]!
    const { id } = await owner(proposeChange, {
      body: {
        change: {
          kind: "add_tag",
          group_id: group.id,
          name: "试吃过新品",
          definition: "尝过试吃装",
          example: "",
        },
      },
    })
    await owner(decideChange, { params: { id }, body: { accept: true } })
  })

  it("one is given and taken by hand, and the page shows it at once with where it came from", async () => {
    const { page } = desk
    await desk.open("/customers")
    await page.getByRole("table").getByRole("link").first().click()
    const tags = page.getByRole("region", { name: "标签" })
    await tags.getByRole("button", { name: "打标签" }).click()
    const form = page.getByRole("dialog", { name: /^给.*打标签$/ })
    await form.getByLabel("选一个标签").fill("试吃")
    // What can be chosen may take its time to come.
    await page.locator(".ant-select-item-option-active").filter({ hasText: "试吃" }).waitFor()
    await page.keyboard.press("Enter")
    await form.getByRole("button", { name: "打标签" }).click()
    const worn = tags.getByRole("listitem").filter({ hasText: "试吃过新品" })
    await worn.waitFor()
    expect(await worn.locator("[title]").getAttribute("title")).toContain("手工")
    await expectAccessible(page)
    await worn.getByRole("button", { name: "去掉标签「试吃过新品」" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "去掉标签" }).click()
    await worn.waitFor({ state: "detached" })
    await page.reload()
    const past = page.getByRole("list", { name: "轨迹" })
    await past.getByRole("listitem").filter({ hasText: "打上标签" }).getByText("试吃过新品").waitFor()
    await past.getByRole("listitem").filter({ hasText: "去掉标签" }).getByText("试吃过新品").waitFor()
  })

  it("no page complained to the developer's console", () => {
    expect(desk.complaints).toEqual([])
  })
})
