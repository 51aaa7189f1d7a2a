import { type Refusal, refuse } from "../../kernel/result.ts"
import { closeSessionsOf } from "../../platform/auth/sessions.ts"
import type { Tx } from "../../platform/db.ts"
import { type Member, memberForUpdate, otherOwners, setStatus } from "./store.ts"

/** Somebody begins to leave and loses access at once. Refused: `not_found`, `not_active`, `last_owner`. */
export async function beginLeaving(
  t: Tx,
  id: string,
): Promise<Member | Refusal<"not_found" | "not_active" | "last_owner">> {
  const member = await memberForUpdate(t, id)
  if (!member) return refuse("not_found")
  if (member.status !== "active" && member.status !== "disabled")
    return refuse("not_active", { detail: { status: member.status } })
  if (member.role === "owner" && (await otherOwners(t, id)) === 0) return refuse("last_owner")
  await setStatus(t, id, "leaving")
  await closeSessionsOf(t, id)
  return member
}

/** They stay after all. Refused: `not_found`, `not_leaving`. */
export async function stopLeaving(t: Tx, id: string): Promise<Member | Refusal<"not_found" | "not_leaving">> {
  return move(t, id, "active")
}

/** Nothing is left in their hands: whoever calls this has made sure. Refused: `not_found`, `not_leaving`. */
export async function endLeaving(t: Tx, id: string): Promise<Member | Refusal<"not_found" | "not_leaving">> {
  return move(t, id, "left")
}

async function move(
  t: Tx,
  id: string,
  to: "active" | "left",
): Promise<Member | Refusal<"not_found" | "not_leaving">> {
  const member = await memberForUpdate(t, id)
  if (!member) return refuse("not_found")
  if (member.status !== "leaving") return refuse("not_leaving", { detail: { status: member.status } })
  await setStatus(t, id, to)
  return member
}
