import { Button, Dropdown } from "antd"
import { type ReactNode, useContext, useDeferredValue, useState } from "react"
import { formatNumber } from "./format.ts"
import { type Column, type Density, Grid, type GridProps, type Picking, PickingContext } from "./grid.tsx"
import { FIRST_LOOK, ListViewsContext, type Look } from "./list-views.ts"
import { type Sorted, SortMenu } from "./sort.tsx"
import { Failed, Loading } from "./states.tsx"
import { useTranslation } from "./words/use.ts"

/** What is selected: rows by id, or everything that the filters match, counted by the server. */
export type Selection = { kind: "ids"; ids: string[] } | { kind: "query" }
export const NOTHING_SELECTED: Selection = { kind: "ids", ids: [] }

export type DataTableProps<Row> = {
  /** Names the table for screen readers and keeps its columns and density apart from others'. */
  name: string
  label: string
  columns: Column<Row>[]
  rows: readonly Row[] | undefined
  rowKey: (row: Row) => string
  error?: unknown
  onRetry?: () => void
  refreshing?: boolean
  empty: ReactNode
  total?: number | null
  /** The server counts exactly up to a bound; at the bound the count is said as "more than". */
  totalIsBound?: boolean
  paging?: Paging
  /** Where the server sorts the list by its columns' `sort`. */
  sorted?: Sorted
  filters?: ReactNode
  actions?: ReactNode
  selection?: {
    value: Selection
    onChange: (value: Selection) => void
    /** What can be done with the selected; gets the true count. */
    bar: (count: number) => ReactNode
    allByQuery?: boolean
    /** How many the filters match to the last one, where the list's own total stops counting at a bound. */
    queryCount?: number | undefined
  }
  expand?: (row: Row) => ReactNode
  /** The list of a page, whose filters and columns can be saved under a name. */
  views?: boolean
}

export type Paging = {
  hasNewer: boolean
  hasOlder: boolean
  onNewer: () => void
  onOlder: () => void
  page: number
}

/** The one list of the console: columns, density, selection, paging by "older" and "newer". */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { t } = useTranslation()
  const [look, setLook] = useLook(props.name)
  const Views = useContext(ListViewsContext)
  const visible = props.columns.filter(
    (c) => c.fixed || (c.folded ? look.shown : look.hidden).includes(c.key) === !!c.folded,
  )
  const failedFirst = props.error !== undefined && props.error !== null && props.rows === undefined
  const selected = selectedOf(props)
  return (
    <section className="data-table" aria-label={props.label}>
      {props.views && Views ? <Views list={props.name} look={look} onLook={setLook} /> : null}
      <div className="table-tools">
        <div className="table-filters">{props.filters}</div>
        <div className="table-actions">
          {props.actions}
          {props.sorted ? <SortMenu columns={props.columns} sorted={props.sorted} /> : null}
          {props.rows && props.rows.length > 0 ? (
            <LookMenu columns={props.columns} look={look} onChange={setLook} />
          ) : null}
        </div>
      </div>
      {failedFirst ? (
        <Failed error={props.error} {...(props.onRetry ? { onRetry: props.onRetry } : {})} />
      ) : props.rows === undefined ? (
        <Loading rows={8} />
      ) : props.rows.length === 0 && !props.paging?.hasNewer ? (
        props.empty
      ) : (
        <PickingContext value={picking(props)}>
          <TableBody<Row>
            refreshing={!!props.refreshing}
            grid={{
              columns: visible,
              rows: props.rows,
              rowKey: props.rowKey,
              density: look.density,
              pickable: props.selection !== undefined,
              expand: props.expand,
              sorted: props.sorted,
            }}
          />
        </PickingContext>
      )}
      {props.rows && props.rows.length > 0 ? <Foot {...props} /> : null}
      {props.selection && selected !== 0 ? (
        <section
          className="batch-bar"
          aria-label={
            selected === null ? t("ui.selected_counting") : t("ui.selected", { n: formatNumber(selected) })
          }
        >
          <span className="num" aria-live="polite">
            {selected === null
              ? t("ui.selected_counting")
              : t(props.selection.value.kind === "query" ? "ui.selected_query" : "ui.selected", {
                  n: formatNumber(selected),
                })}
          </span>
          {props.selection.allByQuery && props.selection.value.kind === "ids" && props.total ? (
            <Button type="link" onClick={() => props.selection?.onChange({ kind: "query" })}>
              {props.totalIsBound
                ? t("ui.select_all_uncounted")
                : t("ui.select_all_query", { n: formatNumber(props.total) })}
            </Button>
          ) : null}
          <span className="grow" />
          {selected === null ? null : props.selection.bar(selected)}
          <Button type="text" onClick={() => props.selection?.onChange(NOTHING_SELECTED)}>
            {t("ui.unselect")}
          </Button>
        </section>
      ) : null}
    </section>
  )
}

