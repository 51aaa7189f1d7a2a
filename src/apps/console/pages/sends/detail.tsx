import { LeftOutlined } from "@ant-design/icons"
import { Link, useParams } from "@tanstack/react-router"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { dryRunSend, oneSend } from "../../../../modules/sends/contract.ts"
import { formatNumber } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Facts, Section, Page as Sheet } from "../../../../ui/page.tsx"
import { Progress } from "../../../../ui/progress.tsx"
import { Failed, Loading, Ready } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useCodeWord } from "../../lib/words.ts"
import { Earned } from "../earned.tsx"
import { SendActions } from "./actions.tsx"
import { DryRunReport } from "./dry-run.tsx"
import { CustomerBlock, StaffBlock } from "./results.tsx"
import { SendStateBadge } from "./state.tsx"

export type One = CallAnswer<typeof oneSend>
const REFRESH_MS = 3_000

export function Page() {
  const { t } = useTranslation()
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useRead(oneSend, { params: { id } }, { every_ms: REFRESH_MS })
  const state = query.data?.send.state
  const begun = state !== "draft" && state !== "awaiting_approval"
  const run = useRead(dryRunSend, { params: { id } }, { enabled: state !== undefined && !begun })
  return (
    <Ready query={query}>
      {(one) => (
        <Sheet
          title={one.send.name}
          purpose={<SendStateBadge state={one.send.state} />}
          back={
            <Link to="/sends" className="small">
              <LeftOutlined /> {t("sends.back")}
            </Link>
          }
          actions={<SendActions one={one} people={run.data?.reached ?? null} />}
        >
          <div className="stack">
            {begun ? (
              <>
                <Sending one={one} />
                <div className="grid-2">
                  <StaffBlock one={one} />
                  <CustomerBlock one={one} />
                </div>
                <Earned earned={one.earned} />
              </>
            ) : null}
            <About one={one} />
            {begun ? null : run.data ? (
              <DryRunReport run={run.data} />
            ) : run.error ? (
              <Failed error={run.error} onRetry={() => void run.refetch()} />
            ) : (
              <Loading rows={4} />
            )}
          </div>
        </Sheet>
      )}
    </Ready>
  )
}

function Sending(props: { one: One }) {
  const { t } = useTranslation()
  const { planned, waiting } = props.one.customers
  if (planned === 0) return null
  const done = planned - waiting
  return (
    <Progress label={t("sends.progress")} done={done} all={planned}>
      {t("sends.progress_text", { done: formatNumber(done), all: formatNumber(planned) })}
    </Progress>
  )
}

function About(props: { one: One }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { send } = props.one
  return (
    <Section title={t("sends.facts")}>
      <Facts
        items={[
          [t("sends.send_at"), <Time key="at" at={send.send_at} />],
          [t("sends.nature"), t(`sends.${send.nature}`)],
          [
            t("sends.account"),
            send.account_function ? word("account_function", send.account_function) : t("sends.account_any"),
          ],
          ...(send.problem ? [[t("sends.problem"), send.problem] as [string, string]] : []),
          [
            t("sends.text_shown"),
            <span key="text" className="pre">
              {send.text}
            </span>,
          ],
        ]}
      />
    </Section>
  )
}
