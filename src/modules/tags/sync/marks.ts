import type { Tx } from "../../../platform/db.ts"
import type { Fact, FactHandler } from "../../../spine/facts/index.ts"
import { type NewDeed, orderDeeds, type World } from "../../../spine/outbox/index.ts"
import { customerNames } from "../../customers/index.ts"
import { tagAssigned, tagRemoved } from "../events.ts"
import { MARK_WITHIN_MS } from "../limits.ts"
import { tagRows } from "../store-taxonomy.ts"
import { contactsFor } from "../store-worn.ts"
import { syncState } from "./store.ts"

/**
 * What somebody is given or loses here is marked at the channel too, in the name of each account whose friend they are. What the channel
 * itself told of is not told back.
 */
export function markHandler(world: World): FactHandler {
  return {
    name: "tags.marks",
    types: [tagAssigned.type, tagRemoved.type],
    origins: "live",
    handle: (t, facts, now) => mark(t, world, facts, now),
  }
}

type Mark = { customer_id: string; tag_id: string; put: boolean; at: Date }

function marksOf(facts: readonly Fact[]): Mark[] {
  const last = new Map<string, Mark>()
  for (const fact of facts) {
    const put = tagAssigned.is(fact)
    if (!put && !tagRemoved.is(fact)) continue
    const { tag_id, source } = fact.payload as { tag_id: string; source: string }
    const key = `${fact.subject} ${tag_id}`
    // Of two changes in one batch only the later is worth a call.
    last.delete(key)
    if (source !== "wecom") last.set(key, { customer_id: fact.subject, tag_id, put, at: fact.occurred_at })
  }
  return [...last.values()]
}

async function mark(t: Tx, world: World, facts: readonly Fact[], now: Date): Promise<void> {
  if (!(await syncState(t)).on) return
  const tags = new Map((await tagRows(t)).map((tag) => [tag.id, tag]))
  const marks = marksOf(facts).filter((m) => tags.get(m.tag_id)?.channel_ref)
  if (marks.length === 0) return
  const able = new Set(
    (await world.accounts(t)).filter((a) => world.channels.get(a.channel)?.can("tag")).map((a) => a.id),
  )
  const people = [...new Set(marks.map((m) => m.customer_id))]
  const contacts = (await contactsFor(t, people)).filter((c) => able.has(c.account_id))
  const names = await customerNames(t, people)
  const deeds = marks.flatMap((m) => {
    const tag = tags.get(m.tag_id)!
    const ref = tag.channel_ref!
    return contacts
      .filter((c) => c.customer_id === m.customer_id)
      .map(
        (c): NewDeed => ({
          key: `mark:${m.customer_id}:${c.account_id}:${m.tag_id}:${m.put ? "put" : "take"}:${m.at.toISOString()}`,
          kind: "tag",
          account_id: c.account_id,
          ref: c.ref,
          payload: { add: m.put ? [ref] : [], remove: m.put ? [] : [ref] },
          subject_id: m.customer_id,
          by_hand: {
            title: `${m.put ? "给" : "去掉"}${names.get(m.customer_id) ?? "这位客户"}的标签「${tag.name}」`,
            script: "",
            customer_id: m.customer_id,
          },
          due_at: now,
          expires_at: new Date(now.getTime() + MARK_WITHIN_MS),
        }),
      )
  })
  await orderDeeds(t, deeds)
}
