import type { Change } from "../contract.ts"
import type { GroupRow, TagRow } from "../store-taxonomy.ts"
import type { What } from "./contract.ts"

/** Pure: a change in the names of the moment before it, for the history. */
export function said(change: Change, groups: readonly GroupRow[], tags: readonly TagRow[]): What {
  const group = (id: string | undefined) => groups.find((g) => g.id === id)?.name ?? ""
  const tag = (id: string | null) => tags.find((t) => t.id === id)
  switch (change.kind) {
    case "add_group":
      return { kind: change.kind, group: change.name }
    case "add_tag":
      return { kind: change.kind, group: group(change.group_id), tag: change.name, text: change.definition }
    case "change_group":
      return { kind: change.kind, group: group(change.group_id), to: change.name }
    default: {
      const known = tag(change.tag_id)
      const of = { kind: change.kind, group: group(known?.group_id), tag: known?.name ?? "" }
      if (change.kind === "rename_tag") return { ...of, to: change.name }
      if (change.kind === "describe_tag") return { ...of, text: change.definition }
      return { ...of, to: change.replaced_by === null ? null : (tag(change.replaced_by)?.name ?? "") }
    }
  }
}
