import type { ReactNode } from "react"
import { accountHistory } from "../../../../modules/accounts/life/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { PlainTable } from "../../../../ui/chart.tsx"
import { MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Section } from "../../../../ui/page.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useCodeWord } from "../../lib/words.ts"

/** The states an account went through, in whose hands it was, and how it came back. */
export function Flow(props: { id: string }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const query = useRead(accountHistory, { params: { id: props.id } })
  const mark = (self: boolean) => (self ? <Badge tone="warn">{t("accounts.self_checked")}</Badge> : null)
  return (
    <Ready query={query}>
      {({ moves, custody, returns }) => (
        <div className="stack">
          <Part title={t("accounts.custody")} none={custody.length === 0}>
            <PlainTable
              label={t("accounts.custody")}
              words={[1, 2, 3, 4, 5]}
              head={[
                t("accounts.custodian"),
                t("accounts.when"),
                t("accounts.until"),
                t("accounts.handed_by"),
                t("accounts.signed_at"),
                t("accounts.note"),
              ]}
              rows={custody.map((c) => [
                c.staff_name ?? MISSING,
                <Time key="s" at={c.since} />,
                c.until ? <Time key="u" at={c.until} /> : t("accounts.now"),
                <span key="h" className="row">
                  {c.handed_by_name ?? t("accounts.by_directory")}
                  {mark(c.self_checked)}
                </span>,
                <Time key="g" at={c.signed_at} />,
                c.note || MISSING,
              ])}
            />
          </Part>
          <Part title={t("accounts.moves")} none={moves.length === 0}>
            <PlainTable
              label={t("accounts.moves")}
              words={[1, 2, 3]}
              head={[t("accounts.change"), t("accounts.when"), t("accounts.by"), t("accounts.note")]}
              rows={moves.map((m) => [
                m.from_state
                  ? t("accounts.from_to", {
                      from: word("account_state", m.from_state),
                      to: word("account_state", m.to_state),
                    })
                  : word("account_state", m.to_state),
                <Time key="t" at={m.at} />,
                m.by_name ?? MISSING,
                m.note || MISSING,
              ])}
            />
          </Part>
          {returns.length > 0 ? (
            <Part title={t("accounts.returns")} none={false}>
              <PlainTable
                label={t("accounts.returns")}
                words={[1, 2, 3, 4]}
                head={[
                  t("accounts.custodian"),
                  t("accounts.when"),
                  t("accounts.reason"),
                  t("accounts.checked_by"),
                  t("accounts.state"),
                ]}
                rows={returns.map((r) => [
                  r.custodian_name ?? MISSING,
                  <Time key="t" at={r.begun_at} />,
                  r.reason || MISSING,
                  <span key="c" className="row">
                    {r.checked_by_name ?? MISSING}
                    {mark(r.self_checked)}
                  </span>,
                  r.to_state ? word("account_state", r.to_state) : t("accounts.in_return"),
                ])}
              />
            </Part>
          ) : null}
        </div>
      )}
    </Ready>
  )
}

function Part(props: { title: string; none: boolean; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <Section title={props.title}>
      {props.none ? <p className="secondary">{t("accounts.no_history")}</p> : props.children}
    </Section>
  )
}
