import type { ChartOption } from "../../../../ui/chart-canvas.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { dataColours } from "../../../../ui/palette.ts"

type Named = { name: string; value: number }
const GREEN = dataColours[0]
const axis = { axisLine: { show: false }, axisTick: { show: false } }
const faint = { splitLine: { lineStyle: { color: "rgba(128,128,128,0.15)" } } }

/** A figure in a chart reads as it does in a table. */
const figure = ({ value }: { value: number }) => formatNumber(value)

const faded = (strength: number) => `rgba(47,125,91,${strength.toFixed(2)})`

/** Steps from top to bottom in one hue that fades, each with its number. */
export function stepsOption(steps: Named[]): ChartOption {
  return {
    tooltip: { trigger: "item" },
    grid: { left: 8, right: 56, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: "value", show: false },
    yAxis: { type: "category", inverse: true, data: steps.map((s) => s.name), ...axis },
    series: [
      {
        type: "bar",
        barWidth: 22,
        data: steps.map((s, n) => ({
          value: s.value,
          itemStyle: {
            color: faded(1 - (n * 0.6) / Math.max(1, steps.length - 1)),
            borderRadius: 3,
          },
        })),
        label: { show: true, position: "right", formatter: figure },
      },
    ],
  }
}

export function ladderOption(stages: Named[]): ChartOption {
  return {
    tooltip: { trigger: "item" },
    grid: { left: 8, right: 16, top: 24, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: stages.map((s) => s.name), ...axis },
    yAxis: { type: "value", minInterval: 1, ...faint },
    series: [
      {
        type: "bar",
        barMaxWidth: 48,
        data: stages.map((s) => s.value),
        itemStyle: { color: GREEN, borderRadius: [3, 3, 0, 0] },
        label: { show: true, position: "top", formatter: figure },
      },
    ],
  }
}

export function lineOption(days: string[], values: number[], said: (value: number) => string): ChartOption {
  return {
    tooltip: { trigger: "axis", valueFormatter: said },
    grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: days, boundaryGap: false, axisTick: { show: false } },
    yAxis: {
      type: "value",
      minInterval: 1,
      ...faint,
      axisLabel: { formatter: (n: number) => said(n).replace(/\.00$/, "") },
    },
    series: [
      {
        type: "line",
        data: values,
        showSymbol: false,
        lineStyle: { color: GREEN, width: 2 },
        areaStyle: { color: GREEN, opacity: 0.08 },
      },
    ],
  }
}

export function heatOption(x: string[], y: string[], cells: [number, number, number][]): ChartOption {
  const most = Math.max(1, ...cells.map((c) => c[2]))
  return {
    tooltip: {},
    grid: { left: 8, right: 16, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: x, ...axis },
    yAxis: { type: "category", data: y, ...axis },
    visualMap: { show: false, min: 0, max: most },
    series: [
      {
        type: "heatmap",
        data: cells,
        label: {
          show: true,
          formatter: ({ value }: { value: [number, number, number] }) => formatNumber(value[2]),
        },
      },
    ],
  }
}

type Series = { name: string; values: number[] }

/** Two numbers for each thing side by side, such as what was foretold and what came. */
export function pairsOption(names: string[], one: Series, other: Series): ChartOption {
  const bar = ({ name, values }: Series, color: string) => ({
    type: "bar" as const,
    name,
    data: values,
    barMaxWidth: 28,
    itemStyle: { color, borderRadius: [3, 3, 0, 0] },
  })
  return {
    tooltip: { trigger: "axis" },
    legend: { top: 0, left: 0 },
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: names, ...axis },
    yAxis: { type: "value", ...faint },
    series: [bar(one, GREEN), bar(other, dataColours[1])],
  }
}

/** Two amounts a day, one above the line and one below it. */
export function inOutOption(
  days: string[],
  came: { name: string; values: number[] },
  went: { name: string; values: number[] },
): ChartOption {
  const bar = (of: { name: string; values: number[] }, color: string | undefined, sign: 1 | -1) => ({
    name: of.name,
    type: "bar",
    stack: "day",
    barMaxWidth: 18,
    data: of.values.map((n) => sign * n),
    itemStyle: { color },
  })
  return {
    tooltip: { trigger: "axis", valueFormatter: (n: number) => formatNumber(Math.abs(n)) },
    legend: { top: 0, left: 0 },
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: days, axisTick: { show: false } },
    yAxis: {
      type: "value",
      minInterval: 1,
      ...faint,
      axisLabel: { formatter: (n: number) => formatNumber(Math.abs(n)) },
    },
    series: [bar(came, dataColours[0], 1), bar(went, dataColours[2], -1)],
  }
}
