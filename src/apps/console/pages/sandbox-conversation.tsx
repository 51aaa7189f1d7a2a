import { Button, Input } from "antd"
import { useState } from "react"
import { sandboxView } from "../../../apps/server/sandbox-panel/contract.ts"
import { formatTime } from "../../../ui/format.ts"
import { useLanguage, useNow } from "../../../ui/now.tsx"
import { Section } from "../../../ui/page.tsx"
import { Ready } from "../../../ui/states.tsx"
import { useTranslation } from "../../../ui/words/use.ts"
import { useRead } from "../lib/client.ts"
import { useSession } from "../lib/session.tsx"
import { chatIn } from "./sandbox-world.ts"

const REFRESH_MS = 5_000
const LETTERS_MAX = 2_000

/** What the two have written, and a line to write more, as the account or for the customer. */
export function Conversation(props: {
  userid: string
  external_userid: string
  busy: boolean
  /** Whether it was written. */
  onSay: (text: string, by: "member" | "customer") => Promise<boolean>
}) {
  const { t } = useTranslation()
  const { can } = useSession()
  const now = useNow()
  const language = useLanguage()
  const [typed, setTyped] = useState("")
  const { userid, external_userid } = props
  const query = useRead(
    sandboxView,
    { params: { view: "chat" }, query: { userid, external_userid } },
    { every_ms: REFRESH_MS },
  )
  const say = async (by: "member" | "customer") => {
    const text = typed.trim()
    if (text !== "" && (await props.onSay(text, by))) setTyped("")
  }
  return (
    <Ready query={query}>
      {(answer) => {
        const { name, friend, said } = chatIn(answer)
        return (
          <Section title={name} label={t("sandbox_chat.messages")} className="chat">
            <ol className="chat-said" aria-label={t("sandbox_chat.messages")}>
              {said.length === 0 ? <li className="secondary">{t("sandbox_chat.no_messages")}</li> : null}
              {said.map((one) => (
                <li key={one.key} className={one.by === "member" ? "mine" : ""}>
                  <span className="secondary small">
                    {t(one.by === "member" ? "sandbox_chat.me" : "sandbox_chat.them")}{" "}
                    {formatTime(one.at, now, language)}
                  </span>
                  <p className="pre">{one.text}</p>
                </li>
              ))}
            </ol>
            {friend ? null : <p className="danger">{t("sandbox_chat.not_sent")}</p>}
            {can("sandbox.drive") && friend ? (
              <form
                className="stack-s"
                onSubmit={(event) => {
                  event.preventDefault()
                  void say("member")
                }}
              >
                <Input
                  aria-label={t("sandbox_chat.write")}
                  placeholder={t("sandbox_chat.write")}
                  maxLength={LETTERS_MAX}
                  value={typed}
                  onChange={(event) => setTyped(event.target.value)}
                />
                <div className="row">
                  <Button type="primary" htmlType="submit" loading={props.busy}>
                    {t("sandbox_chat.send")}
                  </Button>
                  <Button disabled={props.busy} onClick={() => void say("customer")}>
                    {t("sandbox_chat.reply")}
                  </Button>
                </div>
              </form>
            ) : null}
          </Section>
        )
      }}
    </Ready>
  )
}
