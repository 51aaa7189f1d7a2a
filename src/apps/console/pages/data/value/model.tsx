import { Chart } from "../../../../../ui/chart.tsx"
import { formatNumber, formatShare } from "../../../../../ui/format.ts"
import { Time } from "../../../../../ui/now.tsx"
import { Facts, Section } from "../../../../../ui/page.tsx"
import { useTranslation } from "../../../../../ui/words/use.ts"
import { pairsOption } from "../options.ts"
import type { Value } from "./page.tsx"

type Fit = NonNullable<Value["fit"]>
const rounded = (n: number, digits: number) => n.toFixed(digits)

/** How the estimate is made and how well it did: in plain words first, the parameters behind them. */
export function ModelSection(props: { value: Value }) {
  const { t } = useTranslation()
  const { fit } = props.value
  if (!fit)
    return (
      <Section title={t("value.model")}>
        <p>{t("value.first_night")}</p>
      </Section>
    )
  return (
    <Section
      title={t("value.model")}
      extra={
        <span className="secondary small">
          {t("rfm.computed_at")} <Time at={fit.fitted_at} />
        </span>
      }
    >
      {fit.state === "too_little" ? <TooLittle fit={fit} /> : <Fitted fit={fit} />}
    </Section>
  )
}

function TooLittle(props: { fit: Fit }) {
  const { t } = useTranslation()
  const { fit } = props
  const line = (label: string, has: number, needed: number): [string, string] => [
    label,
    t("value.has_of", { has: formatNumber(has), needed: formatNumber(needed) }),
  ]
  return (
    <div className="stack-s">
      <p>{t("value.too_little")}</p>
      <Facts
        items={[
          line(t("value.need_buyers"), fit.buyers, fit.needed.buyers),
          line(t("value.need_repeaters"), fit.repeaters, fit.needed.repeaters),
          line(t("value.need_days"), fit.span_days, fit.needed.span_days),
        ]}
      />
    </div>
  )
}

function Fitted(props: { fit: Fit }) {
  const { t } = useTranslation()
  const { fit } = props
  return (
    <div className="stack">
      <p>{t("value.how", { n: formatNumber(fit.sample), of: formatNumber(fit.of) })}</p>
      <Calibration fit={fit} />
      <details>
        <summary className="secondary small">{t("value.parameters")}</summary>
        <ul className="secondary small stack-s">
          {fit.purchases ? (
            <li>
              {t("value.bg_nbd", {
                r: rounded(fit.purchases.r, 4),
                alpha: rounded(fit.purchases.alpha, 4),
                a: rounded(fit.purchases.a, 4),
                b: rounded(fit.purchases.b, 4),
                ll: rounded(fit.log_likelihood ?? 0, 2),
              })}
            </li>
          ) : null}
          <li>
            {fit.spend
              ? t("value.gamma_gamma", {
                  p: rounded(fit.spend.p, 2),
                  q: rounded(fit.spend.q, 2),
                  v: rounded(fit.spend.v, 2),
                })
              : t("value.no_gamma_gamma")}
          </li>
          {fit.correlation === null ? null : (
            <li>{t("value.correlation", { n: rounded(fit.correlation, 2) })}</li>
          )}
        </ul>
      </details>
    </div>
  )
}

function Calibration(props: { fit: Fit }) {
  const { t } = useTranslation()
  const { calibration } = props.fit
  if (!calibration) return <p className="secondary">{t("value.no_calibration")}</p>
  const { groups, cutoff_day, days } = calibration
  const [predicted, actual] = [
    groups.reduce((sum, g) => sum + g.predicted, 0),
    groups.reduce((sum, g) => sum + g.actual, 0),
  ]
  const nameOf = (g: (typeof groups)[number]) =>
    t(g.or_more ? "value.repeats_or_more" : "value.repeats", { n: g.repeats })
  const each = (sum: number, of: number) => Math.round((sum / of) * 100) / 100
  return (
    <Chart
      label={t("value.calibration")}
      sentence={t("value.calibration_sentence", {
        day: cutoff_day,
        days: formatNumber(days),
        predicted: formatNumber(Math.round(predicted)),
        actual: formatNumber(actual),
        off: formatShare(Math.abs(predicted - actual), actual),
      })}
      option={pairsOption(
        groups.map(nameOf),
        { name: t("value.foretold"), values: groups.map((g) => each(g.predicted, g.customers)) },
        { name: t("value.came"), values: groups.map((g) => each(g.actual, g.customers)) },
      )}
      table={{
        head: [t("value.had_bought"), t("value.customers"), t("value.foretold_each"), t("value.came_each")],
        rows: groups.map((g) => [
          nameOf(g),
          formatNumber(g.customers),
          rounded(g.predicted / g.customers, 2),
          rounded(g.actual / g.customers, 2),
        ]),
      }}
    />
  )
}
