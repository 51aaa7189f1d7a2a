import { Link } from "@tanstack/react-router"
import { Button } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { listMerges, undoMergeOf } from "../../../../modules/customers/merge/contract.ts"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useJoin, useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"

type Merged = CallAnswer<typeof listMerges>["rows"][number]
const SHOWN = 20

/** The merges of the last day, to be undone; where there were none, nothing. */
export function MergedLately() {
  const { t } = useTranslation()
  const query = useRead(listMerges, { query: { limit: SHOWN } })
  const [undoing, setUndoing] = useState<Merged | null>(null)
  if (!query.data || query.data.rows.length === 0) return null
  return (
    <section className="stack-s" aria-label={t("duplicates.lately")}>
      <h2>{t("duplicates.lately")}</h2>
      <p className="secondary">
        {t("duplicates.lately_text")}
        {query.data.next_cursor ? t("duplicates.lately_more", { n: SHOWN }) : null}
      </p>
      <DataTable
        name="merged-lately"
        label={t("duplicates.lately")}
        rows={query.data.rows}
        rowKey={(r) => r.from_id}
        empty={null}
        columns={[
          {
            key: "gone",
            title: t("duplicates.gone"),
            fixed: true,
            render: (r) => <Gone merge={r} />,
          },
          {
            key: "kept",
            title: t("duplicates.kept"),
            fixed: true,
            render: (r) => (
              <Link to="/customers/$id" params={{ id: r.customer_id }} search={{}} className="name">
                {r.customer_name || MISSING}
              </Link>
            ),
          },
          { key: "at", title: t("duplicates.merged_at"), render: (r) => <Time at={r.merged_at} /> },
          { key: "by", title: t("duplicates.merged_by"), render: (r) => <By merge={r} /> },
          { key: "until", title: t("duplicates.until"), render: (r) => <Time at={r.until} /> },
          {
            key: "undo",
            title: t("duplicates.decide"),
            fixed: true,
            render: (r) => <Undo merge={r} onAsk={setUndoing} />,
          },
        ]}
      />
      {undoing ? <Asked merge={undoing} onClose={() => setUndoing(null)} /> : null}
    </section>
  )
}

/** Whom this customer took in during the last day, beside their profile. */
export function TookIn(props: { id: string }) {
  const { can } = useSession()
  return can("customers.merge") ? <TakenIn id={props.id} /> : null
}

function TakenIn(props: { id: string }) {
  const { t } = useTranslation()
  const query = useRead(listMerges, { query: { customer_id: props.id, limit: SHOWN } })
  const [undoing, setUndoing] = useState<Merged | null>(null)
  if (!query.data || query.data.rows.length === 0) return null
  return (
    <section aria-label={t("duplicates.took_in")} className="stack-s">
      <h2>{t("duplicates.took_in")}</h2>
      <ul className="stack-s">
        {query.data.rows.map((merge) => (
          <li key={merge.from_id}>
            <div className="row">
              <Gone merge={merge} />
              <Undo merge={merge} onAsk={setUndoing} />
            </div>
            <div className="secondary small">
              <Time at={merge.merged_at} /> · <By merge={merge} />
            </div>
          </li>
        ))}
      </ul>
      {undoing ? <Asked merge={undoing} onClose={() => setUndoing(null)} /> : null}
    </section>
  )
}

/** Somebody without a name is told by where they are known. */
function Gone(props: { merge: Merged }) {
  const word = useCodeWord()
  const join = useJoin()
  const { from_name, from_known_by } = props.merge
  return (
    <div>
      {from_name ? <span className="name">{from_name}</span> : null}
      <div className={from_name ? "secondary small" : undefined}>
        {from_known_by.length > 0 ? join(from_known_by.map((kind) => word("known_by", kind))) : MISSING}
      </div>
    </div>
  )
}

function By(props: { merge: Merged }) {
  const { t } = useTranslation()
  const { merged_by } = props.merge
  return merged_by === null ? (
    t("duplicates.by_platform")
  ) : (
    <span className="name">{merged_by || MISSING}</span>
  )
}

function Undo(props: { merge: Merged; onAsk: (merge: Merged) => void }) {
  const { t } = useTranslation()
  const { merge } = props
  if (merge.stopped_by) return <span className="secondary small">{t("duplicates.merged_since")}</span>
  return (
    <Button size="small" onClick={() => props.onAsk(merge)}>
      {t("duplicates.undo")}
    </Button>
  )
}

function Asked(props: { merge: Merged; onClose: () => void }) {
  const { t } = useTranslation()
  const undo = useChange(undoMergeOf, ["customers"])
  const { merge } = props
  const word = useCodeWord()
  const known = merge.from_known_by.map((kind) => word("known_by", kind))[0]
  const names = { gone: merge.from_name || known || MISSING, kept: merge.customer_name || MISSING }
  return (
    <ConfirmConsequence
      open
      title={t("duplicates.undo_title", names)}
      verb={t("duplicates.undo")}
      onClose={props.onClose}
      onConfirm={async () => {
        await undo.mutateAsync({ params: { id: merge.from_id }, body: {} })
        toast(t("duplicates.undone", names))
      }}
    >
      <p>{t("duplicates.undo_text", names)}</p>
    </ConfirmConsequence>
  )
}
