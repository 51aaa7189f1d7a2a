import { newId } from "../../../kernel/ids.ts"
import type { Failure } from "../../imports/index.ts"
import { type Identity, identityKey } from "../rules.ts"
import type { CustomerFailure } from "./failures.ts"
import type { CustomerRow } from "./rows.ts"

/** A customer as the import reads and leaves them. */
export type Person = {
  id: string
  name: string
  remark: string
  phone: string | null
  gender: number
  birthday: string | null
  region: string | null
  source_code: string | null
  owner_staff_id: string | null
  first_contact_at: Date | null
  opted_out_at: Date | null
  consented_at: Date | null
}

export type Known = {
  /** Whose these identities are. */
  owners: Map<string, string>
  people: Map<string, Person>
  /** What the owner that a row names is: a member of staff, or why not. */
  staffOf(text: string): string | Failure<CustomerFailure>
  staffName(id: string): string
}

export type Asked = { now: Date; by: string | null; scope: readonly string[] | null }
type Outcome = "imported" | "changed" | "skipped" | Failure<CustomerFailure>

export type Decided = {
  outcomes: Outcome[]
  /** Whose each row is; null for one that failed. */
  customers: (string | null)[]
  made: Person[]
  /** Known ones who became something else: who, and what of them. */
  changed: Map<string, { person: Person; fields: Set<string> }>
  identities: (Identity & { customer_id: string })[]
}

/**
 * What each row is, in the order of the file: a new customer, news of a known one, or nothing new. Whatever rows before it said
 * holds for a row, so that one person who stands in a file twice is one. Rows at odds with what is known, or with whom one may
 * see, fail and change nothing; what a row leaves empty stays as it is.
 */
export function decide(rows: readonly CustomerRow[], known: Known, asked: Asked): Decided {
  const decided: Decided = { outcomes: [], customers: [], made: [], changed: new Map(), identities: [] }
  const { owners, people } = known
  const fresh = new Set<string>()
  for (const row of rows) {
    const whose = whoIs(row, known, asked)
    const failed = typeof whose === "object" && whose !== null ? whose : null
    const before = typeof whose === "string" ? people.get(whose)! : null
    const after = failed ?? become(row, before, known, asked)
    decided.customers.push("failed" in after ? null : after.id)
    if ("failed" in after) {
      decided.outcomes.push(after)
      continue
    }
    people.set(after.id, after)
    let added = 0
    for (const identity of row.identities) {
      if (owners.has(identityKey(identity))) continue
      owners.set(identityKey(identity), after.id)
      decided.identities.push({ ...identity, customer_id: after.id })
      added++
    }
    const fields = before ? differing(before, after) : []
    if (!before) {
      fresh.add(after.id)
      decided.outcomes.push("imported")
    } else if (fields.length > 0 || added > 0) {
      const known = decided.changed.get(after.id)?.fields ?? new Set<string>()
      for (const field of added > 0 ? [...fields, "identities"] : fields) known.add(field)
      if (!fresh.has(after.id)) decided.changed.set(after.id, { person: after, fields: known })
      decided.outcomes.push("changed")
    } else decided.outcomes.push("skipped")
  }
  decided.made.push(...[...fresh].map((id) => people.get(id)!))
  for (const [id, change] of decided.changed) change.person = people.get(id)!
  return decided
}

/** The customer that the row's identities name, null where nobody is known by any of them. */
export function whoIs(
  { identities }: Pick<CustomerRow, "identities">,
  { owners, people }: Pick<Known, "owners" | "people">,
  { scope }: Pick<Asked, "scope">,
): string | null | Failure<"two_customers" | "not_yours"> {
  const known = identities.flatMap((identity) => owners.get(identityKey(identity)) ?? [])
  // Most rows of most files are about somebody new.
  if (known.length === 0) return null
  const ids = [...new Set(known)]
  const seen = ids
    .map((id) => people.get(id))
    .filter((person) => person !== undefined && maySee(person, scope))
  if (seen.length < ids.length) return { failed: "not_yours" }
  if (ids.length > 1)
    return { failed: "two_customers", detail: seen.map((p) => `「${calledBy(p!)}」`).join("和") }
  return ids[0] ?? null
}

const maySee = ({ owner_staff_id }: Person, scope: readonly string[] | null) =>
  scope === null || (owner_staff_id !== null && scope.includes(owner_staff_id))

const calledBy = ({ name, remark, id }: Person) => name || remark || id

function become(
  row: CustomerRow,
  before: Person | null,
  known: Known,
  { now, by, scope }: Asked,
): Person | Failure<CustomerFailure> {
  if (row.first_contact_at && row.first_contact_at > now) return { failed: "bad_date" }
  if (row.birthday && !row.birthday.startsWith("--") && new Date(row.birthday) > now)
    return { failed: "bad_birthday" }
  const given = row.owner === null ? null : known.staffOf(row.owner)
  if (given !== null && typeof given === "object") return given
  if (given && scope && !scope.includes(given)) return { failed: "owner_not_yours", detail: row.owner! }
  const has = before?.owner_staff_id ?? null
  if (given && has && given !== has)
    return { failed: "owned_by_another", detail: `「${known.staffName(has)}」` }
  if (row.consent === true && before?.opted_out_at) return { failed: "opted_out" }
  const phone = row.identities.find(({ kind }) => kind === "phone")?.value ?? null
  return {
    id: before?.id ?? newId(now.getTime()),
    name: row.name ?? before?.name ?? "",
    remark: row.remark ?? before?.remark ?? "",
    phone: phone ?? before?.phone ?? null,
    gender: row.gender || before?.gender || 0,
    birthday: row.birthday ?? before?.birthday ?? null,
    region: row.region ?? before?.region ?? null,
    // By which way somebody came is history: the first word on it holds.
    source_code: before?.source_code ?? row.source_code,
    // Whoever sees only the team's customers would never find again those that they brought and are nobody's.
    owner_staff_id: has ?? given ?? (before === null && scope ? by : null),
    first_contact_at: earlier(before?.first_contact_at ?? null, row.first_contact_at),
    opted_out_at: before?.opted_out_at ?? (row.consent === false ? now : null),
    consented_at: before?.consented_at ?? (row.consent === true ? now : null),
  }
}

const earlier = (a: Date | null, b: Date | null) => (a && b ? (a < b ? a : b) : (a ?? b))

function differing(before: Person, after: Person): string[] {
  return (Object.keys(after) as (keyof Person)[]).filter((field) => {
    const [a, b] = [before[field], after[field]]
    return a instanceof Date && b instanceof Date ? a.getTime() !== b.getTime() : a !== b
  })
}
