import * as ww from "@wecom/jssdk"
import type { CallAnswer } from "../../../kernel/client.ts"
import type { signPage } from "../../../modules/sidebar/contract.ts"
import type { Host, Nobody } from "./host.ts"
import { reasonOf } from "./reason.ts"

type Signed = CallAnswer<typeof signPage>
const APIS = ["getContext", "getCurExternalContact", "sendChatMessage"]
/** The client's words for the places beside a chat with one customer. */
const SINGLE = new Set(["single_chat_tools", "contact_profile", "chat_attachment"])

/** Registers the page with the client and asks beside whom it stands. The address stays, so one signature of each kind is enough. */
export async function connect(signed: Signed): Promise<Host | Nobody> {
  const given = ({ timestamp, nonce, signature }: Signed["corp"]) => ({
    timestamp,
    nonceStr: nonce,
    signature,
  })
  ww.register({
    corpId: signed.corp_id,
    agentId: signed.agent_id,
    jsApiList: APIS,
    getConfigSignature: () => given(signed.corp),
    getAgentConfigSignature: () => given(signed.agent),
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