/**
 * The rows follow what is around them: a press is answered at once, and fifty rows are drawn in the time between. Rows that are
 * not the newest yet are marked as those that are being read anew.
 */
function TableBody<Row>(props: { grid: GridProps<Row>; refreshing: boolean }) {
  const drawn = useDeferredValue(props.grid)
  const behind = props.refreshing || drawn.rows !== props.grid.rows
  return (
    <div className={behind ? "table-body is-refreshing" : "table-body"} aria-busy={behind}>
      <Grid<Row> {...drawn} />
    </div>
  )
}

/** How many are selected; null while those who match are still being counted. */
function selectedOf<Row>({ selection, total, totalIsBound }: DataTableProps<Row>): number | null {
  if (selection?.value.kind !== "query") return selection?.value.ids.length ?? 0
  return selection.queryCount ?? (totalIsBound ? null : (total ?? 0))
}

function picking<Row>(props: DataTableProps<Row>): Picking | null {
  const { selection } = props
  if (!selection) return null
  const keys = selection.value.kind === "query" ? (props.rows ?? []).map(props.rowKey) : selection.value.ids
  return { picked: new Set(keys), onPick: (ids) => selection.onChange({ kind: "ids", ids }) }
}

function Foot<Row>(props: DataTableProps<Row>) {
  const { t } = useTranslation()
  const { paging, total } = props
  // Pages are newer and older only where the list is in its own order.
  const by_time = !props.sorted?.value
  const turns = paging && (paging.hasNewer || paging.hasOlder)
  if (!turns && (total === null || total === undefined)) return null
  return (
    <div className="table-foot">
      <span className="secondary num" aria-live="polite">
        {total === null || total === undefined
          ? null
          : t(props.totalIsBound ? "ui.total_at_least" : "ui.total", { n: formatNumber(total) })}
      </span>
      {turns ? (
        <span className="pager">
          <Button size="small" disabled={!paging.hasNewer} onClick={paging.onNewer}>
            {t(by_time ? "ui.newer" : "ui.page_before")}
          </Button>
          <span className="secondary small num">{t("ui.page", { n: paging.page })}</span>
          <Button size="small" disabled={!paging.hasOlder} onClick={paging.onOlder}>
            {t(by_time ? "ui.older" : "ui.page_after")}
          </Button>
        </span>
      ) : null}
    </div>
  )
}

function LookMenu<Row>(props: { columns: Column<Row>[]; look: Look; onChange: (look: Look) => void }) {
  const { t } = useTranslation()
  const { look } = props
  const isShown = (c: Column<Row>) => (c.folded ? look.shown.includes(c.key) : !look.hidden.includes(c.key))
  const toggle = (c: Column<Row>) => {
    const list = c.folded ? "shown" : "hidden"
    const has = look[list].includes(c.key)
    props.onChange({ ...look, [list]: has ? look[list].filter((k) => k !== c.key) : [...look[list], c.key] })
  }
  const density: [Density, string][] = [
    ["large", t("ui.density_comfortable")],
    ["middle", t("ui.density_middle")],
    ["small", t("ui.density_compact")],
  ]
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          selectable: true,
          multiple: true,
          selectedKeys: props.columns.filter(isShown).map((c) => c.key),
          items: props.columns.filter((c) => !c.fixed).map((c) => ({ key: c.key, label: c.title })),
          onClick: ({ key }) => {
            const column = props.columns.find((c) => c.key === key)
            if (column) toggle(column)
          },
        }}
      >
        <Button type="text">{t("ui.columns")}</Button>
      </Dropdown>
      <Dropdown
        trigger={["click"]}
        menu={{
          selectable: true,
          selectedKeys: [look.density],
          items: density.map(([key, label]) => ({ key, label })),
          onClick: ({ key }) => props.onChange({ ...look, density: key as Density }),
        }}
      >
        <Button type="text">{t("ui.density")}</Button>
      </Dropdown>
    </>
  )
}

function useLook(name: string): [Look, (look: Look) => void] {
  const key = `siyu.table.${name}`
  const [look, setLook] = useState<Look>(() => {
    try {
      return { ...FIRST_LOOK, ...(JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Look>) }
    } catch {
      return FIRST_LOOK // what stands in the browser's storage may be anybody's
    }
  })
  return [
    look,
    (next) => {
      setLook(next)
      localStorage.setItem(key, JSON.stringify(next))
    },
  ]
}
