import { Link, useLocation } from "@tanstack/react-router"
import { useTranslation } from "../../../../ui/words/use.ts"

const WAYS = [
  ["/tags", "way_board"],
  ["/tags/rules", "way_rules"],
  ["/tags/bulks", "way_bulks"],
  ["/tags/quality", "way_quality"],
  ["/tags/versions", "way_versions"],
] as const

/** From any page of tags to the others. */
export function TagWays() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  return (
    <nav className="row" aria-label={t("taxonomy.ways")}>
      {WAYS.map(([to, word]) =>
        to === pathname ? (
          <strong key={to} aria-current="page">
            {t(`taxonomy.${word}`)}
          </strong>
        ) : (
          <Link key={to} to={to} search={{}}>
            {t(`taxonomy.${word}`)}
          </Link>
        ),
      )}
    </nav>
  )
}
