import { readdirSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { leavesOf } from "../../kernel/tree.ts"
import { CONTRADICTIONS } from "../../modules/tags/quality/contradictions.ts"
import { ROOT } from "../../platform/config.ts"
import { wire } from "./wiring.ts"

const { registry } = wire({ sandbox: null, channels: [] })

/** Every fact that the house tells: what an `events.ts` exports under a type. */
async function toldFacts(): Promise<string[]> {
  const told: string[] = []
  const files = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
  for (const file of files.filter((name) => /^(spine|modules)\/.*\bevents\.ts$/.test(name))) {
    const module = (await import(join(ROOT, "src", file))) as Record<string, { type?: unknown; of?: unknown }>
    for (const one of Object.values(module))
      if (typeof one?.type === "string" && typeof one.of === "function") told.push(one.type)
  }
  return told.sort()
}

describe("a contradiction of tags", () => {
  it("asks only what somebody here offers: else it could never be counted", () => {
    const asked = CONTRADICTIONS.flatMap(({ rule }) => leavesOf(rule).map(({ leaf }) => leaf.offer))
    expect(asked.filter((offer) => !registry.conditions.has(offer))).toEqual([])
  })
})

describe("what happened to a customer", () => {
  it("is told in words, never as a code: every fact has a label in both languages", async () => {
    const told = await toldFacts()
    expect(told.length).toBeGreaterThan(20)
    expect([...registry.facts.keys()].sort()).toEqual(told)
    const mute = [...registry.facts.values()].filter(
      ({ label }) => !/\p{Script=Han}/u.test(label.zh) || !/^[A-Z]/.test(label.en),
    )
    expect(mute).toEqual([])
  })
})
