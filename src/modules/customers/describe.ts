import { maskPhone } from "../../kernel/text.ts"
import type { Context } from "../../platform/http/index.ts"
import type { Reasons, Registry } from "../../spine/offers/index.ts"
import { readTraits } from "../../spine/traits/index.ts"
import { accountsById } from "../accounts/index.ts"
import { namesOfOwners, naming } from "./named.ts"
import { contactsOf, type Profile } from "./store.ts"

/** Where it is read, and the moment by which it is. */
type Asked = Pick<Context, "db" | "now">

/** All that is known of one customer, each class with its reason, in words where it points at things. */
export async function describe(ctx: Asked, profile: Profile, registry: Registry) {
  const offered = registry.traits
  const [contacts, known, owners, ...reasons] = await Promise.all([
    contactsOf(ctx.db, profile.id),
    readTraits(ctx.db, [profile.id]),
    namesOfOwners(ctx.db, [profile.owner_staff_id]),
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
  const named = await naming(ctx.db, registry, [...known.values()])
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
