import type { Clock } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"
import { rekey } from "./rekey.ts"
import { respell } from "./respell.ts"

const REST_MS = 60_000

/** What is done to those who were there before an upgrade, until everybody had their turn. */
export const upgradeLoops = ({ db, clock }: { db: Db; clock: Clock }) => [
  { name: "customers.rekey", rest_ms: REST_MS, round: () => rekey(db) },
  { name: "customers.respell", rest_ms: REST_MS, round: () => respell(db, clock.now()) },
]
