import type { Channel, Delivery, Failure, Parcel } from "../../channels/protocol/index.ts"
import { isRefused } from "../../kernel/result.ts"
import { HEARTBEAT_MS } from "./limits.ts"

/** Channels never throw for what the outside does; if one does all the same, nobody knows whether it went out. */
export async function ask(channel: Channel, parcel: Parcel): Promise<Delivery> {
  try {
    const answer = await channel.deliver(parcel)
    if (!isRefused(answer)) return answer
    const failure: Failure = { class: "fix", code: answer.refused }
    return { outcomes: parcel.recipients.map(({ key }) => ({ key, outcome: "refused", failure })) }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return { outcomes: parcel.recipients.map(({ key }) => ({ key, outcome: "unknown", detail })) }
  }
}

/** Works while its lease is renewed. A lost beat only lets somebody else ask what became of what is in hand. */
export async function holding<T>(beat: () => Promise<unknown>, work: () => Promise<T>): Promise<T> {
  const beats = setInterval(() => {
    beat().catch(() => undefined)
  }, HEARTBEAT_MS)
  try {
    return await work()
  } finally {
    clearInterval(beats)
  }
}
