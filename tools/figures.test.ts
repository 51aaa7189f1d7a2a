import { describe, expect, it } from "vitest"
import { benchTable, chaosTable, takeIn, withTable } from "./figures.ts"

const machine = { cores: 2, memory_gb: 24, node: "v20.0.0" }
const none = { bench: {}, chaos: {} }
const row = {
  row: "facts_append",
  unit: "facts/s",
  ours: 40,
  anchor: 100,
  ratio: 0.4,
  goal: ">= 0.7 x",
  met: false,
}

describe("the page of figures", () => {
  it("lets a missed goal stand as missed, with its reason and where it was measured", () => {
    const figures = takeIn(none, JSON.stringify([{ ...row, reason: "one | two" }]), "2026-11-23", machine)
    expect(benchTable(figures).at(-1)).toBe(
      "| facts_append | 40 facts/s | 100 facts/s | 0.4 | >= 0.7 x | **missed** | 2026-11-23, 2 cores | one \\| two |",
    )
  })

  it("keeps the latest figure of each row and says aloud what did not keep its promise", () => {
    const first = takeIn(none, JSON.stringify([row]), "2026-11-22", machine)
    const both = takeIn(first, JSON.stringify([{ ...row, ours: 80, met: true }]), "2026-11-23", machine)
    expect(benchTable(both)).toHaveLength(3)
    expect(both.bench.facts_append?.measured_on).toBe("2026-11-23")
    const outcome =
      '{"name":"ledger","kills":2,"acked":5,"applied":4,"lost":1,"twice":0,"ok":false,"seconds":3}'
    const chaos = takeIn(both, `noise\n${outcome}\n`, "2026-11-23", machine)
    expect(chaosTable(chaos).at(-1)).toContain("**not as promised**")
  })

  it("changes only what stands between the marks of its table", () => {
    const page = "a\n<!-- bench: written by tools/figures.ts -->\nold\n<!-- end of bench -->\nz\n"
    const written = withTable(page, "bench", ["| x |"])
    expect(written).toBe(
      "a\n<!-- bench: written by tools/figures.ts -->\n\n| x |\n\n<!-- end of bench -->\nz\n",
    )
    expect(withTable(written, "bench", ["| x |"])).toBe(written)
    expect(() => withTable(page, "chaos", [])).toThrow(/no place/)
  })
})
