import { run, type Tx } from "../../platform/db.ts"
import type { Merged } from "../facts/index.ts"

/**
 * Two who are two again: slots go with their touches, and what was called off because both would have got it waits for a day again
 * where its send or play still goes on.
 */
export async function giveBackTouches(t: Tx, { from, into }: Merged, now: Date): Promise<void> {
  await run(
    t,
    `with gone as (
       delete from outbox_slots s where s.customer_id = $2
         and exists (select from outbox_touches o where o.customer_id = $1 and o.id = s.touch_id) returning kind, day, slot, touch_id)
     insert into outbox_slots (customer_id, kind, day, slot, touch_id)
     select $1, g.kind, g.day, coalesce((select max(s.slot) from outbox_slots s where s.customer_id = $1 and s.kind = g.kind and s.day = g.day), 0)
       + row_number() over (partition by g.kind, g.day order by g.slot), g.touch_id from gone g`,
    [from, into],
  )
  await run(
    t,
    `update outbox_touches o set state = 'unplaced', reason = null, account_id = null, parcel_id = null, settled_at = null
     where o.customer_id = $1 and o.state = 'cancelled' and o.reason = 'merged' and o.expires_at > $2
       and exists (select from facts_carried k where k.from_id = $1 and k.place = 'outbox_touches' and k.side = 'goes'
         and k.before->>'id' = o.id::text and k.before->>'state' in ('planned', 'unplaced'))
       and (o.cause_kind <> 'send' or exists (select from outbox_sends s where s.id = o.cause_id and s.state in ('planning', 'running', 'paused')))`,
    [from, now],
  )
  await run(
    t,
    `delete from outbox_called_off c where c.reason = 'merged'
       and exists (select from outbox_touches o where o.customer_id = $1 and o.cause_kind = 'play' and o.cause_id = c.cause_id)`,
    [from],
  )
}
