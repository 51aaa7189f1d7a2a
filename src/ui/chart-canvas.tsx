import { BarChart, FunnelChart, HeatmapChart, LineChart } from "echarts/charts"
import { GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components"
import * as echarts from "echarts/core"
import { CanvasRenderer } from "echarts/renderers"
import { useEffect, useRef } from "react"
import { useMode } from "./mode.tsx"
import { dataColours, heats, type Mode, palettes } from "./palette.ts"

echarts.use([
  BarChart,
  FunnelChart,
  HeatmapChart,
  LineChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  VisualMapComponent,
  CanvasRenderer,
])

export type ChartOption = Record<string, unknown>

/** The drawing itself, loaded when the first chart is shown. The table beside it is what assistive technology reads. */
export default function ChartCanvas(props: {
  option: ChartOption
  height: number
  label: string
  onPick?: ((n: number) => void) | undefined
}) {
  const holder = useRef<HTMLDivElement>(null)
  const picked = useRef(props.onPick)
  picked.current = props.onPick
  const mode = useMode()
  useEffect(() => {
    if (!holder.current) return
    const c = palettes[mode]
    const chart = echarts.init(holder.current, null, { renderer: "canvas" })
    chart.setOption({
      ...inked(props.option, mode),
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      animationDuration: 180,
      color: [...dataColours],
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: c.ink },
      tooltip: {
        ...(props.option.tooltip as object),
        backgroundColor: c.raised,
        borderColor: c.hairline,
        textStyle: { color: c.ink },
      },
    })
    chart.on("click", (at) => picked.current?.(at.dataIndex))
    const observer = new ResizeObserver(() => chart.resize())
    observer.observe(holder.current)
    return () => {
      observer.disconnect()
      chart.dispose()
    }
  }, [props.option, mode])
  return <div ref={holder} style={{ height: props.height }} role="img" aria-label={props.label} />
}

/**
 * Axes in the secondary ink of the mode and figures in its ink: the library's own grey is too faint on dark ground, and what it
 * draws around figures makes them thick. Cells of a heat map have the tints of the mode, each with the text that is read on it.
 */
function inked(option: ChartOption, mode: Mode): ChartOption {
  const { ink, secondary, surface } = palettes[mode]
  const axis = (one: unknown) =>
    typeof one === "object" && one !== null
      ? { ...one, axisLabel: { color: secondary, ...(one as { axisLabel?: object }).axisLabel } }
      : one
  const series = (one: { label?: object }) =>
    one.label ? { ...one, label: { color: ink, textBorderWidth: 0, ...one.label } } : one
  const heat = option.visualMap as { max: number } | undefined
  return {
    ...option,
    ...(heat ? { visualMap: { ...heat, inRange: { color: heats[mode].map(({ tint }) => tint) } } } : {}),
    ...(option.legend ? { legend: { textStyle: { color: ink }, ...(option.legend as object) } } : {}),
    xAxis: axis(option.xAxis),
    yAxis: axis(option.yAxis),
    series: (option.series as Series[]).map((one) =>
      series(heat ? celled(one, heat.max, mode, surface) : one),
    ),
  }
}

type Series = { label?: object; data?: unknown }

function celled(one: Series, most: number, mode: Mode, gap: string): Series {
  const steps = heats[mode]
  const textOf = (n: number) =>
    steps[Math.min(steps.length - 1, Math.round((n / most) * (steps.length - 1)))]!.text
  return {
    ...one,
    data: (one.data as [number, number, number][]).map((value) => ({
      value,
      label: { color: textOf(value[2]) },
    })),
    ...{ itemStyle: { borderWidth: 2, borderColor: gap } },
  }
}
