import type { Db } from "../../platform/db.ts"
import { REKEY_BATCH } from "./limits.ts"
import { READINGS } from "./pinyin.ts"
import { rekeyCustomers } from "./store-keys.ts"
import { walkOnce } from "./walk.ts"

/** Gives those who were there before this version its keys; gives how many were done now. */
export const rekey = (db: Db, batch = REKEY_BATCH): Promise<number> =>
  walkOnce(db, { table: "customers_rekeyed", version: "readings" }, READINGS, batch, rekeyCustomers)
