import { Link } from "@tanstack/react-router"
import { Button, Input, Segmented } from "antd"
import { useId, useState } from "react"
import type { CallAnswer } from "../../../../../kernel/client.ts"
import { decideStepDownEndpoint, listStepDowns } from "../../../../../modules/classes/ladder/contract.ts"
import { STAGE_WORDS } from "../../../../../modules/classes/shared.ts"
import { ConfirmConsequence } from "../../../../../ui/confirm.tsx"
import { DataTable } from "../../../../../ui/data-table.tsx"
import { formatNumber, MISSING } from "../../../../../ui/format.ts"
import { Time } from "../../../../../ui/now.tsx"
import { Section } from "../../../../../ui/page.tsx"
import { Empty } from "../../../../../ui/states.tsx"
import { toast } from "../../../../../ui/toast.tsx"
import { Why } from "../../../../../ui/why.tsx"
import { useTranslation } from "../../../../../ui/words/use.ts"
import { useChange, useRead } from "../../../lib/client.ts"
import { useList } from "../../../lib/search.ts"
import { useSession } from "../../../lib/session.tsx"
import { useSay } from "../../../lib/words.ts"
import { WhyFacts } from "../../customers/values.tsx"

type StepDown = CallAnswer<typeof listStepDowns>["rows"][number]
const STATES = ["open", "accepted", "declined", "lapsed"] as const

/** Questions that refunds raised: the system never moves anybody down, somebody says yes or no. */
export function StepDowns(props: { open: number }) {
  const { t } = useTranslation()
  const say = useSay()
  const { can } = useSession()
  const list = useList(["state"])
  const state = STATES.find((one) => one === list.filters.state) ?? "open"
  const query = useRead(listStepDowns, { query: { state, cursor: list.cursor } }, { keep: true })
  const [deciding, setDeciding] = useState<{ one: StepDown; accept: boolean } | null>(null)
  const settled = state !== "open"
  return (
    <Section
      title={t("ladder.step_downs")}
      extra={
        <Segmented
          size="small"
          aria-label={t("ladder.state")}
          value={state}
          options={STATES.map((value) => ({
            value,
            label:
              value === "open" && props.open > 0
                ? `${t("ladder.is_open")} ${formatNumber(props.open)}`
                : t(`ladder.is_${value}`),
          }))}
          onChange={(value) => list.setFilters({ state: value === "open" ? undefined : value })}
        />
      }
    >
      <p className="secondary small">{t("ladder.step_downs_text")}</p>
      <DataTable
        name="step-downs"
        label={t("ladder.step_downs")}
        rows={query.data?.rows}
        rowKey={(row) => row.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        refreshing={query.isPlaceholderData}
        paging={list.paging(query.data?.next_cursor)}
        empty={<Empty title={t("ladder.none")}>{t("ladder.none_text")}</Empty>}
        columns={[
          {
            key: "customer",
            title: t("ladder.customer"),
            fixed: true,
            render: (row) => (
              <Link to="/customers/$id" params={{ id: row.customer_id }} search={{}} className="name">
                {row.customer_name || MISSING}
              </Link>
            ),
          },
          {
            key: "step",
            title: t("ladder.step"),
            render: (row) => `${say(STAGE_WORDS[row.from_stage])} → ${say(STAGE_WORDS[row.to_stage])}`,
          },
          {
            key: "why",
            title: t("ladder.why"),
            render: (row) => (
              <Why of={`${t("ladder.why")} · ${row.customer_name}`}>
                <WhyFacts why={row.why} />
              </Why>
            ),
          },
          { key: "proposed", title: t("ladder.proposed"), render: (row) => <Time at={row.proposed_at} /> },
          settled
            ? {
                key: "decided",
                title: t("ladder.decided"),
                render: (row) => (
                  <span>
                    {row.decided_by_name ?? MISSING} {row.reason}
                  </span>
                ),
              }
            : {
                key: "decide",
                title: t("ladder.decide"),
                render: (row) =>
                  can("customers.write") ? (
                    <span className="row">
                      <Button
                        size="small"
                        aria-label={`${t("ladder.accept")}: ${row.customer_name}`}
                        onClick={() => setDeciding({ one: row, accept: true })}
                      >
                        {t("ladder.accept")}
                      </Button>
                      <Button
                        size="small"
                        aria-label={`${t("ladder.decline")}: ${row.customer_name}`}
                        onClick={() => setDeciding({ one: row, accept: false })}
                      >
                        {t("ladder.decline")}
                      </Button>
                    </span>
                  ) : (
                    MISSING
                  ),
              },
        ]}
      />
      <Decide deciding={deciding} onClose={() => setDeciding(null)} />
    </Section>
  )
}

function Decide(props: { deciding: { one: StepDown; accept: boolean } | null; onClose: () => void }) {
  const { t } = useTranslation()
  const say = useSay()
  const decide = useChange(decideStepDownEndpoint, ["classes", "customers", "plans"])
  const [reason, setReason] = useState("")
  const reasonId = useId()
  const { deciding } = props
  const accept = deciding?.accept ?? true
  const said = {
    name: deciding?.one.customer_name || MISSING,
    from: deciding ? say(STAGE_WORDS[deciding.one.from_stage]) : "",
    to: deciding ? say(STAGE_WORDS[deciding.one.to_stage]) : "",
  }
  return (
    <ConfirmConsequence
      open={deciding !== null}
      title={t(accept ? "ladder.accept_title" : "ladder.decline_title", said)}
      verb={t(accept ? "ladder.accept" : "ladder.decline")}
      onClose={() => {
        setReason("")
        props.onClose()
      }}
      onConfirm={async () => {
        if (!deciding) return
        await decide.mutateAsync({ params: { id: deciding.one.id }, body: { accept, reason } })
        toast(t("ladder.decided_toast"))
      }}
    >
      <div className="field">
        <label htmlFor={reasonId}>{t("ladder.reason")}</label>
        <Input
          id={reasonId}
          value={reason}
          maxLength={300}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
    </ConfirmConsequence>
  )
}
