import { Link, useLocation } from "@tanstack/react-router"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useSession } from "../../lib/session.tsx"

const WAYS = [
  ["/tags", "way_board", "tags.read"],
  ["/tags/rules", "way_rules", "tags.read"],
  ["/tags/bulks", "way_bulks", "tags.read"],
  ["/tags/quality", "way_quality", "tags.read"],
  ["/tags/inspections", "way_inspections", "tags.read"],
  ["/tags/sync", "way_sync", "tags.read"],
  ["/tags/conflicts", "way_conflicts", "tags.read"],
  ["/tags/versions", "way_versions", "tags.read"],
] as const

/** From any page of tags to the others. */
export function TagWays() {
  const { t } = useTranslation()
  const { can } = useSession()
  const { pathname } = useLocation()
  return (
    <nav className="ways" aria-label={t("taxonomy.ways")}>
      {WAYS.filter(([, , permission]) => can(permission)).map(([to, word]) =>
        to === pathname ? (
          <strong key={to} aria-current="page">
            {t(`taxonomy.${word}`)}
          </strong>
        ) : (
          <Link key={to} to={to} search={{}} activeOptions={{ exact: true }}>
            {t(`taxonomy.${word}`)}
          </Link>
        ),
      )}
    </nav>
  )
}
