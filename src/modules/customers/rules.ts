export type Identity = { kind: IdentityKind; value: string }
/** `import` is the customer column of imported files: the company's own number or name, the same person in every file. */
export const IDENTITY_KINDS = ["unionid", "external_userid", "phone", "shop_buyer_id", "import"] as const
export type IdentityKind = (typeof IDENTITY_KINDS)[number]

/** Where one arrival names two known people, the more telling identity says which it is. */
export const identityStrength = (kind: IdentityKind): number => IDENTITY_KINDS.indexOf(kind)

/** Accounts that a person has with somebody who also tells their union id. A phone may be a household's. */
const VOUCHED: readonly IdentityKind[] = ["external_userid", "shop_buyer_id"]

/**
 * Whether one and the same arrival tells `identity` together with the union id of customer `id`: then the platform itself says
 * that they are one person, and nobody needs to be asked.
 */
export function vouchesFor(
  told: readonly Identity[],
  identity: Identity,
  id: string,
  owners: ReadonlyMap<string, string>,
): boolean {
  return (
    VOUCHED.includes(identity.kind) &&
    told.some((o) => identityKey(o) === identityKey(identity)) &&
    told.some((o) => o.kind === "unionid" && owners.get(identityKey(o)) === id)
  )
}

export const identityKey = (identity: { kind: string; value: string }) =>
  `${identity.kind}\u0000${identity.value}`

/**
 * Gathers arrivals that share an identity into persons: gives for each arrival the index of the first arrival of its person.
 */
export function gatherPersons(arrivals: readonly { identities: readonly Identity[] }[]): number[] {
  const parent = arrivals.map((_, i) => i)
  const root = (i: number): number => {
    let at = i
    while (parent[at] !== at) at = parent[at]!
    parent[i] = at
    return at
  }
  const seen = new Map<string, number>()
  arrivals.forEach(({ identities }, i) => {
    for (const identity of identities) {
      const key = identityKey(identity)
      const other = seen.get(key)
      if (other === undefined) seen.set(key, i)
      else {
        const [a, b] = [root(i), root(other)]
        parent[Math.max(a, b)] = Math.min(a, b)
      }
    }
  })
  return arrivals.map((_, i) => root(i))
}
