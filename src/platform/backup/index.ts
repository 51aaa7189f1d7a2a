export { type BackupResult, backup } from "./backup.ts"
export { type RestoreRefusal, type RestoreResult, restore } from "./restore.ts"
export type { TableRule } from "./tables.ts"
