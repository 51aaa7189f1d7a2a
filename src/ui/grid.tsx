import { RightOutlined } from "@ant-design/icons"
import { Fragment, type MouseEvent, type ReactNode, useEffect, useRef, useState } from "react"
import { type Sorted, SortHead, wayOf } from "./sort.tsx"
import { useTranslation } from "./words/use.ts"

export type Column<Row> = {
  key: string
  title: string
  render: (row: Row) => ReactNode
  /** Numbers stand right, so that they line up. */
  numeric?: boolean
  width?: number
  /** Not shown until somebody chooses it. */
  folded?: boolean
  /** The key column cannot be hidden. */
  fixed?: boolean
  /** By what the server sorts when its head is pressed. */
  sort?: string
}

export type Density = "large" | "middle" | "small"

/** Which rows are chosen, and what to do when that changes. */
export type Picking = { picked: ReadonlySet<string>; onPick: (picked: string[]) => void }

/**
 * A plain HTML table. The component library's own takes half a second for a press on a slow machine with fifty rows in view;
 * rows here are a dozen elements each, and that is all a list needs.
 */
export function Grid<Row>(props: {
  columns: Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  density: Density
  picking?: Picking
  expand?: (row: Row) => ReactNode
  sorted?: Sorted | undefined
}) {
  const { t } = useTranslation()
  const { columns, rows, rowKey, picking, expand } = props
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const last = useRef<number | null>(null)
  const keys = rows.map(rowKey)
  const toggle = (at: number, range: boolean) => {
    if (!picking) return
    const on = !picking.picked.has(keys[at]!)
    const from = range && last.current !== null ? Math.min(last.current, at) : at
    const to = range && last.current !== null ? Math.max(last.current, at) : at
    last.current = at
    picking.onPick(changed(picking.picked, keys.slice(from, to + 1), on))
  }
  const unfold = (key: string) =>
    setOpen(open.has(key) ? new Set([...open].filter((one) => one !== key)) : new Set([...open, key]))
  return (
    <table className={`grid grid-${props.density}`}>
      <thead>
        <tr>
          {picking ? (
            <th scope="col" className="grid-tool">
              <PickPage keys={keys} picking={picking} label={t("ui.select_page")} />
            </th>
          ) : null}
          {expand ? <td className="grid-tool" /> : null}
          {columns.map((c) => (
            <th
              key={c.key}
              scope="col"
              className={c.numeric ? "num" : ""}
              {...widthOf(c)}
              {...sortOf(c, props.sorted)}
            >
              {c.sort && props.sorted ? (
                <SortHead title={c.title} column={c.sort} sorted={props.sorted} />
              ) : (
                c.title
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => {
          const key = keys[at]!
          const chosen = picking?.picked.has(key) ?? false
          return (
            <Fragment key={key}>
              <tr className={chosen ? "is-picked" : ""}>
                {picking ? (
                  <td className="grid-tool">
                    <input
                      type="checkbox"
                      aria-label={t("ui.select_row")}
                      checked={chosen}
                      // A click with Shift takes all rows since the last one.
                      onChange={(event) => toggle(at, (event.nativeEvent as unknown as MouseEvent).shiftKey)}
                    />
                  </td>
                ) : null}
                {expand ? (
                  <td className="grid-tool">
                    <button
                      type="button"
                      className="grid-unfold"
                      aria-expanded={open.has(key)}
                      aria-label={t(open.has(key) ? "ui.fold_row" : "ui.unfold_row")}
                      onClick={() => unfold(key)}
                    >
                      <RightOutlined rotate={open.has(key) ? 90 : 0} />
                    </button>
                  </td>
                ) : null}
                {columns.map((c) => (
                  <td key={c.key} className={c.numeric ? "num" : ""}>
                    {c.render(row)}
                  </td>
                ))}
              </tr>
              {expand && open.has(key) ? (
                <tr className="grid-more">
                  <td colSpan={columns.length + (picking ? 2 : 1)}>{expand(row)}</td>
                </tr>
              ) : null}
            </Fragment>
          )
        })}
      </tbody>
    </table>
  )
}

/** Everything on this page, or nothing of it; a dash while it is only some. */
function PickPage(props: { keys: string[]; picking: Picking; label: string }) {
  const box = useRef<HTMLInputElement>(null)
  const { picked, onPick } = props.picking
  const here = props.keys.filter((key) => picked.has(key)).length
  const all = here === props.keys.length
  useEffect(() => {
    if (box.current) box.current.indeterminate = here > 0 && !all
  }, [here, all])
  return (
    <input
      ref={box}
      type="checkbox"
      aria-label={props.label}
      checked={all}
      onChange={() => onPick(changed(picked, props.keys, !all))}
    />
  )
}

function changed(picked: ReadonlySet<string>, keys: readonly string[], on: boolean): string[] {
  const next = new Set(picked)
  for (const key of keys) {
    if (on) next.add(key)
    else next.delete(key)
  }
  return [...next]
}

function sortOf<Row>(c: Column<Row>, sorted: Sorted | undefined) {
  const way = c.sort && sorted ? wayOf(sorted, c.sort) : null
  return way ? { "aria-sort": way } : {}
}

const widthOf = <Row,>(c: Column<Row>) => (c.width ? { style: { width: c.width } } : {})
