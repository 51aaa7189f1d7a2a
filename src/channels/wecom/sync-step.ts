import type { Db, Tx } from "../../platform/db.ts"
import type { Failure, Happening } from "../protocol/index.ts"
import type { Client } from "./client.ts"
import type { Run } from "./store-runs.ts"
import type { Sink } from "./tell.ts"

export type SyncDeps = { db: Db; client: Client; sink: Sink; now(): Date }

/** One step's work: what to tell, how the run stands afterwards. Told and kept in one transaction. */
export type Step = {
  after: Run
  tell(t: Tx): Promise<Happening[]>
}
export type StepAnswer = Step | { failure: Failure }
