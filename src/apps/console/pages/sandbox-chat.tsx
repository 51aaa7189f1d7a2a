import { LeftOutlined } from "@ant-design/icons"
import { Link } from "@tanstack/react-router"
import { Input, Select } from "antd"
import { useEffect, useRef, useState } from "react"
import { sandboxDeed, sandboxView } from "../../../apps/server/sandbox-panel/contract.ts"
import { listAccounts } from "../../../modules/accounts/contract.ts"
import { Page as Sheet } from "../../../ui/page.tsx"
import { Empty, problemText, Ready } from "../../../ui/states.tsx"
import { toast } from "../../../ui/toast.tsx"
import { useTranslation } from "../../../ui/words/use.ts"
import type { FromParent, ToParent } from "../../sidebar/lib/host.ts"
import { useChange, useRead } from "../lib/client.ts"
import { useAddress } from "../lib/search.ts"
import { useSession } from "../lib/session.tsx"
import { useSettled } from "../lib/settled.ts"
import { Conversation } from "./sandbox-conversation.tsx"
import { peopleIn } from "./sandbox-world.ts"

const PEOPLE_SHOWN = 60
const SETTLE_MS = 250

/** A chat of the sandbox with the real sidebar beside it, as staff have both in WeCom. */
export function Page() {
  const { t } = useTranslation()
  const { can } = useSession()
  const accounts = useRead(listAccounts, {}, { enabled: can("accounts.read") })
  const [address, change] = useAddress()
  return (
    <Sheet
      title={t("sandbox_chat.title")}
      purpose={t("sandbox_chat.purpose")}
      back={
        <Link to="/sandbox" search={{}} className="small">
          <LeftOutlined /> {t("sandbox_chat.back")}
        </Link>
      }
    >
      <Ready query={accounts}>
        {({ rows }) => {
          const choices = rows.filter((a) => a.channel_ref !== null && a.channel === "wecom")
          const account = choices.find((a) => a.channel_ref === address.as) ?? choices[0]
          if (!account?.channel_ref)
            return <Empty title={t("sandbox_chat.nobody")}>{t("sandbox_chat.nobody_text")}</Empty>
          return (
            <div className="chats">
              <div className="stack-s">
                <Select
                  aria-label={t("sandbox_chat.account")}
                  value={account.channel_ref}
                  options={choices.map((a) => ({ value: a.channel_ref ?? "", label: a.name }))}
                  onChange={(as) => change({ as, with: undefined })}
                />
                <People
                  userid={account.channel_ref}
                  chosen={address.with}
                  onChoose={(external_userid) =>
                    change({ as: account.channel_ref ?? undefined, with: external_userid })
                  }
                />
              </div>
              {address.with ? (
                <Beside
                  key={`${account.id} ${address.with}`}
                  account_id={account.id}
                  userid={account.channel_ref}
                  external_userid={address.with}
                />
              ) : (
                <Empty title={t("sandbox_chat.choose")}>{t("sandbox_chat.choose_text")}</Empty>
              )}
            </div>
          )
        }}
      </Ready>
    </Sheet>
  )
}

function People(props: { userid: string; chosen: string | undefined; onChoose: (id: string) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState("")
  const q = useSettled(typed.trim(), SETTLE_MS)
  const query = useRead(
    sandboxView,
    { params: { view: "people" }, query: { userid: props.userid, q, limit: PEOPLE_SHOWN } },
    { keep: true },
  )
  return (
    <>
      <Input
        type="search"
        aria-label={t("sandbox_chat.find")}
        placeholder={t("sandbox_chat.find")}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Ready query={query} rows={6}>
        {(answer) => {
          const people = peopleIn(answer)
          if (people.length === 0 && q === "")
            return <Empty title={t("sandbox_chat.nobody")}>{t("sandbox_chat.nobody_text")}</Empty>
          return (
            <ul className="chat-people" aria-label={t("sandbox_chat.people")}>
              {people.map((one) => (
                <li key={one.external_userid}>
                  <button
                    type="button"
                    aria-current={one.external_userid === props.chosen}
                    onClick={() => props.onChoose(one.external_userid)}
                  >
                    <span className="name">{one.name}</span>
                    {one.lost.includes(props.userid) ? (
                      <span className="secondary small">{t("sandbox_chat.gone")}</span>
                    ) : null}
                  </button>
                </li>
              ))}
            </ul>
          )
        }}
      </Ready>
    </>
  )
}

/** The conversation, and the sidebar's own page in a frame: what it sends is written here. */
function Beside(props: { account_id: string; userid: string; external_userid: string }) {
  const { t } = useTranslation()
  const frame = useRef<HTMLIFrameElement>(null)
  const write = useChange(sandboxDeed, ["sandbox.view"])
  const { userid, external_userid } = props
  const say = async (text: string, by: "member" | "customer") => {
    await write.mutateAsync({
      params: { deed: "staff/chat" },
      body: { userid, external_userid, text, by },
    })
  }
  const saying = useRef(say)
  saying.current = say
  useEffect(() => {
    const hear = ({ origin, source, data }: MessageEvent<ToParent>) => {
      const page = frame.current?.contentWindow
      if (origin !== location.origin || !page || source !== page || data?.siyu !== "send") return
      const answer = (problem: string | null) =>
        page.postMessage({ siyu: "sent", id: data.id, problem } satisfies FromParent, location.origin)
      saying.current(data.text, "member").then(
        () => answer(null),
        (error: unknown) => answer(problemText(error)),
      )
    }
    window.addEventListener("message", hear)
    return () => window.removeEventListener("message", hear)
  }, [])
  const query = new URLSearchParams({ external_userid, account_id: props.account_id })
  return (
    <div className="chat-beside">
      <Conversation
        userid={userid}
        external_userid={external_userid}
        busy={write.isPending}
        onSay={async (text, by) => {
          try {
            await say(text, by)
            return true
          } catch (error) {
            toast(problemText(error), "bad")
            return false
          }
        }}
      />
      <iframe
        ref={frame}
        title={t("sandbox_chat.sidebar")}
        src={`/sidebar?${query}`}
        className="sidebar-frame"
      />
    </div>
  )
}
