import { Link } from "@tanstack/react-router"
import { listLeavings } from "../../../../modules/transfers/leaving/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { Section } from "../../../../ui/page.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"

/** Who leaves and still holds something. */
export function Leavings() {
  const { t } = useTranslation()
  const query = useRead(listLeavings, {})
  const open = (query.data?.rows ?? []).filter((l) => l.closed_at === null)
  if (open.length === 0) return null
  return (
    <Section title={t("transfers.leavings")}>
      <ul className="stack-s">
        {open.map((l) => (
          <li key={l.staff_id} className="row">
            <Link to="/staff/$id/leaving" params={{ id: l.staff_id }} search={{}} className="name">
              {l.name}
            </Link>
            <Badge tone={l.overdue ? "bad" : "info"}>
              {t(l.overdue ? "transfers.overdue_since" : "transfers.due_until", { day: l.due_day })}
            </Badge>
            <span className="secondary small">
              {l.began_by_name === null
                ? t("transfers.told_by_channel")
                : t("transfers.begun_by", { name: l.began_by_name })}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
