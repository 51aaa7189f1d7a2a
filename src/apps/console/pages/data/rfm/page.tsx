import { Link } from "@tanstack/react-router"
import { Button, Select } from "antd"
import { readRfm } from "../../../../../modules/orders/rfm/contract.ts"
import { Page as Sheet } from "../../../../../ui/page.tsx"
import { AsOf } from "../../../../../ui/stat.tsx"
import { Empty, Ready } from "../../../../../ui/states.tsx"
import { useTranslation } from "../../../../../ui/words/use.ts"
import { useRead } from "../../../lib/client.ts"
import { useAddress } from "../../../lib/search.ts"
import { useSession } from "../../../lib/session.tsx"
import { Cube } from "./cube.tsx"
import { Cuts } from "./cuts.tsx"
import type { Rfm } from "./rules.ts"
import { Segments } from "./segments.tsx"

const REFRESH_MS = 60_000
const WAITING_MS = 5_000

/** Whom to look after first: who bought lately, often and much, and where that moved between two days. */
export function Page() {
  const { t } = useTranslation()
  const [address] = useAddress()
  const { day, against } = address
  const query = useRead(
    readRfm,
    { query: { ...(day ? { day } : {}), ...(against ? { against } : {}) } },
    {
      keep: true,
      every_ms: (rfm) => (rfm?.anybody && !rfm.now.cuts ? WAITING_MS : REFRESH_MS),
    },
  )
  return (
    <Sheet title={t("rfm.title")} purpose={t("rfm.purpose")} actions={<Days days={query.data?.days ?? []} />}>
      <Ready query={query}>{(rfm) => <Shown rfm={rfm} />}</Ready>
    </Sheet>
  )
}

function Days(props: { days: string[] }) {
  const { t } = useTranslation()
  const [address, change] = useAddress()
  const options = props.days.map((value) => ({ value, label: value }))
  const one = (key: "day" | "against", label: string, none: string) => (
    <Select
      aria-label={label}
      value={address[key] ?? ""}
      options={[{ value: "", label: none }, ...options]}
      popupMatchSelectWidth={false}
      showSearch
      onChange={(value) => change({ [key]: value || undefined }, { replace: true })}
    />
  )
  if (props.days.length === 0) return null
  return (
    <div className="row">
      {one("day", t("rfm.which_day"), t("rfm.this_moment"))}
      {one("against", t("rfm.compare_with"), t("rfm.no_comparison"))}
    </div>
  )
}

function Shown(props: { rfm: Rfm }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const { rfm } = props
  if (!rfm.anybody)
    return (
      <Empty
        title={t("rfm.no_orders")}
        action={
          can("imports.write") ? (
            <Link to="/imports/new" search={{ kind: "orders" }}>
              <Button type="primary">{t("rfm.import_orders")}</Button>
            </Link>
          ) : null
        }
      >
        {t("rfm.no_orders_text")}
      </Empty>
    )
  if (!rfm.now.cuts) return <Empty title={t("rfm.not_scored")}>{t("rfm.not_scored_text")}</Empty>
  return (
    <div className="stack">
      <p className="secondary small">
        {rfm.day ? t("rfm.shown_day", { day: rfm.day }) : <AsOf at={rfm.as_of} />}
        {rfm.against ? ` · ${t("rfm.compared_with", { day: rfm.against.day })}` : null}
      </p>
      <Cube rfm={rfm} />
      <Segments rfm={rfm} />
      <Cuts rfm={rfm} />
    </div>
  )
}
