import type { z } from "zod"
import { newId } from "../../kernel/ids.ts"
import { type Refusal, refuse } from "../../kernel/result.ts"
import { hashPassword, oneTimePassword } from "../../platform/auth/passwords.ts"
import { closeSessionsOf } from "../../platform/auth/sessions.ts"
import type { Tx } from "../../platform/db.ts"
import type { AuditNote } from "../../platform/http/index.ts"
import type { saveStaff } from "./contract.ts"
import {
  insertMember,
  markGone,
  memberByLogin,
  memberForUpdate,
  otherOwners,
  setPassword,
  teamByName,
  updateMember,
  upsertListed,
} from "./store.ts"

type Saved = { id: string; one_time_password: string | null }

/** Adds a person or changes one. A first login and a reset give a one-time password; every change of rights ends sessions. */
export async function save(
  t: Tx,
  body: z.output<typeof saveStaff.body>,
  now: Date,
  note: (note: AuditNote) => void,
): Promise<Saved | Refusal<"login_taken" | "name_needed" | "last_owner" | "not_found">> {
  if (body.login) {
    const holder = await memberByLogin(t, body.login)
    if (holder && holder.id !== body.id) return refuse("login_taken", { field: "login" })
  }
  return body.id ? change(t, body.id, body, now, note) : add(t, body, now, note)
}

async function add(
  t: Tx,
  body: z.output<typeof saveStaff.body>,
  now: Date,
  note: (note: AuditNote) => void,
): Promise<Saved | Refusal<"name_needed" | "login_taken">> {
  if (!body.name || !body.role) return refuse("name_needed", { field: body.name ? "role" : "name" })
  const password = body.login ? oneTimePassword() : null
  const id = newId(now.getTime())
  const made = await insertMember(t, {
    id,
    name: body.name,
    role: body.role,
    login: body.login ?? null,
    password_hash: password ? await hashPassword(password) : null,
    must_change: true,
    now,
  })
  if (made === 0) return refuse("login_taken", { field: "login" })
  const team_id = body.team_name ? await teamByName(t, newId(now.getTime()), body.team_name, now) : null
  if (team_id)
    await updateMember(t, id, {
      name: body.name,
      role: body.role,
      status: "active",
      login: body.login ?? null,
      team_id,
    })
  note({ target: `staff:${id}`, after: { role: body.role, login: body.login ?? null, team_id } })
  return { id, one_time_password: password }
}

async function change(
  t: Tx,
  id: string,
  body: z.output<typeof saveStaff.body>,
  now: Date,
  note: (note: AuditNote) => void,
): Promise<Saved | Refusal<"not_found" | "last_owner">> {
  const before = await memberForUpdate(t, id)
  if (!before) return refuse("not_found", { field: "id" })
  const after = {
    name: body.name ?? before.name,
    role: body.role ?? before.role,
    status: body.status ?? before.status,
    login: body.login ?? before.login,
    team_id:
      body.team_name === undefined
        ? before.team_id
        : body.team_name === null
          ? null
          : await teamByName(t, newId(now.getTime()), body.team_name, now),
  }
  const stopsOwning = before.role === "owner" && (after.role !== "owner" || after.status !== "active")
  if (stopsOwning && (await otherOwners(t, id)) === 0) return refuse("last_owner")
  await updateMember(t, id, after)
  const fresh = (after.login !== null && before.password_hash === null) || body.reset_password === true
  const password = fresh && after.login ? oneTimePassword() : null
  if (password) await setPassword(t, id, await hashPassword(password), true)
  if (
    password ||
    after.role !== before.role ||
    after.status !== before.status ||
    after.team_id !== before.team_id
  )
    await closeSessionsOf(t, id)
  const seen = ({ role, status, login, team_id }: typeof after) => ({ role, status, login, team_id })
  note({
    target: `staff:${id}`,
    before: seen(before),
    after: { ...seen(after), password_reset: password !== null },
  })
  return { id, one_time_password: password }
}

export type ListedPerson = {
  ref: string
  name: string
  position: string
  status: "active" | "disabled" | "left"
}

/** Takes people as the channel lists them. */
export function takeListed(t: Tx, people: ListedPerson[], now: Date): Promise<void> {
  return upsertListed(
    t,
    people.map((p) => ({ id: newId(now.getTime()), ...p })),
    now,
  )
}

/** Takes that people are gone, as the channel tells it. It cannot be refused: they have no access from now on. */
export async function takeGone(t: Tx, refs: readonly string[], now: Date): Promise<void> {
  if (refs.length > 0) await markGone(t, refs, now)
}
