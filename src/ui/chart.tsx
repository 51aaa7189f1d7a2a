import { Button } from "antd"
import { lazy, type ReactNode, Suspense, useState } from "react"
import type { ChartOption } from "./chart-canvas.tsx"
import { Loading } from "./states.tsx"
import { useTranslation } from "./words/use.ts"

const Canvas = lazy(() => import("./chart-canvas.tsx"))

/** A chart with the sentence that it shows, and the same numbers as a table for eyes, ears and clipboards. */
export function Chart(props: {
  label: string
  sentence: ReactNode
  option: ChartOption
  height?: number
  table: { head: string[]; rows: ReactNode[][] }
  /** What is done when a place on the axis is pressed, by its number; the table has its own way there. */
  onPick?: (n: number) => void
}) {
  const { t } = useTranslation()
  const [asTable, setAsTable] = useState(false)
  return (
    <figure className="chart" aria-label={props.label}>
      <figcaption>
        <span>{props.sentence}</span>
        <Button type="text" size="small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {t(asTable ? "ui.chart_picture" : "ui.chart_table")}
        </Button>
      </figcaption>
      {asTable ? (
        <PlainTable label={props.label} {...props.table} />
      ) : (
        <Suspense fallback={<Loading rows={5} />}>
          <Canvas
            option={props.option}
            height={props.height ?? 260}
            label={props.label}
            onPick={props.onPick}
          />
        </Suspense>
      )}
    </figure>
  )
}

/** A small table of known rows, first column a heading; the others hold numbers, but for those named in `words`. */
export function PlainTable(props: { label: string; head: string[]; rows: ReactNode[][]; words?: number[] }) {
  const classOf = (column: number) => (props.words?.includes(column) ? "words" : "num")
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className="plain-table-scroll" tabIndex={0}>
      <table className="plain-table" aria-label={props.label}>
        <thead>
          <tr>
            {props.head.map((h, column) => (
              <th key={h} scope="col" className={classOf(column)}>
                {h}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are replaced whole, never reordered
            <tr key={n}>
              {row.map((cell, column) =>
                column === 0 ? (
                  <th key="0" scope="row">
                    {cell}
                  </th>
                ) : (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns are fixed
                  <td key={column} className={classOf(column)}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
