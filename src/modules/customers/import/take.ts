import type { Tx } from "../../../platform/db.ts"
import { append } from "../../../spine/facts/index.ts"
import { enrolNewCustomers, rescopeCustomers } from "../../../spine/traits/index.ts"
import type { Failure, Job } from "../../imports/index.ts"
import { staffRows } from "../../staff/index.ts"
import { ownerChanged, profileChanged } from "../events.ts"
import { IDENTITY_RETRIES, OWNERS_MAX } from "../limits.ts"
import { type Identity, identityKey } from "../rules.ts"
import { lookUp } from "../store-ensure.ts"
import { copyIdentities, peopleForUpdate, rewritePeople, writePeople } from "../store-import.ts"
import { type Decided, decide, type Known } from "./decide.ts"
import type { CustomerFailure } from "./failures.ts"
import type { CustomerRow } from "./rows.ts"

/** Takes a set of rows: who they are, what they become, and the facts of it; in the caller's transaction. */
export async function takeCustomers(t: Tx, rows: readonly CustomerRow[], job: Job): Promise<Decided> {
  const staff = await directory(t)
  const decided = await settled(t, rows, job, staff)
  const made = await writePeople(t, decided.made, job.now)
  const ownerOf = new Map(decided.made.map((p) => [p.id, p.owner_staff_id]))
  await enrolNewCustomers(
    t,
    made.map(({ id, number }) => ({ customer_id: id, number, scope_id: ownerOf.get(id) ?? null })),
  )
  const changed = [...decided.changed.values()]
  await rewritePeople(
    t,
    changed.map(({ person }) => person),
    job.now,
  )
  const given = changed.filter(({ fields }) => fields.has("owner_staff_id")).map(({ person }) => person)
  await rescopeCustomers(
    t,
    given.map((p) => ({ customer_id: p.id, scope_id: p.owner_staff_id })),
  )
  await tell(t, decided, [...decided.made.filter((p) => p.owner_staff_id), ...given], job.now)
  return decided
}

/**
 * Decides, and writes the identities. Where another door wrote one of them a moment before, what it made is known now, and
 * everything is decided again.
 */
async function settled(
  t: Tx,
  rows: readonly CustomerRow[],
  job: Job,
  staff: Pick<Known, "staffOf" | "staffName">,
): Promise<Decided> {
  for (let tries = 1; ; tries++) {
    const { owners, people } = await whoAreKnown(t, rows)
    const decided = decide(rows, { owners, people, ...staff }, job)
    const sorted = inOrder(decided.identities)
    if (sorted.length === 0 || (await copyIdentities(t, sorted))) return decided
    if (tries === IDENTITY_RETRIES)
      throw new Error("identities of these rows are written elsewhere all the time")
  }
}

/** By their keys, so that two imports that write the same ones wait for each other in the same order. */
function inOrder<I extends Identity>(identities: readonly I[]): I[] {
  const keyed = identities.map((identity) => ({ key: identityKey(identity), identity }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ identity }) => identity)
}

/** Whose the identities of these rows are, and those people, held. */
export async function whoAreKnown(
  t: Tx,
  rows: readonly { identities: readonly Identity[] }[],
): Promise<Pick<Known, "owners" | "people">> {
  const asked = new Map<string, Identity>()
  for (const row of rows) for (const identity of row.identities) asked.set(identityKey(identity), identity)
  const owners = await lookUp(t, [...asked.values()])
  return { owners, people: await peopleForUpdate(t, [...new Set(owners.values())]) }
}

/** Who works here, as people write it in files: the login, the channel's id, or the name where only one has it. */
async function directory(t: Tx): Promise<Pick<Known, "staffOf" | "staffName">> {
  const all = await staffRows(t, OWNERS_MAX)
  const names = new Map(all.map(({ id, name }) => [id, name]))
  const by = new Map<string, Set<string>>()
  const plain = (text: string) => text.normalize("NFKC").trim().toLowerCase()
  for (const { id, name, login, channel_ref, status } of all) {
    if (status !== "active") continue
    for (const text of [name, login, channel_ref])
      if (text) by.set(plain(text), (by.get(plain(text)) ?? new Set()).add(id))
  }
  const exact = new Map(
    all.flatMap(({ id, login, channel_ref, status }) =>
      status === "active"
        ? [login, channel_ref].flatMap((text) => (text ? [[plain(text), id] as const] : []))
        : [],
    ),
  )
  return {
    staffName: (id) => names.get(id) ?? id,
    staffOf(text): string | Failure<CustomerFailure> {
      const known = exact.get(plain(text))
      if (known) return known
      const [id, other] = by.get(plain(text)) ?? []
      if (!id) return { failed: "unknown_owner", detail: text }
      return other ? { failed: "ambiguous_owner", detail: text } : id
    },
  }
}

/** What came in is told as history: nobody is welcomed and no play begins because a file was read. */
async function tell(
  t: Tx,
  { made, changed }: Decided,
  owned: readonly { id: string; owner_staff_id: string | null }[],
  now: Date,
): Promise<void> {
  const profiles = [
    ...made.map((p) => ({ id: p.id, at: p.first_contact_at ?? now, fields: ["profile"] })),
    ...[...changed].map(([id, { fields }]) => ({ id, at: now, fields: [...fields].sort() })),
  ]
  await append(t, [
    ...profiles.map(({ id, at, fields }) =>
      profileChanged.of({ subject: id, occurred_at: at, origin: "history", payload: { fields } }),
    ),
    ...owned.map((p) =>
      ownerChanged.of({
        subject: p.id,
        occurred_at: now,
        origin: "history",
        payload: { from_staff_id: null, to_staff_id: p.owner_staff_id },
      }),
    ),
  ])
}
