import type { Carry } from "../../spine/facts/index.ts"
import { publish, readTraits } from "../../spine/traits/index.ts"
import { classify } from "./compute.ts"
import { carrySteps } from "./ladder/store.ts"
import { STAGES } from "./shared.ts"

const STAGE = "customers.stage"

/** The higher step of the ladder that either had reached; the other classes follow from the orders and tags of both. */
export const carry: Carry = {
  name: "classes",
  tables: ["classes_steps", { table: "classes_step_downs", by: ["id"] }, "classes_layers"],
  async giveBack(t, { from, into }, now) {
    await classify(t, [from, into].sort(), now, "history")
    return undefined
  },
  async carry(t, { from, into }, now) {
    await carrySteps(t, { from, into })
    const known = await readTraits(t, [from, into], [STAGE])
    const [gone, kept] = [known.get(from)?.[STAGE], known.get(into)?.[STAGE]]
    const step = (stage: typeof gone) => (STAGES as readonly unknown[]).indexOf(stage?.value)
    if (gone && step(gone) > step(kept))
      await publish(
        t,
        {
          [STAGE]: [{ customer_id: into, value: gone.value, since: gone.since ?? now, why: gone.why ?? {} }],
        },
        now,
        { tell: "history" },
      )
    await classify(t, [into], now, "history")
  },
}
