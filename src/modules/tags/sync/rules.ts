/** One of ours as the sync sees it. */
export type Ours = { id: string; name: string; retired: boolean; from_channel: boolean }
/** One of the channel's, with the name on which both last agreed. */
export type Theirs = { name: string; gone: boolean; agreed: string | null }

export type ConflictKind = "renamed_there" | "renamed_both" | "deleted_there" | "retired_here" | "name_taken"
export type Verdict =
  | { is: "same" }
  /** What only we changed goes to the channel. */
  | { is: "push"; what: "rename" | "remove" }
  /** What only the channel changed of its own comes to us. */
  | { is: "adopt"; what: "rename" | "remove" }
  | { is: "conflict"; kind: Exclude<ConflictKind, "name_taken"> }

/**
 * What is to be done about one of ours that is tied to one of the channel's. The team's taxonomy changes by decision only, so what the
 * channel changed of the team's own is a question; what it changed of its own is followed.
 */
export function compare(ours: Ours, theirs: Theirs): Verdict {
  const weChanged = ours.retired || ours.name !== theirs.agreed
  if (theirs.gone) {
    if (ours.retired) return { is: "same" }
    return ours.from_channel && !weChanged
      ? { is: "adopt", what: "remove" }
      : { is: "conflict", kind: "deleted_there" }
  }
  const theyChanged = theirs.name !== theirs.agreed
  if (ours.retired)
    return theyChanged ? { is: "conflict", kind: "retired_here" } : { is: "push", what: "remove" }
  if (ours.name === theirs.name) return { is: "same" }
  if (!theyChanged) return { is: "push", what: "rename" }
  if (weChanged) return { is: "conflict", kind: "renamed_both" }
  return ours.from_channel ? { is: "adopt", what: "rename" } : { is: "conflict", kind: "renamed_there" }
}

/** What the channel's catalogue has of ours, as the plan needs it. */
type Tied = Theirs & {
  ref: string
  of: "group" | "tag"
  group_ref: string
  ours_id: string | null
  made_by_us: boolean
  refused_name: string | null
}
type Group = { id: string; name: string; pushed: boolean; channel_ref: string | null }
type Tag = Ours & { group_id: string; channel_ref: string | null }

export type Push =
  | { do: "create"; group_id: string; group_name: string; tags: { id: string; name: string }[] }
  | { do: "rename"; ref: string; name: string }
  | { do: "remove"; refs: string[] }

/** What the team wants of one of the channel's that we made and that the channel has not refused; the empty name: that it goes. */
export function wanted(theirs: Tied, ours: Ours): string | null {
  const verdict = compare(ours, theirs)
  if (verdict.is !== "push") return null
  return verdict.what === "remove" ? "" : ours.name
}

/**
 * What is to be brought to the channel now: names and ends of what we made there, and the new tags of groups that are kept there. What
 * is asked about (`asked`) waits; a name that the channel refused is not tried again.
 */
export function planPush(
  groups: readonly Group[],
  tags: readonly Tag[],
  theirs: readonly Tied[],
  asked: ReadonlySet<string>,
  at_once: number,
): Push[] {
  const pushes: Push[] = []
  const removed: string[] = []
  const tagOf = new Map(tags.map((tag) => [tag.id, tag]))
  const groupOf = new Map(groups.map((g) => [g.id, { ...g, retired: false, from_channel: false }]))
  for (const one of theirs) {
    const ours = one.ours_id === null ? undefined : (one.of === "tag" ? tagOf : groupOf).get(one.ours_id)
    if (!ours || one.gone || !one.made_by_us || asked.has(ours.id)) continue
    const name = wanted(one, ours)
    if (name === null || name === one.refused_name) continue
    if (name === "") removed.push(one.ref)
    else pushes.push({ do: "rename", ref: one.ref, name })
  }
  const there = new Map(theirs.filter((t) => t.of === "group" && !t.gone).map((t) => [t.ref, t.name]))
  for (const group of groups.filter((g) => g.pushed)) {
    const fresh = tags.filter(
      (tag) => tag.group_id === group.id && !tag.retired && tag.channel_ref === null && !asked.has(tag.id),
    )
    for (let from = 0; from < fresh.length; from += at_once)
      pushes.push({
        do: "create",
        group_id: group.id,
        group_name: (group.channel_ref && there.get(group.channel_ref)) || group.name,
        tags: fresh.slice(from, from + at_once).map(({ id, name }) => ({ id, name })),
      })
  }
  return removed.length > 0 ? [{ do: "remove", refs: removed.slice(0, at_once) }, ...pushes] : pushes
}
