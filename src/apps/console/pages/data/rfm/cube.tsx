import { Link } from "@tanstack/react-router"
import { Segmented } from "antd"
import { useState } from "react"
import { PlainTable } from "../../../../../ui/chart.tsx"
import { formatMoney, formatMoneyShort, formatNumber, formatShare } from "../../../../../ui/format.ts"
import { useLanguage } from "../../../../../ui/now.tsx"
import { Section } from "../../../../../ui/page.tsx"
import { useTranslation } from "../../../../../ui/words/use.ts"
import { ruleWord } from "../../../lib/rule-word.ts"
import { Change } from "./change.tsx"
import { cellRule, type Rfm, type RfmCell, shadeOf } from "./rules.ts"

type Measure = "customers" | "gmv_fen"
const SCORES = [1, 2, 3, 4, 5]
const keyOf = (cell: { r: number; f: number }) => `${cell.r}${cell.f}`

/** R by F: a table whose cells are tinted, so that it is read by ears and walked by keys as it is; and the same as a list. */
export function Cube(props: { rfm: Rfm }) {
  const { t } = useTranslation()
  const [measure, setMeasure] = useState<Measure>("customers")
  const [asTable, setAsTable] = useState(false)
  const { cells } = props.rfm.now
  const before = new Map(props.rfm.against?.cells.map((cell) => [keyOf(cell), cell]))
  return (
    <Section
      title={t("rfm.cube")}
      extra={
        <div className="row">
          <Segmented
            size="small"
            aria-label={t("rfm.measure")}
            value={measure}
            options={[
              { value: "customers", label: t("rfm.people") },
              { value: "gmv_fen", label: t("rfm.gmv") },
            ]}
            onChange={(value) => setMeasure(value as Measure)}
          />
          <Segmented
            size="small"
            aria-label={t("rfm.look")}
            value={asTable ? "table" : "picture"}
            options={[
              { value: "picture", label: t("ui.chart_picture") },
              { value: "table", label: t("ui.chart_table") },
            ]}
            onChange={(value) => setAsTable(value === "table")}
          />
        </div>
      }
    >
      <p className="secondary small">{t("rfm.cube_sentence")}</p>
      {asTable ? (
        <AsTable cells={cells} before={before} />
      ) : (
        <Heat cells={cells} before={before} measure={measure} />
      )}
    </Section>
  )
}

type Cells = { cells: RfmCell[]; before: ReadonlyMap<string, RfmCell> }

function Heat(props: Cells & { measure: Measure }) {
  const { t } = useTranslation()
  const { cells, measure } = props
  const most = Math.max(...cells.map((cell) => cell[measure]))
  const of = new Map(cells.map((cell) => [keyOf(cell), cell]))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className="plain-table-scroll" tabIndex={0}>
      <table className="heat" aria-label={t("rfm.cube")}>
        <thead>
          <tr>
            <td />
            {SCORES.map((f) => (
              <th key={f} scope="col">
                {t("data.f_score", { n: f })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...SCORES].reverse().map((r) => (
            <tr key={r}>
              <th scope="row">{t("data.r_score", { n: r })}</th>
              {SCORES.map((f) => {
                const cell = of.get(keyOf({ r, f })) ?? { r, f, customers: 0, gmv_fen: 0 }
                return (
                  <td key={f} className={`heat-${shadeOf(cell[measure], most)}`}>
                    <HeatCell cell={cell} before={props.before.get(keyOf(cell))} measure={measure} />
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function HeatCell(props: { cell: RfmCell; before: RfmCell | undefined; measure: Measure }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { cell, before, measure } = props
  const money = measure === "gmv_fen"
  const [first, second] = [formatNumber(cell.customers), formatMoneyShort(cell.gmv_fen, language)]
  return (
    <Link
      to="/segments/$id"
      params={{ id: "new" }}
      search={{ rule: ruleWord(cellRule(cell)), name: t("rfm.cell_name", { r: cell.r, f: cell.f }) }}
      title={formatMoney(cell.gmv_fen)}
      className="heat-cell"
    >
      <strong className="num">{money ? second : first}</strong>
      <span className="heat-second small num">{money ? t("rfm.n_people", { n: first }) : second}</span>
      <Change now={cell[measure]} before={before?.[measure]} money={money} />
    </Link>
  )
}

function AsTable(props: Cells) {
  const { t } = useTranslation()
  const all = props.cells.reduce((sum, cell) => sum + cell.customers, 0)
  const compared = props.before.size > 0
  return (
    <PlainTable
      label={t("rfm.cube")}
      head={[
        t("rfm.cell"),
        t("rfm.people"),
        t("rfm.share"),
        t("rfm.gmv"),
        ...(compared ? [t("rfm.people_change"), t("rfm.gmv_change")] : []),
      ]}
      rows={[...props.cells]
        .sort((a, b) => b.r - a.r || b.f - a.f)
        .map((cell) => {
          const before = props.before.get(keyOf(cell))
          return [
            <Link
              key="cell"
              to="/segments/$id"
              params={{ id: "new" }}
              search={{ rule: ruleWord(cellRule(cell)), name: t("rfm.cell_name", { r: cell.r, f: cell.f }) }}
            >
              {t("rfm.cell_name", { r: cell.r, f: cell.f })}
            </Link>,
            formatNumber(cell.customers),
            formatShare(cell.customers, all),
            formatMoney(cell.gmv_fen),
            ...(compared
              ? [
                  <Change key="p" now={cell.customers} before={before?.customers} />,
                  <Change key="m" now={cell.gmv_fen} before={before?.gmv_fen} money />,
                ]
              : []),
          ]
        })}
    />
  )
}
