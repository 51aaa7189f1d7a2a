import { allows } from "../../kernel/permissions.ts"
import type { Role } from "./shared.ts"

/** Verbs by which permissions are named: `<module>.<verb>`. */
const READ_ALL = "*.read"

/**
 * What each role may do. `*` stands for every module or verb. The test that calls every operation as every role reads this
 * table; an operation whose permission nobody but the owner holds is meant to be so.
 */
export const ROLE_PERMISSIONS: Record<Role, readonly string[]> = {
  owner: ["*"],
  lead: [
    READ_ALL,
    "customers.write",
    "analytics.write",
    "customers.export",
    "customers.merge",
    "customers.reveal",
    "tags.write",
    "tags.approve",
    "tags.inspect",
    "segments.write",
    "sends.write",
    "sends.approve",
    "plays.write",
    "plans.write",
    "orders.write",
    "orders.export",
    "codes.write",
    "groups.write",
    "points.grant",
    "accounts.write",
    "accounts.count",
    "accounts.request",
    "accounts.reveal",
    "transfers.write",
    "imports.write",
    "channels.write",
    "sandbox.drive",
  ],
  operator: [
    "customers.read",
    "customers.write",
    "tags.read",
    "tags.write",
    "segments.read",
    "sends.read",
    "sends.write",
    "plays.read",
    "plans.read",
    "plans.write",
    "orders.read",
    "groups.read",
    "points.read",
    "accounts.read",
    "accounts.request",
    "codes.read",
    "staff.read",
  ],
  asset_keeper: [
    "accounts.read",
    "accounts.write",
    "accounts.count",
    "accounts.request",
    "accounts.reveal",
    "transfers.read",
    "staff.read",
    "plans.read",
    "plans.write",
    "codes.read",
  ],
  inspector: [
    "customers.read",
    "tags.read",
    "tags.inspect",
    "groups.read",
    "sends.read",
    "plays.read",
    "plans.read",
    "accounts.read",
    "accounts.count",
    "staff.read",
  ],
  viewer: ["analytics.read", "plans.read"],
}

/** Pure: what a role may do of all that endpoints ask for, by module, reading first. */
export function rightsOf(role: Role, asked: readonly string[]): { module: string; verbs: string[] }[] {
  const byModule = new Map<string, string[]>()
  const all = [...new Set(asked)].filter((permission) => permission.includes("."))
  const reading = (permission: string) => (permission.endsWith(".read") ? 0 : 1)
  for (const permission of all.sort((a, b) => reading(a) - reading(b))) {
    if (!allows(ROLE_PERMISSIONS[role], permission)) continue
    const [module = "", verb = ""] = permission.split(".")
    byModule.set(module, [...(byModule.get(module) ?? []), verb])
  }
  return [...byModule].map(([module, verbs]) => ({ module, verbs }))
}

/** Whose customers a role sees: everybody's, the team's, or one's own. A lead without a team leads everybody. */
export function scopeOf(role: Role, team_id: string | null): "all" | "team" | "own" {
  if (role === "operator") return "own"
  if (role === "lead") return team_id ? "team" : "all"
  return "all"
}
