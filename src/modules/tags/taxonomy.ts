import { newId } from "../../kernel/ids.ts"
import { type Refusal, refuse } from "../../kernel/result.ts"
import type { Tx } from "../../platform/db.ts"
import { assign, remove } from "./commands.ts"
import type { Change } from "./contract.ts"
import { GROUPS_MAX, MOVE_BATCH, TAGS_MAX } from "./limits.ts"
import { wearers } from "./store.ts"
import {
  decideProposal,
  describeTag,
  groupRows,
  insertGroups,
  insertProposal,
  insertTags,
  lockProposal,
  renameTags,
  retireTags,
  tagRows,
} from "./store-taxonomy.ts"

type Refused = Refusal<"tag_unknown" | "group_unknown" | "name_taken" | "taxonomy_full">

/** Puts a change of the taxonomy up for decision; what could not be applied today is refused at once. */
export async function propose(
  t: Tx,
  change: Change,
  reason: string,
  by: string,
  now: Date,
): Promise<{ id: string } | Refused> {
  const problem = await problemOf(t, change)
  if (problem) return problem
  const id = newId(now.getTime())
  await insertProposal(t, { id, body: change, reason, by, at: now })
  return { id }
}

/** Decides a proposal, once; accepted, it is applied in the same transaction. */
export async function decide(
  t: Tx,
  id: string,
  decision: { accept: boolean; note: string },
  by: string,
  now: Date,
): Promise<{ applied: boolean } | Refused | Refusal<"not_found" | "already_decided">> {
  const proposal = await lockProposal(t, id)
  if (!proposal) return refuse("not_found")
  if (proposal.decided_at) return refuse("already_decided")
  const change = proposal.body as Change
  if (decision.accept) {
    const problem = await problemOf(t, change)
    if (problem) return problem
    await apply(t, change, by, now)
  }
  await decideProposal(t, { id, accepted: decision.accept, note: decision.note, by, at: now })
  return { applied: decision.accept }
}

async function problemOf(t: Tx, change: Change): Promise<Refused | null> {
  const [groups, tags] = [await groupRows(t), (await tagRows(t)).filter((tag) => !tag.retired_at)]
  const tag = (id: string) => tags.find((x) => x.id === id)
  const taken = (group_id: string, name: string, but?: string) =>
    tags.some((x) => x.group_id === group_id && x.name === name && x.id !== but)
  switch (change.kind) {
    case "add_group":
      if (groups.some((g) => g.name === change.name)) return refuse("name_taken", { field: "name" })
      return groups.length >= GROUPS_MAX ? refuse("taxonomy_full") : null
    case "add_tag":
      if (!groups.some((g) => g.id === change.group_id)) return refuse("group_unknown", { field: "group_id" })
      if (taken(change.group_id, change.name)) return refuse("name_taken", { field: "name" })
      return tags.length >= TAGS_MAX ? refuse("taxonomy_full") : null
    case "rename_tag": {
      const known = tag(change.tag_id)
      if (!known) return refuse("tag_unknown", { field: "tag_id" })
      return taken(known.group_id, change.name, known.id) ? refuse("name_taken", { field: "name" }) : null
    }
    case "describe_tag":
      return tag(change.tag_id) ? null : refuse("tag_unknown", { field: "tag_id" })
    case "retire_tag":
      if (!tag(change.tag_id)) return refuse("tag_unknown", { field: "tag_id" })
      if (change.replaced_by === null) return null
      return tag(change.replaced_by) && change.replaced_by !== change.tag_id
        ? null
        : refuse("tag_unknown", { field: "replaced_by" })
  }
}

async function apply(t: Tx, change: Change, by: string, now: Date): Promise<void> {
  const id = newId(now.getTime())
  switch (change.kind) {
    case "add_group": {
      const position = Math.max(0, ...(await groupRows(t)).map((g) => g.position)) + 1
      const { name, dimension, exclusive } = change
      await insertGroups(t, [{ id, name, dimension, exclusive, position, channel_ref: null }], now)
      return
    }
    case "add_tag": {
      const { kind: _, ...tag } = change
      const position = Math.max(0, ...(await tagRows(t)).map((x) => x.position)) + 1
      await insertTags(t, [{ id, ...tag, position, channel_ref: null, from_channel: false }], now)
      return
    }
    case "rename_tag":
      await renameTags(t, [{ id: change.tag_id, name: change.name }])
      return
    case "describe_tag":
      await describeTag(t, change.tag_id, change.definition, change.example)
      return
    case "retire_tag":
      await retire(t, [change.tag_id], change.replaced_by, by, now)
  }
}

/** Takes tags out of use; who had one gets the one it maps to. */
export async function retire(
  t: Tx,
  ids: readonly string[],
  replaced_by: string | null,
  by: string | null,
  now: Date,
): Promise<void> {
  const from = { source: "rule" as const, by, at: now }
  for (const tag_id of ids)
    for (;;) {
      const customers = await wearers(t, tag_id, MOVE_BATCH)
      if (customers.length === 0) break
      if (replaced_by)
        await assign(
          t,
          customers.map((customer_id) => ({ customer_id, tag_id: replaced_by })),
          from,
        )
      await remove(
        t,
        customers.map((customer_id) => ({ customer_id, tag_id })),
        from,
      )
    }
  await retireTags(t, ids, replaced_by, now)
}
