import { LeftOutlined } from "@ant-design/icons"
import { Link, useParams } from "@tanstack/react-router"
import { Button } from "antd"
import { useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { closeStocktake, readStocktake } from "../../../../modules/accounts/stocktake/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { DataTable } from "../../../../ui/data-table.tsx"
import { formatNumber, MISSING } from "../../../../ui/format.ts"
import { DetailLayout, Facts, Page as Sheet } from "../../../../ui/page.tsx"
import { Empty, Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useJoin, useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"
import { CountLine } from "./count-line.tsx"

export type Stocktake = CallAnswer<typeof readStocktake>
export type StocktakeLine = Stocktake["lines"][number]
const REFRESH_MS = 10_000

export function Page() {
  const { t } = useTranslation()
  const { id } = useParams({ strict: false }) as { id: string }
  const { can } = useSession()
  const query = useRead(
    readStocktake,
    { params: { id } },
    // Several people count side by side.
    { every_ms: (answer) => (answer?.state === "open" ? REFRESH_MS : false) },
  )
  const close = useChange(closeStocktake, ["accounts"])
  const [closing, setClosing] = useState(false)
  return (
    <Ready query={query}>
      {(take) => (
        <Sheet
          title={take.name}
          back={
            <Link to="/accounts/stocktakes" className="small">
              <LeftOutlined /> {t("stocktakes.title")}
            </Link>
          }
          actions={
            take.state === "open" && can("accounts.write") ? (
              <Button type="primary" onClick={() => setClosing(true)}>
                {t("stocktakes.close")}
              </Button>
            ) : (
              <Link to="/accounts/findings" search={{ stocktake: id }}>
                <Button>{t("findings.title")}</Button>
              </Link>
            )
          }
        >
          <DetailLayout sideLabel={t("stocktakes.name")} side={<Tally take={take} />}>
            <Lines take={take} />
          </DetailLayout>
          <ConfirmConsequence
            open={closing}
            title={t("stocktakes.close_title", { missing: take.missing, findings: take.findings })}
            verb={t("stocktakes.close")}
            danger={take.missing > 0}
            onClose={() => setClosing(false)}
            onConfirm={async () => {
              const { coverage } = await close.mutateAsync({ params: { id } })
              toast(t("stocktakes.closed_now", { coverage }))
            }}
          />
        </Sheet>
      )}
    </Ready>
  )
}

function Tally({ take }: { take: Stocktake }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const accounts = (n: number) => t("stocktakes.n_accounts", { n: formatNumber(n) })
  return (
    <Facts
      items={[
        [t("stocktakes.state"), word("stocktake_state", take.state)],
        [t("stocktakes.coverage"), `${take.coverage}%`],
        [t("stocktakes.expected"), accounts(take.expected)],
        [t("stocktakes.counted"), accounts(take.counted)],
        // While it is open nothing is missing yet.
        [t(take.state === "open" ? "stocktakes.left" : "stocktakes.missing"), accounts(take.missing)],
        [t("stocktakes.findings"), t("stocktakes.n_places", { n: formatNumber(take.findings) })],
        [t("stocktakes.due"), take.due_on],
      ]}
    />
  )
}

function Lines({ take }: { take: Stocktake }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const [counting, setCounting] = useState<StocktakeLine | null>(null)
  return (
    <>
      <DataTable
        name="stocktake-lines"
        label={t("stocktakes.lines")}
        rows={take.lines}
        rowKey={(r) => r.account_id}
        total={take.lines.length}
        empty={<Empty title={t("stocktakes.lines")} />}
        columns={[
          {
            key: "account",
            title: t("stocktakes.account"),
            fixed: true,
            render: (r) => (
              <Link to="/accounts/$id" params={{ id: r.account_id }} search={{}} className="name">
                {r.account_name}
              </Link>
            ),
          },
          {
            key: "result",
            title: t("stocktakes.result"),
            render: (r) => <Result line={r} open={take.state === "open"} />,
          },
          {
            key: "expected",
            title: t("stocktakes.expected_custodian"),
            render: (r) => r.expected_custodian_name ?? t("stocktakes.nobody"),
          },
          {
            key: "found",
            title: t("stocktakes.found_custodian"),
            render: (r) => (r.counted_at ? (r.custodian_name ?? t("stocktakes.nobody")) : MISSING),
          },
          {
            key: "friends",
            title: t("stocktakes.expected_friends"),
            numeric: true,
            render: (r) => formatNumber(r.expected_friends),
          },
          {
            key: "found_friends",
            title: t("stocktakes.friends"),
            numeric: true,
            render: (r) => (r.friends === null ? MISSING : formatNumber(r.friends)),
          },
          {
            key: "tagged",
            title: t("stocktakes.tagged"),
            numeric: true,
            folded: true,
            render: (r) => formatNumber(r.expected_tagged),
          },
          {
            key: "backup",
            title: t("stocktakes.backup"),
            folded: true,
            render: (r) => r.backup_on ?? r.expected_backup_on ?? MISSING,
          },
          { key: "by", title: t("stocktakes.counted_by"), render: (r) => r.counted_by_name ?? MISSING },
          {
            key: "do",
            title: "",
            fixed: true,
            render: (r) => {
              if (take.state === "closed" || !can("accounts.count")) return null
              return r.own ? (
                <span className="secondary small">{t("stocktakes.own")}</span>
              ) : (
                <Button
                  type="link"
                  size="small"
                  aria-label={t(r.counted_at ? "stocktakes.recount_title" : "stocktakes.count_title", {
                    name: r.account_name,
                  })}
                  onClick={() => setCounting(r)}
                >
                  {t(r.counted_at ? "stocktakes.recount" : "stocktakes.count")}
                </Button>
              )
            },
          },
        ]}
      />
      <CountLine stocktake_id={take.id} line={counting} onClose={() => setCounting(null)} />
    </>
  )
}

function Result({ line, open }: { line: StocktakeLine; open: boolean }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const join = useJoin()
  const mark = line.self_checked ? <Badge tone="warn">{t("accounts.self_checked")}</Badge> : null
  if (!line.counted_at)
    return (
      <Badge tone={open ? "plain" : "bad"}>
        {t(open ? "stocktakes.to_count" : "stocktakes.was_missing")}
      </Badge>
    )
  if (line.differences.length === 0)
    return (
      <span className="row">
        <Badge tone="good">{t("stocktakes.same")}</Badge>
        {mark}
      </span>
    )
  return (
    <span className="row">
      <Badge tone="warn">{join(line.differences.map((one) => word("finding_kind", one)))}</Badge>
      {mark}
    </span>
  )
}
