import { Link } from "@tanstack/react-router"
import { PlainTable } from "../../../../ui/chart.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { useTranslation } from "../../../../ui/words/use.ts"

type Day = { day: string; people: number; accounts: { account_id: string; people: number }[] }

/** How many each account adds on each day; of a diversion that stands, each day leads to its list. */
export function Days(props: { days: Day[]; accounts: { id: string; name: string }[]; of?: string }) {
  const { t } = useTranslation()
  const { days, accounts, of } = props
  const used = accounts.filter((a) => days.some((day) => day.accounts.some((one) => one.account_id === a.id)))
  return (
    <PlainTable
      label={t("diversions.days")}
      head={[t("diversions.day"), t("diversions.people"), ...used.map((a) => a.name)]}
      rows={days.map((day) => [
        of ? (
          <Link key="day" to="/diversions/$id" params={{ id: of }} search={{ day: day.day }}>
            {day.day}
          </Link>
        ) : (
          day.day
        ),
        formatNumber(day.people),
        ...used.map((a) => formatNumber(day.accounts.find((one) => one.account_id === a.id)?.people ?? 0)),
      ])}
    />
  )
}
