import type { CallAnswer } from "../../../../kernel/client.ts"
import type { listRoles } from "../../../../modules/staff/contract.ts"
import { useTranslation } from "../../../../ui/words/use.ts"

export type Role = CallAnswer<typeof listRoles>["rows"][number]

const rightsOf = (role: Role) =>
  role.rights.flatMap((one) => one.verbs.map((verb) => `${one.module}.${verb}`))

/** What the second role may do that the first may not, as the server tells of both. */
export function more(than: Role, role: Role): string[] {
  const had = new Set(rightsOf(than))
  return rightsOf(role).filter((right) => !had.has(right))
}

/** Whose customers a role sees, in words. */
export function useScopeWord(): (role: Pick<Role, "scope" | "scope_in_team">) => string {
  const { t } = useTranslation()
  return ({ scope, scope_in_team }) =>
    t(scope === scope_in_team ? `roles.scope_${scope}` : "roles.scope_lead")
}
