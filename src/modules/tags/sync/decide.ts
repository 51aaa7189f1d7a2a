import { type Refusal, refuse } from "../../../kernel/result.ts"
import type { Tx } from "../../../platform/db.ts"
import { allTags } from "../store.ts"
import { changeGroup, groupRows, renameTags, tagRows, tie } from "../store-taxonomy.ts"
import { insertVersion, lockTaxonomy } from "../taxonomy/store.ts"
import { standingFor, type UsersOf } from "../taxonomy/users.ts"
import { retire } from "../taxonomy.ts"
import { reconcile } from "./catalogue.ts"
import { leaveOut, mirrored, setTies, syncState } from "./store.ts"
import { type ConflictRow, decideConflictRow, lockConflict } from "./store-conflicts.ts"

type Refused = Refusal<"not_found" | "conflict_decided" | "name_taken" | "tag_in_use">

/**
 * Decides a question between ours and the channel's, once. Ours: the channel is brought in step with the team. Theirs: the taxonomy
 * changes, with a version, as by any decision.
 */
export async function decideConflict(
  t: Tx,
  id: string,
  choice: "ours" | "theirs",
  by: string,
  now: Date,
  users: UsersOf,
): Promise<ConflictRow | Refused> {
  await lockTaxonomy(t)
  const found = await lockConflict(t, id)
  if (!found) return refuse("not_found")
  if (found.decided_at) return refuse("conflict_decided")
  const problem = choice === "ours" ? await takeOurs(t, found) : await takeTheirs(t, found, by, now, users)
  if (problem) return problem
  await decideConflictRow(t, id, choice, by, now)
  if ((await syncState(t)).on) await reconcile(t, now)
  return found
}

async function takeOurs(t: Tx, c: ConflictRow): Promise<null> {
  if (c.kind === "name_taken") await leaveOut(t, [c.ref])
  // made anew where its group is kept there
  else if (c.kind === "deleted_there") await setTies(t, [{ ref: c.ref, ours_id: null, agreed: null }])
  // as if the channel had never changed it: then ours is what was changed
  else await setTies(t, [{ ref: c.ref, ours_id: c.ours_id, agreed: c.theirs }])
  return null
}

async function takeTheirs(
  t: Tx,
  c: ConflictRow,
  by: string,
  now: Date,
  users: UsersOf,
): Promise<Refused | null> {
  if (c.kind === "retired_here") {
    await setTies(t, [{ ref: c.ref, ours_id: null, agreed: null }])
    return null
  }
  if (c.kind === "name_taken") return tieInstead(t, c)
  if (c.kind === "deleted_there") return retireOurs(t, c, by, now, users)
  return renameOurs(t, c, by, now)
}

/** The one that ours was tied to so far is left there, and is none of ours any more. */
async function tieInstead(t: Tx, c: ConflictRow): Promise<null> {
  const before = (await mirrored(t)).filter((m) => m.ours_id === c.ours_id && m.ref !== c.ref)
  await leaveOut(
    t,
    before.map((m) => m.ref),
  )
  await setTies(t, [{ ref: c.ref, ours_id: c.ours_id, agreed: c.theirs }])
  await tie(t, c.of === "tag" ? "tags_tags" : "tags_groups", [{ id: c.ours_id, channel_ref: c.ref }])
  return null
}

async function retireOurs(
  t: Tx,
  c: ConflictRow,
  by: string,
  now: Date,
  users: UsersOf,
): Promise<Refused | null> {
  const found = await users(t, standingFor(await allTags(t), c.ours_id))
  if (found.length > 0) return refuse("tag_in_use", { detail: { users: found } })
  await retire(t, [c.ours_id], null, by, now)
  await setTies(t, [{ ref: c.ref, ours_id: null, agreed: null }])
  const tag = (await tagRows(t)).find((one) => one.id === c.ours_id)
  const group = (await groupRows(t)).find((one) => one.id === tag?.group_id)?.name ?? ""
  const what = { kind: "retire_tag" as const, group, tag: c.ours, to: null }
  await insertVersion(t, { at: now, by, proposal_id: null, what })
  return null
}

async function renameOurs(t: Tx, c: ConflictRow, by: string, now: Date): Promise<Refused | null> {
  const name = c.theirs ?? c.ours
  const groups = await groupRows(t)
  if (c.of === "group") {
    const group = groups.find((g) => g.id === c.ours_id)
    if (groups.some((g) => g.name === name && g.id !== c.ours_id)) return refuse("name_taken")
    if (group) await changeGroup(t, { ...group, name }, by, now)
    const what = { kind: "change_group" as const, group: c.ours, to: name }
    await insertVersion(t, { at: now, by, proposal_id: null, what })
  } else {
    const tags = await tagRows(t)
    const tag = tags.find((one) => one.id === c.ours_id)
    const taken = tags.some(
      (one) => one.group_id === tag?.group_id && one.name === name && !one.retired_at && one.id !== c.ours_id,
    )
    if (taken) return refuse("name_taken")
    await renameTags(t, [{ id: c.ours_id, name }], by, now)
    const group = groups.find((g) => g.id === tag?.group_id)?.name ?? ""
    const what = { kind: "rename_tag" as const, group, tag: c.ours, to: name }
    await insertVersion(t, { at: now, by, proposal_id: null, what })
  }
  await setTies(t, [{ ref: c.ref, ours_id: c.ours_id, agreed: name }])
  return null
}
