import * as ww from "@wecom/jssdk"
import type { CallAnswer } from "../../../kernel/client.ts"
import type { signPage } from "../../../modules/sidebar/contract.ts"
import type { Host, Nobody } from "./host.ts"
import { reasonOf } from "./reason.ts"

type Signed = CallAnswer<typeof signPage>
const APIS = ["getContext", "getCurExternalContact", "sendChatMessage"]
/** The client's words for the places beside a chat with one customer. */
const SINGLE = new Set(["single_chat_tools", "contact_profile", "chat_attachment"])

/**
 * Registers the page with the client and asks beside whom it stands. `sign` makes signatures; `first` are those of the address as it
 * is, which the client asks for unless it holds on to the one it came in by.
 */
export async function connect(
  first: { url: string; signed: Signed },
  sign: (url: string) => Promise<Signed>,
): Promise<Host | Nobody> {
  const { signed } = first
  const of = (url: string) => (url === first.url ? signed : sign(url))
  const given = ({ timestamp, nonce, signature }: Signed["corp"]) => ({
    timestamp,
    nonceStr: nonce,
    signature,
  })
  ww.register({
    corpId: signed.corp_id,
    agentId: signed.agent_id,
    jsApiList: APIS,
    getConfigSignature: async (url) => given((await of(url)).corp),
    getAgentConfigSignature: async (url) => given((await of(url)).agent),
  })
  try {
    const { entry } = await ww.getContext()
    if (String(entry).includes("group_chat")) return { nobody: "group" }
    if (!SINGLE.has(String(entry))) return { nobody: "outside" }
    const { userId } = await ww.getCurExternalContact()
    return {
      chat: { external_userid: userId },
      async send(text) {
        await ww.sendChatMessage({ msgtype: "text", text: { content: text } } as Parameters<
          typeof ww.sendChatMessage
        >[0])
      },
    }
  } catch (error) {
    return { nobody: "client", why: reasonOf(error) }
  }
}
