export const ACCOUNTS_MAX = 2_000
