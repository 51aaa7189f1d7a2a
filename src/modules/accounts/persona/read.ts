import type { Queryable } from "../../../platform/db.ts"
import { persona } from "./contract.ts"
import { keptPersona } from "./store.ts"

/** How an account shows itself; empty texts where nobody wrote any. */
export async function personaOf(q: Queryable, account_id: string) {
  return persona.parse((await keptPersona(q, account_id))?.persona ?? {})
}
