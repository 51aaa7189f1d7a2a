/** The roles, in the order in which they are shown. */
export const ROLES = ["owner", "lead", "operator", "asset_keeper", "inspector", "viewer"] as const
export type Role = (typeof ROLES)[number]
