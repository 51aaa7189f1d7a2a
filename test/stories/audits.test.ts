import { beforeAll, describe, expect, it } from "vitest"
import type { Call } from "../../src/kernel/client.ts"
import { listCustomers, setOptOut } from "../../src/modules/customers/contract.ts"
import { listPlays, switchPlay } from "../../src/modules/plans/plays/contract.ts"
import { readPointsSettings, savePointsSettings } from "../../src/modules/points/contract.ts"
import { changeSegment, createSegment, deleteSegment } from "../../src/modules/segments/contract.ts"
import {
  cancelSendEndpoint,
  createSendEndpoint,
  sendBody,
  submitSend,
} from "../../src/modules/sends/contract.ts"
import { readSession } from "../../src/modules/staff/contract.ts"
import { rows } from "../../src/platform/db.ts"
import { type Company, startCompany } from "../company.ts"

let company: Company
let owner: Call
beforeAll(async () => {
  company = await startCompany({ size: 20 })
  owner = await company.as()
})

const lastOf = async (action: string) =>
  (
    await rows<{ before: unknown; after: unknown }>(
      company.db,
      "select before, after from platform_audit where action = $1 order by seq desc limit 1",
      [action],
    )
  )[0]

const paid = { offer: "customers.has_paid", version: 1, args: {} }

describe("whoever asks later what a change replaced", () => {
  it("finds the segment as it was, changed or deleted", async () => {
    const { id } = await owner(createSegment, { body: { name: "买过", rule: paid, frozen: false } })
    await owner(changeSegment, { params: { id }, body: { name: "买过的人", rule: paid, version: 1 } })
    expect(await lastOf("segments.change")).toMatchObject({
      before: { name: "买过", rule: paid },
      after: { name: "买过的人" },
    })
    await owner(deleteSegment, { params: { id } })
    expect(await lastOf("segments.delete")).toMatchObject({ before: { name: "买过的人", rule: paid } })
  })

  it("finds whether the play ran, and whether the customer got messages", async () => {
    const play = (await owner(listPlays, {})).rows.find((one) => one.running)!
    await owner(switchPlay, { params: { id: play.id }, body: { running: false } })
    expect(await lastOf("plays.switch")).toEqual({ before: { running: true }, after: { running: false } })
    const { id } = (await owner(listCustomers, { query: { limit: 1 } })).rows[0]!
    await owner(setOptOut, { params: { id }, body: { opted_out: true } })
    expect(await lastOf("customers.opt_out")).toEqual({
      before: { opted_out: false },
      after: { opted_out: true },
    })
  })

  it("finds how a send stood before a step of its life", async () => {
    const send_at = new Date(
      new Date((await owner(readSession, {})).shop_now).getTime() + 3_600_000,
    ).toISOString()
    const { id } = await owner(createSendEndpoint, {
      body: sendBody.parse({ name: "不发了", text: "今晚八点", rule: paid, send_at, nature: "service" }),
    })
    await owner(submitSend, { params: { id } })
    await owner(cancelSendEndpoint, { params: { id } })
    expect(await lastOf("sends.cancel")).toEqual({
      before: { state: "awaiting_approval" },
      after: { state: "cancelled" },
    })
  })

  it("finds the settings of points as they were", async () => {
    const { settings } = await owner(readPointsSettings, {})
    await owner(savePointsSettings, { body: { ...settings, points_per_yuan: settings.points_per_yuan + 1 } })
    expect(await lastOf("points.save_settings")).toMatchObject({
      before: { points_per_yuan: settings.points_per_yuan },
      after: { points_per_yuan: settings.points_per_yuan + 1 },
    })
  })
})
