import { beforeAll, describe, expect, it } from "vitest"
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
