import { Link } from "@tanstack/react-router"
import { Button } from "antd"
import {
  lookForUnowned,
  readUnowned,
  type UNOWNED_KINDS,
} from "../../../../modules/transfers/leaving/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Section } from "../../../../ui/page.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"

type Kind = (typeof UNOWNED_KINDS)[number]
const WHERE: Record<Kind, string> = {
  accounts: "/accounts",
  customers: "/customers",
  groups: "/groups",
  assignments: "/today",
  leavings_overdue: "/transfers",
}

/** Whether everything has an owner who is here, as it was found last night or just now. */
export function Unowned() {
  const { t } = useTranslation()
  const { can } = useSession()
  const query = useRead(readUnowned, {}, { enabled: can("transfers.read") })
  const look = useChange(lookForUnowned, ["unowned"])
  if (!query.data) return null
  const left = query.data.rows.filter((r) => r.n > 0)
  return (
    <Section
      title={t("transfers.unowned")}
      extra={
        <Button size="small" loading={look.isPending} onClick={() => look.mutate({ body: {} })}>
          {t("transfers.look_now")}
        </Button>
      }
    >
      <div className="row" aria-live="polite">
        {query.data.looked_at === null ? (
          <span className="secondary">{t("transfers.not_looked_yet")}</span>
        ) : left.length === 0 ? (
          <Badge tone="good">{t("transfers.all_owned")}</Badge>
        ) : (
          left.map((r) => (
            <Link key={r.kind} to={WHERE[r.kind]} search={{}}>
              <Badge tone="warn">
                {t(`transfers.unowned_${r.kind}`)} {formatNumber(r.n)}
              </Badge>
            </Link>
          ))
        )}
        {query.data.looked_at ? (
          <span className="secondary small">
            {t("transfers.looked_at")} <Time at={query.data.looked_at} />
          </span>
        ) : null}
      </div>
    </Section>
  )
}
