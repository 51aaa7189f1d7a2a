import { LeftOutlined } from "@ant-design/icons"
import { Link, Navigate, useParams } from "@tanstack/react-router"
import { Button, Form, Input, Tabs } from "antd"
import { type ReactNode, useState } from "react"
import type { CallAnswer } from "../../../../kernel/client.ts"
import { readCustomer, revealPhone, setOptOut } from "../../../../modules/customers/contract.ts"
import { Badge } from "../../../../ui/badge.tsx"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { DetailLayout, Facts, Page as Sheet } from "../../../../ui/page.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useAddress } from "../../lib/search.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"
import { MergeAnother } from "./merge.tsx"
import { TookIn } from "./merged-lately.tsx"
import { Source } from "./source.tsx"
import { profileTabs } from "./tabs.tsx"
import { Known, Standing } from "./traits.tsx"
import { WornTags } from "./worn-tags.tsx"

type Profile = CallAnswer<typeof readCustomer>

export function Page() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useRead(readCustomer, { params: { id } })
  const [address] = useAddress()
  return (
    <Ready query={query}>
      {(profile) =>
        profile.id === id ? (
          <Person profile={profile} />
        ) : (
          // The id of somebody who was merged leads to whom they are now.
          <Navigate to="/customers/$id" params={{ id: profile.id }} search={address} replace />
        )
      }
    </Ready>
  )
}

function Person(props: { profile: Profile }) {
  const { t } = useTranslation()
  const session = useSession()
  const [address, change] = useAddress()
  const { profile } = props
  return (
    <Sheet
      title={profile.name || MISSING}
      back={
        <Link to="/customers" className="small">
          <LeftOutlined /> {t("customers.back")}
        </Link>
      }
      actions={
        <>
          <MergeAnother id={profile.id} name={profile.name} />
          <OptOut profile={profile} />
        </>
      }
    >
      <DetailLayout sideLabel={t("customers.side")} side={<Side profile={profile} />}>
        <Tabs
          activeKey={address.tab ?? "timeline"}
          onChange={(tab) => change({ tab, after: undefined, sort: undefined, part: undefined })}
          destroyOnHidden
          items={profileTabs({ id: profile.id, name: profile.name }, t, session)}
        />
      </DetailLayout>
    </Sheet>
  )
}

function Side(props: { profile: Profile }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { profile } = props
  const gender = t(
    profile.gender === 1
      ? "customers.gender_1"
      : profile.gender === 2
        ? "customers.gender_2"
        : "customers.gender_0",
  )
  return (
    <div className="stack">
      {profile.opted_out_at ? <Badge tone="warn">{t("customers.opted_out")}</Badge> : null}
      <section aria-label={t("customers.standing_now")}>
        <Standing traits={profile.traits} />
      </section>
      <TookIn id={profile.id} />
      <WornTags customer_id={profile.id} name={profile.name} />
      <Facts
        items={[
          [
            t("customers.owner"),
            <span key="o" className="name">
              {profile.owner_name ?? MISSING}
            </span>,
          ],
          [t("customers.phone"), <Phone key="p" profile={profile} />],
          [t("customers.source"), <Source key="s" state={profile.source_code} />],
          [t("customers.first_contact"), <Time key="f" at={profile.first_contact_at} />],
          [t("customers.gender"), gender],
          ...(profile.remark ? [textOf(t("customers.remark"), profile.remark)] : []),
          ...(profile.birthday ? [textOf(t("customers.birthday"), profile.birthday.replace(/^--/, ""))] : []),
          [t("customers.region"), profile.region || MISSING],
          ...(profile.consented_at ? [consentOf(t("customers.consented"), profile.consented_at)] : []),
        ]}
      />
      <section aria-label={t("customers.contacts")} className="stack-s">
        <h2>{t("customers.contacts")}</h2>
        {profile.contacts.length === 0 ? <p className="secondary">{t("customers.no_contacts")}</p> : null}
        <ul className="stack-s">
          {profile.contacts.map((c) => (
            <li key={`${c.account_id}:${c.external_userid}`}>
              <div className="row">
                <span className="name">{c.account_name}</span>
                <Badge>{word("account_function", c.account_function)}</Badge>
                {c.removed_at ? (
                  <Badge tone="warn">{word("customers", `removed_${c.removed_by ?? "customer"}`)}</Badge>
                ) : null}
              </div>
              <div className="secondary small">
                <Time at={c.added_at} />
                {c.remark ? <span className="name"> · {c.remark}</span> : null}
              </div>
            </li>
          ))}
        </ul>
      </section>
      <section aria-label={t("customers.classes")} className="stack-s">
        <h2>{t("customers.classes")}</h2>
        {profile.traits.length === 0 ? <p className="secondary">{t("customers.no_traits")}</p> : null}
        <Known traits={profile.traits} />
      </section>
    </div>
  )
}

const textOf = (label: string, text: string): [string, string] => [label, text]
const consentOf = (label: string, at: Profile["consented_at"]): [string, ReactNode] => [
  label,
  <Time key="c" at={at} />,
]

function Phone(props: { profile: Profile }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const reveal = useChange(revealPhone)
  const [asking, setAsking] = useState(false)
  const [phone, setPhone] = useState<string | null>(null)
  const { profile } = props
  if (!profile.phone_masked) return <>{t("customers.no_phone")}</>
  return (
    <span className="row">
      <span className="num">{phone ?? profile.phone_masked}</span>
      {phone === null && can("customers.reveal") ? (
        <Button type="link" size="small" onClick={() => setAsking(true)}>
          {t("customers.reveal")}
        </Button>
      ) : null}
      <FormDrawer<{ reason: string }>
        open={asking}
        title={t("customers.reveal_title", { name: profile.name })}
        verb={t("customers.reveal_verb")}
        onClose={() => setAsking(false)}
        onSubmit={async (body) => {
          const answer = await reveal.mutateAsync({ params: { id: profile.id }, body })
          setPhone(answer.phone)
          setAsking(false)
        }}
      >
        <Form.Item
          name="reason"
          label={t("customers.reveal_reason")}
          extra={t("customers.reveal_hint")}
          rules={[{ required: true, message: t("ui.required") }]}
        >
          <Input.TextArea autoSize={{ minRows: 2 }} maxLength={200} />
        </Form.Item>
      </FormDrawer>
    </span>
  )
}

function OptOut(props: { profile: Profile }) {
  const { t } = useTranslation()
  const { can } = useSession()
  const change = useChange(setOptOut, ["customers"])
  const [asking, setAsking] = useState(false)
  const out = props.profile.opted_out_at !== null
  if (!can("customers.write")) return null
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t(out ? "customers.opt_in" : "customers.opt_out")}</Button>
      <ConfirmConsequence
        open={asking}
        title={t(out ? "customers.opt_in_title" : "customers.opt_out_title")}
        verb={t(out ? "customers.opt_in" : "customers.opt_out")}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          await change.mutateAsync({ params: { id: props.profile.id }, body: { opted_out: !out } })
          toast(t(out ? "customers.opted_in_saved" : "customers.opted_out_saved"))
        }}
      />
    </>
  )
}
