import type { Happening } from "../protocol/index.ts"
import { type CallbackEvent, memberRefs } from "./event.ts"
import { SAME_ADDING_MS, SWEEP_GRACE_MS, WELCOME_LIFE_MS } from "./limits.ts"
import { textOf } from "./xml.ts"

/** What was last told of one account's relation to one person. */
export type Relation = {
  external_ref: string
  account_ref: string
  state: "half" | "added" | "left" | "deleted"
  changed_at: Date
  digest: string | null
}
export type Group = {
  chat_ref: string
  state: "active" | "dismissed"
  version: string
  expected_version: string
  changed_at: Date
  digest: string | null
  gaps: number
}
export type Want = { kind: "contact" | "group" | "tags"; ref: string; settle: boolean }
export type Told = {
  outcome: "handled" | "stale" | "ignored"
  happenings: Happening[]
}
/** A stored callback: when it reached us, by the shop's and by the machine's clock. */
export type Received = CallbackEvent & { received_at: Date; received_machine_at: Date }

/** The state that an event makes doubtful. Group detail follows its event by about two seconds. */
export function wantOf(event: CallbackEvent): Want | null {
  const changes = (...names: string[]) => names.includes(event.change)
  if (event.event === "change_external_tag") return { kind: "tags", ref: "all", settle: false }
  if (event.event === "change_external_chat") {
    const ref = textOf(event.fields, "ChatId")
    return ref && changes("create", "update", "dismiss") ? { kind: "group", ref, settle: true } : null
  }
  if (event.event !== "change_external_contact" || changes("transfer_fail", "msg_audit_approved")) return null
  const ref = textOf(event.fields, "ExternalUserID")
  return ref ? { kind: "contact", ref, settle: false } : null
}

const ignored: Told = { outcome: "ignored", happenings: [] }

/**
 * A welcome must be out 20 s after the event. The lag between event and reception is believed where it makes sense; where the
 * clocks disagree by more than a code's life, the platform is the judge and the whole life is counted from reception.
 */
export function welcomeOf(event: Received): { code: string; expires_at: Date } | undefined {
  const code = textOf(event.fields, "WelcomeCode")
  if (!code) return undefined
  const lag_ms = event.received_at.getTime() - event.create_time * 1000
  const used_ms = lag_ms > 0 && lag_ms < WELCOME_LIFE_MS ? lag_ms : 0
  return { code, expires_at: new Date(event.received_machine_at.getTime() + WELCOME_LIFE_MS - used_ms) }
}

/** Decides one event of a relation on what was told before; changes `relations` to what is told now. Key: account. */
export function tellContact(event: Received, relations: Map<string, Relation>): Told {
  const account_ref = textOf(event.fields, "UserID")
  const external_ref = textOf(event.fields, "ExternalUserID")
  if (!account_ref || !external_ref) return ignored
  const at = new Date(event.create_time * 1000)
  const held = relations.get(account_ref)
  const common = { at, origin: "live", account_ref, external_ref } as const
  const move = (state: Relation["state"], happening: Happening): Told => {
    relations.set(account_ref, {
      external_ref,
      account_ref,
      state,
      changed_at: at,
      digest: held?.digest ?? null,
    })
    return { outcome: "handled", happenings: [happening] }
  }
  const stale: Told = { outcome: "stale", happenings: [] }
  const older = held !== undefined && at < held.changed_at
  switch (event.change) {
    case "add_external_contact":
    case "add_half_external_contact": {
      const half = event.change === "add_half_external_contact"
      const known = held?.state === "added" && at.getTime() - held.changed_at.getTime() <= SAME_ADDING_MS
      if (older || known) return stale
      const state = textOf(event.fields, "State")
      const welcome = welcomeOf(event)
      return move(half ? "half" : "added", {
        ...common,
        type: "contact_added",
        half,
        ...(state ? { state } : {}),
        ...(welcome ? { welcome } : {}),
      })
    }
    case "del_external_contact":
      if (older || held?.state === "deleted") return stale
      return move("deleted", {
        ...common,
        type: "contact_deleted",
        by_transfer: textOf(event.fields, "Source") === "DELETE_BY_TRANSFER",
      })
    case "del_follow_user":
      if (older || held?.state === "left" || held?.state === "deleted") return stale
      return move("left", { ...common, type: "contact_left" })
    case "edit_external_contact":
      return { outcome: "handled", happenings: [{ ...common, type: "contact_edited" }] }
    case "msg_audit_approved":
      return { outcome: "handled", happenings: [{ ...common, type: "archive_agreed" }] }
    case "transfer_fail": {
      const why = textOf(event.fields, "FailReason")
      const reason =
        why === "customer_refused"
          ? "refused"
          : why === "customer_limit_exceed"
            ? "limit_exceeded"
            : "unknown"
      return { outcome: "handled", happenings: [{ ...common, type: "transfer_failed", reason }] }
    }
    default:
      return ignored
  }
}

/** Decides one event of the address book: only that somebody left cannot wait for the next listing. */
export function tellStaff(event: Received): Told {
  const account_ref = textOf(event.fields, "UserID")
  if (event.change !== "delete_user" || !account_ref) return ignored
  const at = new Date(event.create_time * 1000)
  return { outcome: "handled", happenings: [{ type: "staff_left", at, origin: "live", account_ref }] }
}

