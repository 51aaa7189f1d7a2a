import { maskPhone } from "../../kernel/text.ts"
import type { Context } from "../../platform/http/index.ts"
import { namesOf } from "../../spine/audiences/index.ts"
import type { Reasons, Registry } from "../../spine/offers/index.ts"
import { type Known, readTraits } from "../../spine/traits/index.ts"
import { accountsById } from "../accounts/index.ts"
import { staffNames } from "../staff/index.ts"
import { contactsOf, type Profile } from "./store.ts"

/** Where it is read, and the moment by which it is. */
type Asked = Pick<Context, "db" | "now">

export const namesOfOwners = (ctx: Asked, ids: (string | null)[]) =>
  staffNames(
    ctx.db,
    ids.filter((id) => id !== null),
  )

/** Traits whose words stand for things: what kind of thing, so that people read names and not ids. */
const WORDS_OF: Record<string, string> = {
  "tags.all": "tag",
  "groups.all": "group",
  "customers.accounts": "account",
  "customers.owner": "staff",
}

/** Words that are no ids of ours are shown as they are. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Gives the words of such traits their names; other values stay as they are. */
export async function naming(ctx: Asked, registry: Registry, all: Record<string, Known>[]) {
  const refs = Object.entries(WORDS_OF).flatMap(([trait, kind]) =>
    registry.names.has(kind)
      ? all.flatMap((known) => {
          const ids = [known[trait]?.value].flat().filter((id) => typeof id === "string" && UUID.test(id))
          return ids.map((id) => ({ kind, id: String(id) }))
        })
      : [],
  )
  const names = await namesOf(ctx.db, registry, refs)
  return (trait: string, value: Known["value"]) => {
    const kind = WORDS_OF[trait]
    if (!kind) return value
    if (Array.isArray(value)) return value.map((id) => names.of(kind, id))
    return typeof value === "string" ? names.of(kind, value) : value
  }
}

/** All that is known of one customer, each class with its reason, in words where it points at things. */
export async function describe(ctx: Asked, profile: Profile, registry: Registry) {
  const offered = registry.traits
  const [contacts, known, owners, ...reasons] = await Promise.all([
    contactsOf(ctx.db, profile.id),
    readTraits(ctx.db, [profile.id]),
    namesOfOwners(ctx, [profile.owner_staff_id]),
    ...registry.reasons.map((of) => of(ctx.db, profile.id, ctx.now)),
  ])
  const decided = Object.assign({}, ...reasons) as Awaited<ReturnType<Reasons>>
  const accounts = new Map(
    (
      await accountsById(
        ctx.db,
        contacts.map((c) => c.account_id),
      )
    ).map((a) => [a.id, a]),
  )
  const named = await naming(ctx, registry, [...known.values()])
  const { phone, ...rest } = profile
  return {
    ...rest,
    phone_masked: maskPhone(phone),
    owner_name: profile.owner_staff_id ? (owners.get(profile.owner_staff_id) ?? null) : null,
    contacts: contacts.map((c) => ({
      ...c,
      account_name: accounts.get(c.account_id)?.name ?? "",
      account_function: accounts.get(c.account_id)?.function ?? "",
    })),
    traits: Object.entries(known.get(profile.id) ?? {}).flatMap(([name, { value, since, why }]) => {
      const offer = offered.get(name)
      if (!offer) return []
      const shown = typeof value === "string" ? (offer.values?.[value] ?? null) : null
      return [
        {
          name,
          label: offer.label,
          kind: offer.kind,
          unit: offer.unit ?? null,
          shown,
          value: named(name, value),
          since,
          why: why ?? decided[name] ?? null,
        },
      ]
    }),
  }
}
