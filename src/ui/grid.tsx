import { RightOutlined } from "@ant-design/icons"
import {
  createContext,
  Fragment,
  type MouseEvent,
  memo,
  type ReactNode,
  type RefObject,
  useContext,
  useEffect,
  useRef,
  useState,
} from "react"
import { markScrolling } from "./scrolling.ts"
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

/** Stands beside the rows, not in them: a press on one box draws the boxes anew and nothing else of the table. */
export const PickingContext = createContext<Picking | null>(null)

export type GridProps<Row> = {
  columns: Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  density: Density
  /** Each row has a box; what is chosen stands in `PickingContext`. */
  pickable: boolean
  expand?: ((row: Row) => ReactNode) | undefined
  sorted?: Sorted | undefined
}

/**
 * A plain HTML table. The component library's own takes half a second for a press on a slow machine with fifty rows in view;
 * rows here are a dozen elements each, and that is all a list needs.
 */
export const Grid = memo(function Grid<Row>(props: GridProps<Row>) {
  const { t } = useTranslation()
  const { columns, rows, rowKey, pickable, expand } = props
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const last = useRef<number | null>(null)
  const table = useRef<HTMLTableElement>(null)
  useEffect(() => (table.current ? markScrolling(table.current) : undefined), [])
  const keys = rows.map(rowKey)
  const unfold = (key: string) =>
    setOpen(open.has(key) ? new Set([...open].filter((one) => one !== key)) : new Set([...open, key]))
  return (
    <table ref={table} className={`grid grid-${props.density}`}>
      <thead>
        <tr>
          {pickable ? (
            <th scope="col" className="grid-tool">
              <PickPage keys={keys} label={t("ui.select_page")} />
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
          return (
            <Fragment key={key}>
              <tr>
                {pickable ? (
                  <td className="grid-tool">
                    <PickRow keys={keys} at={at} last={last} label={t("ui.select_row")} />
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
                  <td colSpan={columns.length + (pickable ? 2 : 1)}>{expand(row)}</td>
                </tr>
              ) : null}
            </Fragment>
          )
        })}
      </tbody>
    </table>
  )
}) as <Row>(props: GridProps<Row>) => ReactNode

/** A click with Shift takes all rows since the last one. */
function PickRow(props: { keys: string[]; at: number; last: RefObject<number | null>; label: string }) {
  const picking = useContext(PickingContext)
  const { keys, at, last } = props
  const chosen = picking?.picked.has(keys[at]!) ?? false
  const toggle = (range: boolean) => {
    if (!picking) return
    const from = range && last.current !== null ? Math.min(last.current, at) : at
    const to = range && last.current !== null ? Math.max(last.current, at) : at
    last.current = at
    picking.onPick(changed(picking.picked, keys.slice(from, to + 1), !chosen))
  }
  return (
    <input
      type="checkbox"
      aria-label={props.label}
      checked={chosen}
      onChange={(event) => toggle((event.nativeEvent as unknown as MouseEvent).shiftKey)}
    />
  )
}

/** Everything on this page, or nothing of it; a dash while it is only some. */
function PickPage(props: { keys: string[]; label: string }) {
  const box = useRef<HTMLInputElement>(null)
  const picking = useContext(PickingContext)
  const here = props.keys.filter((key) => picking?.picked.has(key)).length
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
      onChange={() => picking?.onPick(changed(picking.picked, props.keys, !all))}
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