const JOIN_SCENES: Record<string, "invited" | "code"> = { "0": "invited", "1": "invited", "3": "code" }
const QUIT_SCENES: Record<string, "left" | "removed"> = { "0": "left", "1": "removed" }

/** Decides one event of a group; gives the group's row as it is to be kept. */
export function tellGroup(event: Received, held: Group | undefined): Told & { group?: Group } {
  const chat_ref = textOf(event.fields, "ChatId")
  if (!chat_ref) return ignored
  const at = new Date(event.create_time * 1000)
  const common = { at, origin: "live", chat_ref } as const
  if (held && at < held.changed_at) return { outcome: "stale", happenings: [] }
  const fresh = {
    chat_ref,
    state: "active",
    version: "",
    expected_version: "",
    digest: null,
    gaps: 0,
  } as const
  const group: Group = { ...(held ?? fresh), changed_at: at }
  const told = (happenings: Happening[], after: Group = group): Told & { group: Group } => ({
    outcome: "handled",
    happenings,
    group: after,
  })
  switch (event.change) {
    case "create":
      return told(held ? [] : [{ ...common, type: "group_created" }], { ...group, state: "active" })
    case "dismiss":
      if (held?.state === "dismissed") return { outcome: "stale", happenings: [] }
      return {
        outcome: "handled",
        happenings: [{ ...common, type: "group_dismissed" }],
        group: { ...group, state: "dismissed" },
      }
    case "update": {
      const before = textOf(event.fields, "LastMemVer")
      const after = textOf(event.fields, "CurMemVer")
      const known = group.expected_version || group.version
      const gap = before !== "" && known !== "" && before !== known
      const next = {
        ...group,
        expected_version: after || group.expected_version,
        gaps: group.gaps + (gap ? 1 : 0),
      }
      const member_refs = memberRefs(event.fields)
      const detail = textOf(event.fields, "UpdateDetail")
      if (detail === "add_member" && member_refs.length > 0) {
        const scene = JOIN_SCENES[textOf(event.fields, "JoinScene")] ?? "unknown"
        return told([{ ...common, type: "group_member_joined", member_refs, scene }], next)
      }
      if (detail === "del_member" && member_refs.length > 0) {
        const scene = QUIT_SCENES[textOf(event.fields, "QuitScene")] ?? "unknown"
        return told([{ ...common, type: "group_member_left", member_refs, scene }], next)
      }
      return told([], next)
    }
    default:
      return ignored
  }
}

/** One account's relation as the platform shows it now. `created_at` is absent in sparse answers. */
export type SeenFollow = { account_ref: string; created_at?: Date; state?: string; digest: string }

export type Reconciled = {
  happenings: Happening[]
  relations: Relation[]
  /** A relation so young that its own callback may still come: look again later. */
  too_young: boolean
  found: { added: number; deleted: number; changed: number }
}

/**
 * Brings what was told in line with the platform's answer. `complete`: a relation that the answer does not show is over.
 * The answer must have been asked for after everything in `held` was heard.
 */
export function reconcile(input: {
  external_ref: string
  held: readonly Relation[]
  seen: readonly SeenFollow[]
  complete: boolean
  now: Date
}): Reconciled {
  const { external_ref, now } = input
  const result: Reconciled = {
    happenings: [],
    relations: [],
    too_young: false,
    found: { added: 0, deleted: 0, changed: 0 },
  }
  const held = new Map(input.held.map((relation) => [relation.account_ref, relation]))
  const seen = new Set<string>()
  for (const follow of input.seen) {
    if (seen.has(follow.account_ref)) continue
    seen.add(follow.account_ref)
    const before = held.get(follow.account_ref)
    const at = follow.created_at ?? now
    const readded =
      before?.state === "left" &&
      follow.created_at &&
      at.getTime() > before.changed_at.getTime() + SAME_ADDING_MS
    if (before && (before.state === "added" || before.state === "left") && !readded) {
      if (before.digest === follow.digest) continue
      result.found.changed++
      result.relations.push({ ...before, digest: follow.digest })
      continue
    }
    if (follow.created_at && now.getTime() - at.getTime() < SWEEP_GRACE_MS) {
      result.too_young = true
      continue
    }
    result.found.added++
    result.relations.push({
      external_ref,
      account_ref: follow.account_ref,
      state: "added",
      changed_at: at,
      digest: follow.digest,
    })
    result.happenings.push({
      type: "contact_added",
      at,
      origin: "history",
      account_ref: follow.account_ref,
      external_ref,
      half: false,
      ...(follow.state ? { state: follow.state } : {}),
    })
  }
  if (!input.complete) return result
  for (const before of held.values()) {
    if (seen.has(before.account_ref) || (before.state !== "added" && before.state !== "left")) continue
    result.found.deleted++
    result.relations.push({ ...before, state: "deleted", digest: null })
    result.happenings.push({
      type: "contact_deleted",
      at: now,
      origin: "history",
      account_ref: before.account_ref,
      external_ref,
      by_transfer: false,
    })
  }
  return result
}
