import { z } from "zod"
import type { Deliverer } from "../protocol/index.ts"
import type { Client } from "./client.ts"
import { encodeContent, plainContent } from "./content.ts"
import { NOTIFY_PARCEL, NOTIFY_TEXT_BYTES } from "./limits.ts"
import { accepted, allFailed, allRefused, refusedFor } from "./outcomes.ts"

const Sent = z.object({
  invaliduser: z.string().optional().catch(undefined),
  unlicenseduser: z.string().optional().catch(undefined),
})

/** App messages to staff. The platform drops the same words to the same people within half an hour, so repeating is safe. */
export function notifyDeliverer(client: Client, agent_id: number): Deliverer<"notify_staff"> {
  return {
    parcel_size: NOTIFY_PARCEL,
    repeatable: true,
    confirmed_by_staff: false,
    async deliver(parcel) {
      const { recipients } = parcel
      const text = plainContent(parcel.payload.content)
      const content = encodeContent({ text }, NOTIFY_TEXT_BYTES)
      if ("failure" in content) return allRefused(recipients, content.failure)
      const answer = await client.call("message/send", Sent, {
        json: {
          touser: recipients.map((one) => one.ref).join("|"),
          msgtype: "text",
          agentid: agent_id,
          text: content.text,
          enable_duplicate_check: 1,
          duplicate_check_interval: 1800,
        },
        repeatable: true,
      })
      if (!answer.ok) return allFailed(recipients, answer)
      const { invaliduser = "", unlicenseduser = "" } = answer.body
      const invalid = new Set(`${invaliduser}|${unlicenseduser}`.toLowerCase().split("|"))
      return {
        outcomes: recipients.map((one) =>
          invalid.has(one.ref.toLowerCase())
            ? refusedFor(one, { class: "never", code: "unreachable" })
            : accepted(one),
        ),
      }
    },
  }
}
