import { beforeAll, describe, expect, it } from "vitest"
import { countCustomers, listCustomers } from "../../src/modules/customers/contract.ts"
import { listSegments } from "../../src/modules/segments/contract.ts"
import { listTags } from "../../src/modules/tags/contract.ts"
import { oneRow } from "../../src/platform/db.ts"
import { type Desk, expectAccessible, openDesk, signIn } from "./console.ts"

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ size: 120 })
  await signIn(desk)
}, 120_000)

const bar = () => desk.page.getByRole("region", { name: /^已选/ })

async function selectEverybody(people: number) {
  const { page } = desk
  await desk.open("/customers")
  await page.getByRole("table").getByRole("checkbox").first().click()
  await bar()
    .getByRole("button", { name: new RegExp(`选择符合条件的全部 ${people} 条`) })
    .click()
  await bar()
    .getByText(new RegExp(`全部 ${people} `))
    .waitFor()
}

describe("doing something to everybody whom a filter holds", () => {
  it("a tag goes to all of them and not to the page in view, after the number is named", async () => {
    const { page, company } = desk
    const owner = await company.as()
    const { people } = await owner(countCustomers, { query: {} })
    expect(people).toBeGreaterThan((await owner(listCustomers, { query: {} })).rows.length)
    const { groups } = await owner(listTags, {})
    const group = groups.find((one) => !one.exclusive && one.tags.length > 0)!
    const tag = group.tags[0]!
    await selectEverybody(people)
    await bar().getByRole("button", { name: "加标签" }).click()
    const form = page.getByRole("dialog", { name: `给 ${people} 人加标签` })
    await form.getByRole("combobox").click()
    await page.keyboard.type(tag.name)
    await page.keyboard.press("Enter")
    await expectAccessible(page)
    await form.getByRole("button", { name: `给 ${people} 人加标签` }).click()
    await page.getByText(/已给 \d+ 人加上标签/).waitFor()
    const worn = await oneRow<{ n: number }>(
      company.db,
      "select count(*) as n from tags_assignments where tag_id = $1",
      [tag.id],
    )
    expect(worn.n).toBe(people)
    await bar().waitFor({ state: "detached" })
  })

  it("they become a frozen segment of that many; with another number than was named nothing is done", async () => {
    const { page, company } = desk
    const owner = await company.as()
    const { people } = await owner(countCustomers, { query: {} })
    await selectEverybody(people)
    await bar().getByRole("button", { name: "存为人群" }).click()
    const form = page.getByRole("dialog", { name: `把 ${people} 人存为人群` })
    await form.getByLabel("人群名称").fill("当下的所有人")
    await page.route("**/api/segments/from-list", (route) =>
      route.continue({
        postData: JSON.stringify({ ...(route.request().postDataJSON() as object), people: people - 1 }),
      }),
    )
    await form.getByRole("button", { name: `把 ${people} 人存为人群` }).click()
    await form.getByText("符合条件的人数刚刚变了", { exact: false }).first().waitFor()
    await page.unroute("**/api/segments/from-list")
    await form.getByRole("button", { name: `把 ${people} 人存为人群` }).click()
    await page.getByText("已存为人群「当下的所有人」").waitFor()
    const made = (await owner(listSegments, {})).rows.find((one) => one.name === "当下的所有人")
    expect(made?.frozen).toBe(true)
    expect(desk.complaints).toEqual([])
  })
})
