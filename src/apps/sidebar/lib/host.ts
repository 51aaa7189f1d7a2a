import { signPage } from "../../../modules/sidebar/contract.ts"
import { call } from "./client.ts"

export type Chat = { external_userid: string; account_id?: string }
/** Why there is no customer: opened by itself, beside a group, or the client does not say. */
export type Nobody = { nobody: "outside" } | { nobody: "group" } | { nobody: "client"; why: string }
export type Host = {
  chat: Chat
  /** Puts a text into the chat; null where the page stands beside none. Throws with the client's reason. */
  send: ((text: string) => Promise<void>) | null
}

export const inWecom = () => /\bwxwork\b/i.test(navigator.userAgent)

/** Beside which chat the page stands: its address names it, or the client is asked. A refused call goes on to whoever called. */
export async function findHost(): Promise<Host | Nobody> {
  const query = new URLSearchParams(location.search)
  const external_userid = query.get("external_userid")
  const account_id = query.get("account_id")
  if (external_userid)
    return {
      chat: { external_userid, ...(account_id ? { account_id } : {}) },
      send: window.parent === window ? null : sendToParent,
    }
  if (!inWecom()) return { nobody: "outside" }
  const url = location.href.split("#")[0] ?? location.href
  const sign = (of: string) => call(signPage, { query: { url: of } })
  const signed = await sign(url)
  // The client's library comes only where there is a client.
  const { connect } = await import("./wecom.ts")
  return connect({ url, signed }, sign)
}

const ANSWER_WITHIN_MS = 10_000
export type ToParent = { siyu: "send"; id: number; text: string }
export type FromParent = { siyu: "sent"; id: number; problem: string | null }
let last = 0

/** A chat that is drawn around this page, of the same origin. */
function sendToParent(text: string): Promise<void> {
  const id = ++last
  return new Promise((resolve, reject) => {
    const end = (problem: string | null) => {
      clearTimeout(late)
      window.removeEventListener("message", hear)
      if (problem === null) resolve()
      else reject(new Error(problem))
    }
    const hear = ({ origin, source, data }: MessageEvent<FromParent>) => {
      if (origin === location.origin && source === window.parent && data?.siyu === "sent" && data.id === id)
        end(data.problem)
    }
    const late = setTimeout(() => end(""), ANSWER_WITHIN_MS)
    window.addEventListener("message", hear)
    window.parent.postMessage({ siyu: "send", id, text } satisfies ToParent, location.origin)
  })
}
