import { newId } from "../../kernel/ids.ts"
import { type Refusal, refuse } from "../../kernel/result.ts"
import type { Tx } from "../../platform/db.ts"
import { assign, remove } from "./commands.ts"
import type { Change, TagUser } from "./contract.ts"
import { GROUPS_MAX, MOVE_BATCH, TAGS_MAX } from "./limits.ts"
import { allTags, inherit, wearers } from "./store.ts"
import {
  changeGroup,
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
import { said } from "./taxonomy/said.ts"
import { readSettings } from "./taxonomy/settings.ts"
import { insertVersion, lockTaxonomy } from "./taxonomy/store.ts"
import { standingFor, type UsersOf } from "./taxonomy/users.ts"

type Refused = Refusal<"tag_unknown" | "group_unknown" | "name_taken" | "taxonomy_full" | "tag_in_use">
const nobody: UsersOf = async () => []

/** Puts a change of the taxonomy up for decision; what could not be applied today is refused at once. */
export async function propose(
  t: Tx,
  change: Change,
  reason: string,
  by: string,
  now: Date,
  users: UsersOf = nobody,
): Promise<{ id: string } | Refused> {
  const problem = (await problemOf(t, change)) ?? (await inUse(t, change, users))
  if (problem) return problem
  const id = newId(now.getTime())
  await insertProposal(t, { id, body: change, reason, by, at: now })
  return { id }
}

/**
 * Decides a proposal, once; accepted, it is applied in the same transaction and makes a version. A tag that is retired to nothing
 * while something uses it is refused with the names of its users; with a tag to take its place they go on with that.
 */
export async function decide(
  t: Tx,
  id: string,
  decision: { accept: boolean; note: string },
  by: string,
  now: Date,
  users: UsersOf = nobody,
): Promise<
  | { applied: boolean; version: number | null; goes_on: TagUser[] }
  | Refused
  | Refusal<"not_found" | "already_decided" | "own_proposal">
> {
  await lockTaxonomy(t)
  const proposal = await lockProposal(t, id)
  if (!proposal) return refuse("not_found")
  if (proposal.decided_at) return refuse("already_decided")
  const change = proposal.body as Change
  // To take one's own proposal back needs nobody else.
  if (decision.accept && proposal.proposed_by === by && (await readSettings(t)).second_person)
    return refuse("own_proposal")
  const decided = { id, accepted: decision.accept, note: decision.note, by, at: now }
  if (!decision.accept) {
    await decideProposal(t, decided)
    return { applied: false, version: null, goes_on: [] }
  }
  const problem = (await problemOf(t, change)) ?? (await inUse(t, change, users))
  if (problem) return problem
  const what = said(change, await groupRows(t), await tagRows(t))
  const goes_on = await usedBy(t, change, users)
  await apply(t, change, by, now)
  await decideProposal(t, decided)
  const version = await insertVersion(t, { at: now, by, proposal_id: id, what })
  return { applied: true, version, goes_on }
}

async function usedBy(t: Tx, change: Change, users: UsersOf): Promise<TagUser[]> {
  if (change.kind !== "retire_tag") return []
  return users(t, standingFor(await allTags(t), change.tag_id))
}

/** A rule that asks for nothing, or a play that gives nothing, would go wrong without a word. */
async function inUse(t: Tx, change: Change, users: UsersOf): Promise<Refused | null> {
  if (change.kind !== "retire_tag" || change.replaced_by !== null) return null
  const found = await usedBy(t, change, users)
  return found.length > 0 ? refuse("tag_in_use", { field: "replaced_by", detail: { users: found } }) : null
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
    case "change_group":
      if (!groups.some((g) => g.id === change.group_id)) return refuse("group_unknown", { field: "group_id" })
      return groups.some((g) => g.name === change.name && g.id !== change.group_id)
        ? refuse("name_taken", { field: "name" })
        : null
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
    case "change_group": {
      const { group_id, name, required, roles } = change
      await changeGroup(t, { id: group_id, name, required, roles }, by, now)
      return
    }
    case "rename_tag":
      await renameTags(t, [{ id: change.tag_id, name: change.name }], by, now)
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
      if (replaced_by) {
        const { assigned } = await assign(
          t,
          customers.map((customer_id) => ({ customer_id, tag_id: replaced_by })),
          from,
        )
        await inherit(t, assigned, tag_id)
      }
      await remove(
        t,
        customers.map((customer_id) => ({ customer_id, tag_id })),
        from,
      )
    }
  await retireTags(t, ids, replaced_by, by, now)
}
