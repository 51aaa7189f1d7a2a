import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../../kernel/ids.ts"
import { type Office, openOffice } from "../accounts.fixture.ts"
import { installScripts } from "./built-in.ts"
import { SITUATIONS } from "./contract.ts"

let office: Office
beforeAll(async () => {
  office = await openOffice()
})

const NOW = new Date("2026-11-23T04:00:00Z")
type Rows = {
  rows: { id: string; text: string; shared: boolean; made_by_name: string | null; situation: string }[]
}
type Kinds = { rows: (Rows["rows"][number] & { persona_tag_id: string | null })[] }
const listed = async (id: string) =>
  ((await office.call("ying", "GET", `/${id}/scripts`)).body as unknown as Rows).rows

describe("what an account says", () => {
  it("is its own lines first, then those its function shares; another function says something else", async () => {
    const [a, b, other] = [
      await office.account("话术 01", { function: "sales" }),
      await office.account("话术 02", { function: "sales" }),
      await office.account("话术 03", { function: "ip" }),
    ]
    const add = (id: string, body: object) => office.call("keeper", "POST", `/${id}/scripts`, body)
    await add(a, { situation: "ice", text: "大家都这么说", shared: true })
    await add(a, { situation: "opening", text: "{{name}}，您好" })
    expect((await listed(a)).map((s) => [s.text, s.shared])).toEqual([
      ["{{name}}，您好", false],
      ["大家都这么说", true],
    ])
    expect((await listed(b)).map((s) => s.text)).toEqual(["大家都这么说"])
    expect(await listed(other)).toEqual([])
  })

  it("is changed by putting another line in the old one's place, and taken out of use once", async () => {
    const id = await office.account("话术 04", { function: "member" })
    const call = (path: string, body: object) => office.call("keeper", "POST", `/${id}/scripts${path}`, body)
    await call("", { situation: "opening", text: "旧的" })
    const [old] = await listed(id)
    await call("", { situation: "opening", text: "新的", replaces: old!.id })
    expect((await listed(id)).map((s) => [s.text, s.made_by_name])).toEqual([["新的", "钱保管"]])
    expect((await call("", { situation: "opening", text: "再来", replaces: old!.id })).body).toMatchObject({
      code: "not_found",
      field: "replaces",
    })
    const [now] = await listed(id)
    expect((await call(`/${now!.id}/retire`, {})).body).toEqual({ rows: [] })
    expect((await call(`/${now!.id}/retire`, {})).body.code).toBe("not_found")
  })

  it("is refused with an unknown hole to fill, to who may not write, and for an account that is none", async () => {
    const id = await office.account("话术 05", { function: "agent" })
    const add = (who: "keeper" | "ying", account: string, text: string) =>
      office.call(who, "POST", `/${account}/scripts`, { situation: "opening", text })
    expect((await add("keeper", id, "{{phone}} 您好")).body).toMatchObject({
      code: "unknown_variable",
      field: "text",
    })
    expect((await add("ying", id, "您好")).status).toBe(403)
    expect((await add("keeper", newId(), "您好")).status).toBe(404)
  })

  it("comes with the system once: what was taken out of use does not come back", async () => {
    const id = await office.account("话术 06", { function: "ip" })
    expect(await installScripts(office.db, NOW)).toBeGreaterThan(10)
    const came = await listed(id)
    expect(came.every((s) => s.shared && s.made_by_name === null)).toBe(true)
    expect(came.every((s) => (SITUATIONS as readonly string[]).includes(s.situation))).toBe(true)
    await office.call("keeper", "POST", `/${id}/scripts/${came[0]!.id}/retire`, {})
    expect(await installScripts(office.db, NOW)).toBe(0)
    expect(await listed(id)).toHaveLength(came.length - 1)
  })

  it("for one kind of people stays for them, and shared by all functions stays so, when its words are changed", async () => {
    const tag = "0196a000-0000-7000-8000-000000000107"
    const [ip, sales] = [
      await office.account("话术 07", { function: "ip" }),
      await office.account("话术 08", { function: "sales" }),
    ]
    await installScripts(office.db, NOW)
    const of = async (id: string) =>
      ((await office.call("ying", "GET", `/${id}/scripts`)).body as unknown as Kinds).rows.filter(
        (s) => s.situation === "school" && s.persona_tag_id === tag,
      )
    const [old] = await of(ip)
    const text = "{{name}}，老板的第一课改到晚上了"
    await office.call("keeper", "POST", `/${ip}/scripts`, {
      situation: "school",
      text,
      shared: true,
      persona_tag_id: tag,
      replaces: old!.id,
    })
    expect((await of(ip)).map((s) => s.text)).toEqual([text])
    expect((await of(sales)).map((s) => s.text)).toEqual([text])
  })
})
