/** What may be found wrong with an account. */
export const FINDING_KINDS = [
  "agreement_missing",
  "missing",
  "custodian_mismatch",
  "friends_off",
  "tags_off",
  "backup_old",
] as const
export type FindingKind = (typeof FINDING_KINDS)[number]
