import { ArrowDownOutlined, ArrowUpOutlined, ColumnHeightOutlined } from "@ant-design/icons"
import { Button, Dropdown } from "antd"
import type { Column } from "./grid.tsx"
import { useTranslation } from "./words/use.ts"

/** How a list is sorted: `gmv` from the least, `-gmv` from the greatest; nothing is the list's own order, `first`. */
export type Sorted = {
  value: string | undefined
  first: string
  onChange: (value: string | undefined) => void
}

/** Which way a column is sorted now; null where the list is sorted by another. */
export function wayOf(sorted: Sorted, column: string): "ascending" | "descending" | null {
  const now = sorted.value ?? sorted.first
  return now === column ? "ascending" : now === `-${column}` ? "descending" : null
}

/** What a press on a column does: the greatest first, then the least, then the list's own order again. */
export function pressed(sorted: Sorted, column: string): string | undefined {
  const way = wayOf(sorted, column)
  const next = way === null ? `-${column}` : way === "descending" ? column : undefined
  return next === sorted.first ? undefined : next
}

/** The head of a column that sorts: a button that says which way. */
export function SortHead(props: { title: string; column: string; sorted: Sorted }) {
  const { t } = useTranslation()
  const { title, column, sorted } = props
  const way = wayOf(sorted, column)
  return (
    <button
      type="button"
      className={way ? "grid-sort is-sorted" : "grid-sort"}
      onClick={() => sorted.onChange(pressed(sorted, column))}
    >
      {title}
      {way === null ? (
        <ColumnHeightOutlined aria-hidden className="grid-sort-hint" />
      ) : (
        <span className="small">
          {way === "descending" ? <ArrowDownOutlined aria-hidden /> : <ArrowUpOutlined aria-hidden />}
          {t(`ui.${way}`)}
        </span>
      )}
    </button>
  )
}

/** The same choice as a menu: for a screen that shows few columns, and for columns that are folded away. */
export function SortMenu<Row>(props: { columns: Column<Row>[]; sorted: Sorted }) {
  const { t } = useTranslation()
  const { sorted } = props
  const now = sorted.value ?? sorted.first
  const choices = props.columns.flatMap(({ sort, title }) =>
    sort
      ? [
          { key: `-${sort}`, label: t("ui.sort_choice", { title, way: t("ui.descending") }) },
          { key: sort, label: t("ui.sort_choice", { title, way: t("ui.ascending") }) },
        ]
      : [],
  )
  const chosen = choices.find(({ key }) => key === now)
  const own = choices.some(({ key }) => key === sorted.first)
    ? []
    : [{ key: sorted.first, label: t("ui.sort_first") }]
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        selectable: true,
        selectedKeys: [now],
        items: [...own, ...choices],
        onClick: ({ key }) => sorted.onChange(key === sorted.first ? undefined : key),
      }}
    >
      <Button type="text">
        {chosen && sorted.value ? t("ui.sorted_by", { by: chosen.label }) : t("ui.sort")}
      </Button>
    </Dropdown>
  )
}
