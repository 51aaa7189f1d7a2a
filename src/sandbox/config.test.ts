import { describe, expect, it } from "vitest"
import { readConfig } from "./config.ts"
import { callbackFate, faultsSchema, injectedError, noFaults } from "./faults.ts"

const good = { SANDBOX_HOME: "home", SANDBOX_CONTROL_TOKEN: "12345678" }

describe("settings", () => {
  it("need a home and a control token, and take the rest as it comes", () => {
    expect(readConfig({})).toMatchObject({
      wrong: [expect.stringContaining("SANDBOX_HOME"), expect.stringContaining("SANDBOX_CONTROL_TOKEN")],
    })
    expect(readConfig({ ...good, SANDBOX_SIZE: "" })).toMatchObject({
      size: 2000,
      port: 0,
      scenario: "lively",
    })
  })

  it.each([
    ["SANDBOX_SIZE", "0"],
    ["SANDBOX_SIZE", "3000000"],
    ["SANDBOX_PORT", "99999"],
    ["SANDBOX_SYSTEM_URL", "not a url"],
    ["SANDBOX_START", "yesterday"],
    ["SANDBOX_SCENARIO", "panic"],
    ["WECOM_CALLBACK_TOKEN", "with space"],
    ["WECOM_CALLBACK_AES_KEY", "a".repeat(42)],
  ])("name the damaged one: %s=%s", (name, value) => {
    expect(readConfig({ ...good, [name]: value })).toMatchObject({ wrong: [expect.stringContaining(name)] })
  })
})

describe("faults", () => {
  it("are none in fair weather, and the same for the same seed and number", () => {
    for (let n = 0; n < 200; n++) {
      expect(callbackFate(noFaults, "a", n)).toEqual({
        lost: false,
        late_ms: 0,
        copies: 1,
        behind_next: false,
        tampered: false,
        wrong_receiver: false,
      })
    }
    const storm = faultsSchema.parse({ callback: { lost: 0.3, doubled: 0.3, late: 0.3 } })
    const fates = Array.from({ length: 500 }, (_, n) => callbackFate(storm, "a", n))
    expect(fates).toEqual(Array.from({ length: 500 }, (_, n) => callbackFate(storm, "a", n)))
    const lost = fates.filter((f) => f.lost).length
    expect(lost).toBeGreaterThan(100)
    expect(lost).toBeLessThan(200)
  })

  it("hit the named api as often as told", () => {
    const faults = faultsSchema.parse({ api: { errors: [{ path: "/x", errcode: -1, times: 1 }] } })
    expect(injectedError(faults, "a", "/y", 1)).toBeNull()
    const hit = injectedError(faults, "a", "/x", 1)
    expect(hit).toMatchObject({ errcode: -1, errors: [{ times: 0 }] })
    expect(injectedError({ ...faults, api: { ...faults.api, errors: hit!.errors } }, "a", "/x", 2)).toBeNull()
  })
})
