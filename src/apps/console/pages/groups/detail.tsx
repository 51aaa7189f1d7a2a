import { LeftOutlined } from "@ant-design/icons"
import { Link, useParams } from "@tanstack/react-router"
import { Tabs } from "antd"
import {
  groupMembers,
  groupMessages,
  type MemberSort,
  memberSorting,
  readGroup,
} from "../../../../modules/groups/contract.ts"
import { DataTable } from "../../../../ui/data-table.tsx"
import { formatNumber, formatShare, MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { DetailLayout, Facts, Page as Sheet } from "../../../../ui/page.tsx"
import { Empty, Ready } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useAddress, useList } from "../../lib/search.ts"
import { useCodeWord } from "../../lib/words.ts"

export function Page() {
  const { t } = useTranslation()
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useRead(readGroup, { params: { id } })
  const [address, change] = useAddress()
  return (
    <Ready query={query}>
      {(group) => (
        <Sheet
          title={group.name || t("groups.unnamed")}
          back={
            <Link to="/groups" className="small">
              <LeftOutlined /> {t("groups.title")}
            </Link>
          }
        >
          <DetailLayout
            sideLabel={t("groups.summary")}
            side={
              <div className="stack">
                <Facts
                  items={[
                    [t("groups.owner"), group.owner_name ?? group.owner_ref ?? MISSING],
                    [
                      t("groups.members"),
                      <span key="m" className="num">
                        {formatNumber(group.members)}
                      </span>,
                    ],
                    [
                      t("groups.customers"),
                      <span key="c" className="num">
                        {formatNumber(group.customers)}
                      </span>,
                    ],
                    [
                      t("groups.spoke_7d"),
                      <span key="s" className="num">
                        {formatNumber(group.spoke_7d)}
                      </span>,
                    ],
                    [
                      t("groups.joined_7d"),
                      <span key="j" className="num">
                        {formatNumber(group.joined_7d)}
                      </span>,
                    ],
                    [
                      t("groups.left_7d"),
                      <span key="l" className="num">
                        {formatNumber(group.left_7d)}
                      </span>,
                    ],
                    [
                      t("groups.messages"),
                      <span key="n" className="num">
                        {formatNumber(group.messages)}
                      </span>,
                    ],
                    [t("groups.last_message"), <Time key="t" at={group.last_message_at} />],
                    [t("groups.created"), <Time key="a" at={group.created_at} />],
                  ]}
                />
                <p className="secondary small">
                  {t("groups.share_spoke", { share: formatShare(group.spoke_7d, group.members) })}
                </p>
              </div>
            }
          >
            <Tabs
              activeKey={address.tab ?? "members"}
              onChange={(tab) => change({ tab, after: undefined, sort: undefined })}
              destroyOnHidden
              items={[
                { key: "members", label: t("groups.tab_members"), children: <Members id={id} /> },
                { key: "messages", label: t("groups.tab_messages"), children: <Messages id={id} /> },
              ]}
            />
          </DetailLayout>
        </Sheet>
      )}
    </Ready>
  )
}

function Members(props: { id: string }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const list = useList([])
  const query = useRead(
    groupMembers,
    { params: { id: props.id }, query: { sort: list.sort as MemberSort, cursor: list.cursor } },
    { keep: true },
  )
  return (
    <DataTable
      name="group-members"
      sorted={list.sorted(memberSorting.first)}
      label={t("groups.tab_members")}
      rows={query.data?.rows}
      rowKey={(r) => r.member_ref}
      error={query.error}
      onRetry={() => void query.refetch()}
      refreshing={query.isPlaceholderData}
      paging={list.paging(query.data?.next_cursor)}
      total={query.data?.total ?? null}
      empty={<Empty title={t("groups.no_members")}>{t("groups.no_members_text")}</Empty>}
      columns={[
        {
          key: "name",
          title: t("groups.member"),
          fixed: true,
          render: (r) =>
            r.customer_id ? (
              <Link to="/customers/$id" params={{ id: r.customer_id }} search={{}} className="name">
                {r.name || t("groups.member_unnamed")}
              </Link>
            ) : (
              <span className="name">{r.name || t("groups.member_unnamed")}</span>
            ),
        },
        {
          key: "kind",
          title: t("groups.kind"),
          render: (r) => t(r.kind === "staff" ? "groups.kind_staff" : "groups.kind_external"),
        },
        { key: "scene", title: t("groups.scene"), render: (r) => word("scene", r.scene) },
        {
          key: "times",
          title: t("groups.spoke_times"),
          sort: "messages",
          numeric: true,
          render: (r) => formatNumber(r.messages),
        },
        {
          key: "spoke",
          title: t("groups.last_spoke"),
          sort: "last_spoke_at",
          render: (r) => <Time at={r.last_spoke_at} />,
        },
        {
          key: "joined",
          title: t("groups.joined"),
          sort: "joined_at",
          render: (r) => <Time at={r.joined_at} />,
        },
      ]}
    />
  )
}

function Messages(props: { id: string }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const list = useList([])
  const query = useRead(
    groupMessages,
    { params: { id: props.id }, query: { cursor: list.cursor } },
    { keep: true },
  )
  return (
    <DataTable
      name="group-messages"
      label={t("groups.tab_messages")}
      rows={query.data?.rows}
      rowKey={(r) => r.message_ref}
      error={query.error}
      onRetry={() => void query.refetch()}
      refreshing={query.isPlaceholderData}
      paging={list.paging(query.data?.next_cursor)}
      empty={<Empty title={t("groups.no_messages")}>{t("groups.no_messages_text")}</Empty>}
      columns={[
        {
          key: "name",
          title: t("groups.member"),
          fixed: true,
          render: (r) => <span className="name">{r.name}</span>,
        },
        {
          key: "text",
          title: t("groups.message"),
          render: (r) =>
            r.text ? (
              <span className="pre">{r.text}</span>
            ) : (
              <span className="secondary">{word("message_kind", r.kind)}</span>
            ),
        },
        { key: "at", title: t("groups.said_at"), render: (r) => <Time at={r.sent_at} /> },
      ]}
    />
  )
}
