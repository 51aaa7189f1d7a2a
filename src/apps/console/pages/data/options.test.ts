import { describe, expect, it } from "vitest"
import { heatOption, ladderOption, lineOption, stepsOption } from "./options.ts"

type Drawn = { series: { label: { formatter: (one: { value: unknown }) => string } }[] }
const said = (option: object, value: unknown) =>
  (option as Drawn).series.map((one) => one.label.formatter({ value }))

describe("figures that are drawn", () => {
  it("read as they do in a table: a million is not a row of seven digits", () => {
    const all = [{ name: "全部", value: 1_000_062 }]
    expect(said(stepsOption(all), 1_000_062)).toEqual(["1,000,062"])
    expect(said(ladderOption(all), 1_000_062)).toEqual(["1,000,062"])
    expect(said(heatOption(["1"], ["1"], [[0, 0, 40_311]]), [0, 0, 40_311])).toEqual(["40,311"])
  })

  it("of a line are told of the day that is pointed at, as the table says them", () => {
    const { tooltip } = lineOption(["11-02"], [12_480.5], (value) => `¥${value.toFixed(2)}`)
    expect(tooltip).toMatchObject({ trigger: "axis" })
    expect((tooltip as { valueFormatter: (v: number) => string }).valueFormatter(12_480.5)).toBe("¥12480.50")
  })
})
