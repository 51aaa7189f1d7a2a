import { type Db, type Queryable, type Tx, tx } from "../../../platform/db.ts"
import { PUSH_LEASE_MS, PUSHES_A_ROUND, TAGS_A_PUSH } from "../limits.ts"
import { groupRows, tagRows, tie } from "../store-taxonomy.ts"
import { lockTaxonomy } from "../taxonomy/store.ts"
import { type Push, planPush } from "./rules.ts"
import { insertMade, mirrored, setRefused, setRemoved, setRenamed, setTies } from "./store.ts"
import { openConflicts } from "./store-conflicts.ts"
import { dropLease, takeLease } from "./store-lease.ts"

type Failure = { failure: { class: string; code: string } }
/** How a channel's catalogue of tags is changed; each is harmless when it is done again. */
export type Catalogue = {
  /** Finds what is there, makes the rest; `made` are the names that were not there. */
  create(
    group_name: string,
    names: string[],
  ): Promise<{ group_ref: string | null; tag_refs: Record<string, string>; made: string[] } | Failure>
  rename(ref: string, name: string): Promise<{ renamed: true } | Failure>
  remove(refs: string[]): Promise<{ removed: true } | Failure>
}

/** What waits to be brought to the channel. */
export async function pushesWaiting(q: Queryable): Promise<Push[]> {
  const [groups, tags, theirs, open] = [
    await groupRows(q),
    (await tagRows(q)).map((tag) => ({ ...tag, retired: tag.retired_at !== null })),
    await mirrored(q),
    await openConflicts(q),
  ]
  return planPush(groups, tags, theirs, new Set(open.map((c) => c.ours_id)), TAGS_A_PUSH)
}

const RETRY_MS = { soon: 60_000, late: 600_000 }
/** The platform knows no such tag: it is gone already. Made by somebody else: not ours to change. */
const GONE = "40068"

/**
 * Brings to the channel what waits, some at a time; gives how many it brought. One process does it at once. What the channel would not
 * do is noted and not asked again; where it is out of reach, later.
 */
export async function pushTags(db: Db, catalogue: Catalogue | null, now: Date): Promise<number> {
  if (!catalogue) return 0
  const waiting = await tx(db, async (t) =>
    (await takeLease(t, PUSH_LEASE_MS)) ? (await pushesWaiting(t)).slice(0, PUSHES_A_ROUND) : null,
  )
  if (!waiting) return 0
  let problem: string | null = null
  let rest_ms = 0
  let brought = 0
  try {
    for (const push of waiting) {
      const failure = await bring(db, catalogue, push, now)
      if (!failure) brought++
      else {
        problem = failure.code
        const lasting = failure.class === "fix" || failure.class === "never"
        rest_ms = lasting ? RETRY_MS.late : RETRY_MS.soon
        if (!lasting || push.do === "create") break
      }
    }
  } finally {
    await dropLease(db, { pushed_at: brought > 0 ? now : null, problem, rest_ms })
  }
  return brought
}

async function bring(
  db: Db,
  catalogue: Catalogue,
  push: Push,
  now: Date,
): Promise<{ class: string; code: string } | null> {
  if (push.do === "create") {
    const answer = await catalogue.create(
      push.group_name,
      push.tags.map((tag) => tag.name),
    )
    if ("failure" in answer) return answer.failure
    await tx(db, (t) => made(t, push, answer, now))
    return null
  }
  if (push.do === "rename") {
    const answer = await catalogue.rename(push.ref, push.name)
    if ("failure" in answer) return refused(db, [push.ref], push.name, answer.failure)
    await tx(db, (t) => setRenamed(t, push.ref, push.name, now))
    return null
  }
  const answer = await catalogue.remove(push.refs)
  if ("failure" in answer && answer.failure.code !== GONE) return refused(db, push.refs, "", answer.failure)
  await tx(db, (t) => setRemoved(t, push.refs, now))
  return null
}

async function refused(db: Db, refs: string[], name: string, failure: Failure["failure"]) {
  if (failure.class === "fix" || failure.class === "never")
    await tx(db, (t) => setRefused(t, refs, name, failure.code))
  return failure
}

/** Ties what was made to ours, unless somebody has taken ours out of use meanwhile: then its end is brought next. */
async function made(
  t: Tx,
  push: Extract<Push, { do: "create" }>,
  answer: { group_ref: string | null; tag_refs: Record<string, string>; made: string[] },
  now: Date,
): Promise<void> {
  await lockTaxonomy(t)
  const known = new Map((await mirrored(t)).map((m) => [m.ref, m]))
  const tags = new Map((await tagRows(t)).map((tag) => [tag.id, tag]))
  const group_ref = answer.group_ref ?? ""
  const mine = push.tags.flatMap(({ id, name }) => {
    const ref = answer.tag_refs[name]
    const other = ref ? known.get(ref)?.ours_id : null
    return !ref || (other && other !== id) ? [] : [{ id, ref, name }]
  })
  const before = [...known.values()].filter((m) => m.gone && mine.some((one) => one.id === m.ours_id))
  await setTies(
    t,
    before.map((m) => ({ ref: m.ref, ours_id: null, agreed: null })),
  )
  await insertMade(
    t,
    mine.map(({ id, ref, name }) => ({
      ...{ ref, of: "tag" as const, group_ref, ours_id: id, name },
      made_by_us: answer.made.includes(name),
    })),
    now,
  )
  await tie(
    t,
    "tags_tags",
    mine
      .filter(({ id }) => tags.get(id)?.retired_at === null)
      .map(({ id, ref }) => ({ id, channel_ref: ref })),
  )
  if (!group_ref || known.get(group_ref)?.ours_id) return
  const fresh = !known.has(group_ref)
  await insertMade(
    t,
    [
      {
        ...{ ref: group_ref, of: "group" as const, group_ref, ours_id: push.group_id },
        ...{ name: push.group_name, made_by_us: fresh && answer.made.length === push.tags.length },
      },
    ],
    now,
  )
  await tie(t, "tags_groups", [{ id: push.group_id, channel_ref: group_ref }])
}
