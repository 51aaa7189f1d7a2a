import { type Context, staffSeenBy } from "../../platform/http/index.ts"
import { type SendLately, sendsLately } from "../../spine/outbox/index.ts"
import type { SendJob } from "./contract.ts"
import { JOBS_LATELY_MS, JOBS_SHOWN } from "./limits.ts"
import { sendNames } from "./store.ts"

/** Sends that go on or ended lately, as far as the reader may see them. */
export async function jobsOf(ctx: Context): Promise<SendJob[]> {
  const authors = staffSeenBy(ctx.actor)
  const since = new Date(ctx.now.getTime() - JOBS_LATELY_MS)
  const sends = await sendsLately(ctx.db, { authors, since, limit: JOBS_SHOWN })
  const names = await sendNames(
    ctx.db,
    sends.map((send) => send.id),
  )
  return sends.map(({ id, ended_at, planned, settled, delivered, ...send }) => ({
    id,
    name: names.get(id) ?? "",
    state: stateOf({ ...send, settled, delivered }),
    planned,
    settled,
    delivered,
    missed: settled - delivered,
    ended_at,
  }))
}

/** Pure: a send that is through, but did not reach everybody that it was planned for, is not simply done. */
export function stateOf(send: Pick<SendLately, "state" | "settled" | "delivered">): SendJob["state"] {
  return send.state === "done" && send.delivered < send.settled ? "partly_failed" : send.state
}
