export { type Cells, cellsOf } from "./cells.ts"
export { UPLOAD_ACTION } from "./contract.ts"
export { type WizardDoor, wizardDoors } from "./door.ts"
export { type Counts, type FailedRow, type ImportOptions, type ImportResult, importFile } from "./engine.ts"
export { failuresFile } from "./errors-file.ts"
export { expireImports } from "./expiry.ts"
export type { RowFailure } from "./failures.ts"
export {
  type Columns,
  type Failure,
  type ImportField,
  type ImportKind,
  type ImportKinds,
  importKinds,
  isFailure,
  type Job,
  type Outcome,
  type Taken,
} from "./kinds.ts"
export { IMPORT_EXPIRY_REST_MS, IMPORT_REST_MS } from "./limits.ts"
export { type Mapping, parseMapping } from "./mapping.ts"
export { IMPORT_REFUSALS } from "./refusals.ts"
export { routes } from "./routes.ts"
export { runNextImport } from "./run.ts"
