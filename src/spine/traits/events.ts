import { z } from "zod"
import { defineFact } from "../facts/index.ts"

/** A class of a customer changed. Subject: the customer. `from` is null where nothing was known before. */
const change = z.object({ trait: z.string(), from: z.string().nullable(), to: z.string().nullable() })
export type TraitChange = z.output<typeof change>
export const traitChanged = defineFact("trait.changed", change)
