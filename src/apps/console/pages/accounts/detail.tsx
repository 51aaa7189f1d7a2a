import { LeftOutlined } from "@ant-design/icons"
import { Link, useParams } from "@tanstack/react-router"
import { Button, Tabs } from "antd"
import { useState } from "react"
import { readAccount } from "../../../../modules/accounts/contract.ts"
import { revealAccountPhone } from "../../../../modules/accounts/life/contract.ts"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { formatNumber, formatShare, MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { DetailLayout, Facts, Page as Sheet } from "../../../../ui/page.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useAddress } from "../../lib/search.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"
import { Acts } from "./acts.tsx"
import { FindingsTable } from "./findings-table.tsx"
import { useFunctionsOf } from "./functions.tsx"
import { NoteItem } from "./note.tsx"
import { Custodian, type AccountDetail as Detail, HazardBadge, StateBadge } from "./state.tsx"
import { Files } from "./tab-files.tsx"
import { Flow } from "./tab-flow.tsx"
import { Incidents } from "./tab-incidents.tsx"
import { Nurture } from "./tab-nurture.tsx"
import { Persona } from "./tab-persona.tsx"

export function Page() {
  const { t } = useTranslation()
  const { can } = useSession()
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useRead(readAccount, { params: { id } })
  const [address, change] = useAddress()
  return (
    <Ready query={query}>
      {(account) => (
        <Sheet
          title={account.name}
          back={
            <Link to="/accounts" className="small">
              <LeftOutlined /> {t("accounts.title")}
            </Link>
          }
          actions={
            <>
              {can("tags.read") ? (
                <Link to="/accounts/$id/takeover" params={{ id: account.id }} search={{}}>
                  <Button>{t("takeover.link")}</Button>
                </Link>
              ) : null}
              <Acts account={account} />
            </>
          }
        >
          <DetailLayout sideLabel={t("accounts.summary")} side={<Side account={account} />}>
            <Tabs
              activeKey={address.tab ?? "flow"}
              onChange={(tab) => change({ tab }, { replace: true })}
              destroyOnHidden
              items={[
                { key: "flow", label: t("accounts.tab_flow"), children: <Flow id={id} /> },
                { key: "files", label: t("accounts.tab_files"), children: <Files account={account} /> },
                { key: "nurture", label: t("accounts.tab_nurture"), children: <Nurture account={account} /> },
                { key: "incidents", label: t("accounts.tab_incidents"), children: <Incidents id={id} /> },
                { key: "persona", label: t("accounts.tab_persona"), children: <Persona id={id} /> },
                {
                  key: "findings",
                  label: t("accounts.tab_findings"),
                  children: <FindingsTable name="account-findings" query={{ account_id: id }} />,
                },
              ]}
            />
          </DetailLayout>
        </Sheet>
      )}
    </Ready>
  )
}

function Side({ account }: { account: Detail }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const functionsOf = useFunctionsOf()
  const used = (n: number | null, quota: number) => (
    <span className="num">
      {t("accounts.used_of", { used: n === null ? MISSING : formatNumber(n), quota: formatNumber(quota) })}
    </span>
  )
  const { registration: facts } = account
  return (
    <div className="stack">
      <Facts
        items={[
          [t("accounts.state"), <StateBadge key="s" account={account} />],
          [t("accounts.since"), <Time key="t" at={account.state_since} />],
          [t("accounts.function"), functionsOf(account)],
          [t("accounts.custodian"), <Custodian key="c" account={account} />],
          [t("accounts.hazard"), <HazardBadge key="h" hazard={account.hazard} />],
          [t("accounts.nurture"), account.nurture_level],
          [
            t("accounts.agreement"),
            account.agreement ? (
              t("accounts.agreement_signed", { day: account.agreement.signed_on ?? MISSING })
            ) : (
              <span key="a" className="warn">
                {t("accounts.agreement_none")}
              </span>
            ),
          ],
          [t("accounts.contacts"), formatNumber(account.contacts)],
          [t("accounts.today_friends"), used(account.used.friends, account.quotas.friends)],
          [t("accounts.today_private"), used(account.used.private_messages, account.quotas.private_messages)],
          [
            t("accounts.mix"),
            <span key="mix" className={account.mix.over ? "warn" : "num"}>
              {account.mix.messages === 0
                ? MISSING
                : t(account.mix.over ? "accounts.mix_over" : "accounts.mix_of", {
                    share: formatShare(account.mix.selling, account.mix.messages),
                    n: formatNumber(account.mix.messages),
                    max: formatShare(account.mix.selling_percent, 100),
                  })}
            </span>,
          ],
          [t("accounts.tended"), account.tended_by_name ?? MISSING],
          [t("accounts.channel_ref"), account.channel_ref ?? t("accounts.not_registered")],
          [t("accounts.origin"), word("account_origin", account.origin)],
          [t("accounts.created"), <Time key="m" at={account.created_at} />],
          ...(facts
            ? ([
                [t("accounts.holder"), facts.holder_name || MISSING],
                [t("accounts.phone"), <Phone key="p" id={account.id} masked={facts.phone_masked} />],
                [t("accounts.sim_owner"), facts.sim_owner || MISSING],
                [t("accounts.device"), facts.device || MISSING],
              ] as [string, React.ReactNode][])
            : []),
        ]}
      />
    </div>
  )
}

/** Masked, and seen whole only with a reason, which is kept. */
function Phone(props: { id: string; masked: string | null }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const [asking, setAsking] = useState(false)
  const reveal = useChange(revealAccountPhone)
  if (!props.masked) return <>{MISSING}</>
  return (
    <span className="row">
      <span className="num">{props.masked}</span>
      {can("accounts.reveal") ? (
        <Button type="link" size="small" onClick={() => setAsking(true)}>
          {t("accounts.reveal")}
        </Button>
      ) : null}
      <FormDrawer<{ reason: string }>
        open={asking}
        title={t("accounts.reveal_title")}
        verb={t("accounts.reveal")}
        onClose={() => setAsking(false)}
        onSubmit={async (body) => {
          const { phone } = await reveal.mutateAsync({ params: { id: props.id }, body })
          setAsking(false)
          toast(phone ? t("accounts.revealed", { phone }) : t("accounts.no_phone"))
        }}
      >
        <NoteItem name="reason" label={t("accounts.reason")} required />
      </FormDrawer>
    </span>
  )
}
