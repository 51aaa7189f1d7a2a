import { beforeAll, describe, expect, it } from "vitest"
import { checkChannel, listChannels, resumeChannel } from "../../src/apps/server/channels-panel/contract.ts"
import { CallRefused } from "../../src/kernel/client.ts"
import { tx } from "../../src/platform/db.ts"
import { openCircuit } from "../../src/spine/outbox/index.ts"
import { type Company, startCompany } from "../company.ts"

let company: Company
beforeAll(async () => {
  company = await startCompany({ size: 20 })
})

const refusal = (code: string) => (error: unknown) =>
  error instanceof CallRefused && error.problem.code === code

describe("who looks after the channels", () => {
  it("sees what each can do over the wire and what a person has to do", async () => {
    const owner = await company.as()
    const { rows } = await owner(listChannels, {})
    const [manual, wecom] = ["manual", "wecom"].map((name) => rows.find((row) => row.name === name)!)
    expect(manual).toMatchObject({ testable: false, stopped: null, by_hand: [] })
    expect(wecom).toMatchObject({ testable: true, stopped: null })
    expect(wecom?.by_hand).toContain("kick")
    expect(wecom?.can.find((one) => one.kind === "send_private")?.parcel_size).toBeGreaterThan(1)
    expect(wecom?.accounts).toBeGreaterThan(0)
  })

  it("tests one with a button: the platform's own answer, whether it is well or not", async () => {
    const owner = await company.as()
    const check = () => owner(checkChannel, { params: { name: "wecom" } })
    const well = await check()
    expect(well).toMatchObject({ ok: true, failure: null })
    expect(well.people).toBeGreaterThan(0)
    await company.sandbox("POST", "faults", { api: { not_allowed: true } })
    expect(await check()).toMatchObject({
      ok: false,
      people: null,
      failure: { code: "48002", class: "stop" },
    })
    await company.sandbox("POST", "faults", { api: { not_allowed: false } })
    expect(await check()).toMatchObject({ ok: true })
  })

  it("cannot test what people do, nor what does not exist", async () => {
    const owner = await company.as()
    await expect(owner(checkChannel, { params: { name: "manual" } })).rejects.toSatisfy(
      refusal("channel_untestable"),
    )
    await expect(owner(checkChannel, { params: { name: "pigeon" } })).rejects.toSatisfy(
      refusal("no_such_channel"),
    )
  })

  it("sees a channel that the platform stopped, with the reason, and resumes it", async () => {
    const owner = await company.as()
    await tx(company.db, (t) => openCircuit(t, "wecom", { class: "stop", code: "60020" }, new Date()))
    const { rows } = await owner(listChannels, {})
    expect(rows.find((row) => row.name === "wecom")?.stopped).toMatchObject({ code: "60020" })
    expect(await owner(resumeChannel, { params: { name: "wecom" } })).toEqual({ waiting: 0 })
    await expect(owner(resumeChannel, { params: { name: "wecom" } })).rejects.toSatisfy(
      refusal("channel_not_stopped"),
    )
    expect((await owner(listChannels, {})).rows.every((row) => row.stopped === null)).toBe(true)
  })
})
