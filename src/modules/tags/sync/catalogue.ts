import { newId } from "../../../kernel/ids.ts"
import type { Tx } from "../../../platform/db.ts"
import { bringInGroups, type ChannelGroup, followChannel, syncTags } from "../channel.ts"
import { type GroupRow, groupRows, type TagRow, tagRows, tie } from "../store-taxonomy.ts"
import { lockTaxonomy } from "../taxonomy/store.ts"
import { type ConflictKind, compare } from "./rules.ts"
import { followTies, type Mirrored, mirrored, seeCatalogue, setTies, syncState, type Tie } from "./store.ts"
import { type NewConflict, putUp } from "./store-conflicts.ts"

/**
 * Takes in the channel's whole catalogue as it stands there now. While our taxonomy is brought to the channel, what both changed and
 * what the channel changed of the team's own is put up as a question; else the team's taxonomy wins without a word.
 */
export async function takeCatalogue(t: Tx, groups: readonly ChannelGroup[], now: Date): Promise<void> {
  await lockTaxonomy(t)
  await seeCatalogue(t, groups, now)
  if ((await syncState(t)).on) return reconcile(t, now)
  await syncTags(t, groups, now)
  await followTies(t)
}

/** Brings ours in step with the catalogue as it was last seen. The taxonomy is locked. */
export async function reconcile(t: Tx, now: Date): Promise<void> {
  const seen = await mirrored(t)
  const found: NewConflict[] = []
  await matchGroups(
    t,
    seen.filter((m) => m.of === "group"),
    found,
    now,
  )
  // groups may have got a tie just now
  const home = new Map((await mirrored(t)).flatMap((m) => (m.of === "group" && !m.gone ? [[m.ref, m]] : [])))
  await matchTags(
    t,
    seen.filter((m) => m.of === "tag"),
    home,
    found,
    now,
  )
  await putUp(t, found, now)
}

function conflict(
  theirs: Mirrored,
  ours: Pick<GroupRow | TagRow, "id" | "name" | "changed_at" | "changed_by">,
  kind: ConflictKind,
  now: Date,
): NewConflict {
  return {
    id: newId(now.getTime()),
    of: theirs.of,
    kind,
    ref: theirs.ref,
    ours_id: ours.id,
    ours: ours.name,
    ours_at: ours.changed_at,
    ours_by: ours.changed_by,
    theirs: theirs.gone ? null : theirs.name,
    theirs_at: theirs.gone ? now : theirs.named_at,
  }
}

async function matchGroups(t: Tx, seen: readonly Mirrored[], found: NewConflict[], now: Date): Promise<void> {
  const ours = await groupRows(t)
  const ties: Tie[] = []
  const fresh: Mirrored[] = []
  const tied = new Set(seen.filter((m) => !m.gone).flatMap((m) => m.ours_id ?? []))
  for (const theirs of seen) {
    const known = ours.find((g) => g.id === theirs.ours_id)
    if (theirs.gone) ties.push({ ref: theirs.ref, ours_id: null, agreed: null })
    else if (known) {
      const verdict = compare({ ...known, retired: false, from_channel: false }, theirs)
      if (verdict.is === "conflict") found.push(conflict(theirs, known, verdict.kind, now))
      if (verdict.is === "same") ties.push({ ref: theirs.ref, ours_id: known.id, agreed: known.name })
    } else if (!theirs.left_out) {
      const same = ours.find((g) => g.name === theirs.name)
      if (same && tied.has(same.id)) found.push(conflict(theirs, same, "name_taken", now))
      else if (same) {
        tied.add(same.id)
        ties.push({ ref: theirs.ref, ours_id: same.id, agreed: same.name })
      } else fresh.push(theirs)
    }
  }
  await untieGone(t, "tags_groups", seen)
  const made = await bringInGroups(
    t,
    fresh.map((m) => ({ group_ref: m.ref, name: m.name })),
    ours.length,
    now,
  )
  await tie(
    t,
    "tags_groups",
    ties.flatMap((x) => (x.ours_id ? [{ id: x.ours_id, channel_ref: x.ref }] : [])),
  )
  const news = fresh.map((m, i) => ({ ref: m.ref, ours_id: made[i]!, agreed: m.name }))
  await setTies(t, [...ties, ...news])
}

