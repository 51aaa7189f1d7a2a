import type { Failure } from "../../channels/protocol/index.ts"
import { type Refusal, refuse } from "../../kernel/result.ts"
import { maybeRow, type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import { CIRCUIT_MS } from "./limits.ts"
import type { World } from "./world.ts"

/** A channel that said "stop" (a wrong secret, a missing right, a blocked address), and until when it is left alone. */
export type Circuit = { channel: string; code: string; opened_at: Date; open_until: Date }

/** Nothing more goes through this channel until the time is up or somebody has looked and closes it. */
export async function openCircuit(q: Queryable, channel: string, failure: Failure, now: Date): Promise<void> {
  await run(
    q,
    `insert into outbox_circuits (channel, open_until, code, opened_at) values ($1, clock_timestamp() + $2 * interval '1 ms', $3, $4)
     on conflict (channel) do update set open_until = excluded.open_until, code = excluded.code, opened_at = excluded.opened_at`,
    [channel, CIRCUIT_MS, failure.code, now],
  )
}

export function openCircuits(q: Queryable): Promise<Circuit[]> {
  return rows(
    q,
    "select channel, code, opened_at, open_until from outbox_circuits where open_until > clock_timestamp()",
  )
}

/** What waited for the channel goes out at the next look. Refused where nothing is stopped. */
export async function closeCircuit(
  t: Tx,
  world: World,
  channel: string,
): Promise<{ waiting: number } | Refusal<"channel_not_stopped">> {
  const closed = await maybeRow<{ code: string }>(
    t,
    "delete from outbox_circuits where channel = $1 and open_until > clock_timestamp() returning code",
    [channel],
  )
  if (!closed) return refuse("channel_not_stopped")
  const speakers = (await world.accounts(t)).filter((a) => a.channel === channel).map((a) => a.id)
  const waiting = await run(
    t,
    `update outbox_touches set retry_at = null
     where state = 'planned' and reason = $2 and account_id = any($1::uuid[]) and retry_at > clock_timestamp()`,
    [speakers, closed.code],
  )
  return { waiting }
}
