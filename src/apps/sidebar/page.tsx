import { type ReactNode, useEffect, useState } from "react"
import { CallRefused } from "../../kernel/client.ts"
import { readSidebar, sidebarSignIn } from "../../modules/sidebar/contract.ts"
import { formatDay } from "../../ui/format.ts"
import { Watermark } from "../../ui/watermark.tsx"
import { call, useRead } from "./lib/client.ts"
import { findHost, type Host, type Nobody } from "./lib/host.ts"
import { Person } from "./parts/person.tsx"
import { SignIn } from "./parts/sign-in.tsx"
import { Failed, Loading, Notice } from "./parts/states.tsx"
import { t } from "./words/use.ts"

type Stage =
  | { at: "starting" }
  | { at: "door"; problem: unknown }
  | { at: "failed"; error: unknown }
  | { at: "nobody"; why: Nobody }
  | { at: "chat"; host: Host }

const isSignedOut = (error: unknown) => error instanceof CallRefused && error.problem.code === "not_signed_in"

/**
 * Back from the client with its word on who uses it: the word is used up and leaves the address. The page begins again then, since
 * some clients believe signatures only of the address that they opened. Gives whether it does.
 */
async function enterByClient(): Promise<boolean> {
  const query = new URLSearchParams(location.search)
  const [code, state] = [query.get("code"), query.get("state")]
  if (!code || !state) return false
  query.delete("code")
  query.delete("state")
  const clean = query.size > 0 ? `/sidebar?${query}` : "/sidebar"
  history.replaceState(null, "", clean)
  await call(sidebarSignIn, { body: { code, state } })
  location.replace(clean)
  return true
}

/** Each turn is a page that begins anew: nothing of the one before is left in it. */
export function Page() {
  const [turn, setTurn] = useState(0)
  return <Begun key={turn} onAgain={() => setTurn((n) => n + 1)} />
}

/** Signs in where somebody comes back from the client, and finds out beside which chat the page stands. */
function Begun(props: { onAgain: () => void }) {
  const [stage, setStage] = useState<Stage>({ at: "starting" })
  useEffect(() => {
    let gone = false
    const go = (next: Stage) => {
      if (!gone) setStage(next)
    }
    const begin = async () => {
      try {
        if (await enterByClient()) return
      } catch (error) {
        return go({ at: "door", problem: error })
      }
      try {
        const found = await findHost()
        go("nobody" in found ? { at: "nobody", why: found } : { at: "chat", host: found })
      } catch (error) {
        go(isSignedOut(error) ? { at: "door", problem: null } : { at: "failed", error })
      }
    }
    void begin()
    return () => {
      gone = true
    }
  }, [])
  const again = props.onAgain
  if (stage.at === "starting") return <Loading />
  if (stage.at === "door") return <SignIn problem={stage.problem} onEnter={again} />
  if (stage.at === "failed") return <Failed error={stage.error} onRetry={again} />
  if (stage.at === "nobody") return <NobodyHere why={stage.why} onRetry={again} />
  return <Chat host={stage.host} onSignedOut={() => setStage({ at: "door", problem: null })} />
}

function NobodyHere(props: { why: Nobody; onRetry: () => void }) {
  const { why } = props
  if (why.nobody === "group") return <Notice title={t("group_title")}>{t("group")}</Notice>
  if (why.nobody === "outside") return <Notice title={t("outside_title")}>{t("outside")}</Notice>
  return (
    <Notice title={t("client_title")} onRetry={props.onRetry}>
      {t("client_failed", { why: why.why || t("client_unknown") })}
    </Notice>
  )
}

/** All that is shown comes by one request, and by one again after each change. */
function Chat(props: { host: Host; onSignedOut: () => void }) {
  const { answer, error, slow, reload } = useRead(readSidebar, { query: props.host.chat })
  const signedOut = isSignedOut(error)
  const { onSignedOut } = props
  useEffect(() => {
    if (signedOut) onSignedOut()
  }, [signedOut, onSignedOut])
  if (!answer)
    return error ? <Failed error={error} onRetry={reload} /> : <Loading slow={slow} onRetry={reload} />
  if (answer.state !== "known" || !answer.customer)
    return answer.state === "out_of_scope" ? (
      <Notice title={t("scope_title")} onRetry={reload}>
        {t("scope")}
      </Notice>
    ) : (
      <Notice title={t("unknown_title")} onRetry={reload}>
        {t("unknown")}
      </Notice>
    )
  const stale: ReactNode = error ? <Failed error={error} onRetry={reload} small /> : null
  return (
    <>
      {stale}
      <Person answer={answer} customer={answer.customer} host={props.host} reload={reload} />
      <Watermark lines={[answer.me.name, formatDay(answer.shop_now)]} />
    </>
  )
}