const untieGone = (t: Tx, table: "tags_groups" | "tags_tags", seen: readonly Mirrored[]) =>
  tie(
    t,
    table,
    seen.flatMap((m) => (m.gone && m.ours_id ? [{ id: m.ours_id, channel_ref: null }] : [])),
  )

async function matchTags(
  t: Tx,
  seen: readonly Mirrored[],
  home: ReadonlyMap<string, Mirrored>,
  found: NewConflict[],
  now: Date,
): Promise<void> {
  const all = await tagRows(t)
  const byId = new Map(all.map((tag) => [tag.id, tag]))
  const key = (group_id: string, name: string) => `${group_id} ${name}`
  const names = new Map(all.filter((tag) => !tag.retired_at).map((tag) => [key(tag.group_id, tag.name), tag]))
  const tied = new Set(seen.filter((m) => !m.gone).flatMap((m) => m.ours_id ?? []))
  const ties: Tie[] = []
  const renamed: { id: string; name: string }[] = []
  const gone: TagRow[] = []
  const fresh: (Mirrored & { group_id: string })[] = []
  for (const theirs of seen) {
    const ours = theirs.ours_id ? byId.get(theirs.ours_id) : undefined
    if (ours) {
      const verdict = compare({ ...ours, retired: ours.retired_at !== null }, theirs)
      const free = !names.has(key(ours.group_id, theirs.name))
      if (verdict.is === "conflict") found.push(conflict(theirs, ours, verdict.kind, now))
      else if (verdict.is === "same" && theirs.gone)
        ties.push({ ref: theirs.ref, ours_id: null, agreed: null })
      else if (verdict.is === "same") ties.push({ ref: theirs.ref, ours_id: ours.id, agreed: ours.name })
      else if (verdict.is === "adopt" && verdict.what === "remove") gone.push(ours)
      else if (verdict.is === "adopt" && free) {
        names.set(key(ours.group_id, theirs.name), ours)
        renamed.push({ id: ours.id, name: theirs.name })
        ties.push({ ref: theirs.ref, ours_id: ours.id, agreed: theirs.name })
      } else if (verdict.is === "adopt") found.push(conflict(theirs, ours, "renamed_there", now))
      continue
    }
    const group_id = home.get(theirs.group_ref)?.ours_id
    if (theirs.gone || theirs.left_out || !group_id) continue
    const same = names.get(key(group_id, theirs.name))
    if (same && tied.has(same.id)) found.push(conflict(theirs, same, "name_taken", now))
    else if (same) {
      tied.add(same.id)
      ties.push({ ref: theirs.ref, ours_id: same.id, agreed: same.name })
      // deleted there and made again: the question of before is none any more
      ties.push(
        ...seen
          .filter((m) => m.gone && m.ours_id === same.id)
          .map((m) => ({ ref: m.ref, ours_id: null, agreed: null })),
      )
    } else fresh.push({ ...theirs, group_id })
  }
  await untieGone(t, "tags_tags", seen)
  const news = fresh.map((m) => ({ tag_ref: m.ref, name: m.name, group_id: m.group_id }))
  const made = await followChannel(t, { fresh: news, renamed, gone, behind: all.length }, now)
  await tie(
    t,
    "tags_tags",
    ties.flatMap((x) => (x.ours_id ? [{ id: x.ours_id, channel_ref: x.ref }] : [])),
  )
  const over = new Set(ties.filter((x) => x.ours_id === null).map((x) => x.ref))
  const begun = fresh.map((m, i) => ({ ref: m.ref, ours_id: made[i]!, agreed: m.name }))
  const left = gone.map((tag) => ({
    ref: seen.find((m) => m.ours_id === tag.id)!.ref,
    ours_id: null,
    agreed: null,
  }))
  await setTies(t, [...ties, ...begun, ...left])
  for (const ref of over) {
    const at = found.findIndex((c) => c.ref === ref)
    if (at >= 0) found.splice(at, 1)
  }
}
