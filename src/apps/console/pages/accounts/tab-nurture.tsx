import { Button } from "antd"
import { useState } from "react"
import { NURTURE_ITEMS, nurture, nurtureCalendar } from "../../../../modules/accounts/nurture/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { MISSING } from "../../../../ui/format.ts"
import { Empty, Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useJoin, useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"
import { NoteItem } from "./note.tsx"
import type { AccountDetail } from "./state.tsx"
import { Ticks } from "./ticks.tsx"

/** The last days with what was done on each, and what the level comes from. */
export function Nurture(props: { account: AccountDetail }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const join = useJoin()
  const { can } = useSession()
  const { account } = props
  const [ticking, setTicking] = useState(false)
  const query = useRead(nurtureCalendar, { params: { id: account.id } })
  const may = can("accounts.write") && (account.state === "nurturing" || account.state === "ready")
  return (
    <Ready query={query}>
      {(calendar) => (
        <div className="stack">
          <p>
            {t("accounts.level_now", {
              level: calendar.level,
              days: calendar.active_days,
              incidents: calendar.incidents_lately,
            })}
            <span className="secondary small block">{t("accounts.level_why")}</span>
          </p>
          <DataTable
            name="account-nurture"
            label={t("accounts.calendar")}
            rows={calendar.days}
            rowKey={(r) => r.day}
            actions={
              may ? (
                <Button type="primary" onClick={() => setTicking(true)}>
                  {t("accounts.tick")}
                </Button>
              ) : null
            }
            empty={<Empty title={t("accounts.no_nurture")}>{t("accounts.no_nurture_text")}</Empty>}
            columns={[
              { key: "day", title: t("accounts.day"), fixed: true, render: (r) => r.day },
              {
                key: "done",
                title: t("accounts.active_day"),
                render: (r) => (
                  <Badge tone={r.active ? "good" : "plain"}>
                    {t(r.active ? "accounts.active_day" : "accounts.not_active")}
                  </Badge>
                ),
              },
              {
                key: "items",
                title: t("accounts.items"),
                render: (r) => join(r.items.map((item) => word("nurture_item", item))) || MISSING,
              },
              { key: "notes", title: t("accounts.note"), render: (r) => join(r.notes) || MISSING },
            ]}
          />
          <Tick account={account} open={ticking} onClose={() => setTicking(false)} />
        </div>
      )}
    </Ready>
  )
}

type Values = { items?: Partial<Record<(typeof NURTURE_ITEMS)[number], boolean>>; note: string }

function Tick(props: { account: AccountDetail; open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const keep = useChange(nurture, ["accounts", "plans"])
  return (
    <FormDrawer<Values>
      open={props.open}
      title={t("accounts.tick_title", { name: props.account.name })}
      verb={t("accounts.tick")}
      onClose={props.onClose}
      onSubmit={async ({ items, note }) => {
        await keep.mutateAsync({
          params: { id: props.account.id },
          body: { items: NURTURE_ITEMS.filter((item) => items?.[item]), note },
        })
        props.onClose()
        toast(t("accounts.ticked"))
      }}
    >
      <Ticks
        name="items"
        label={t("accounts.items")}
        items={NURTURE_ITEMS}
        word={(item) => word("nurture_item", item)}
      />
      <NoteItem label={t("accounts.tick_note")} required />
    </FormDrawer>
  )
}
