import { z } from "zod"
import { isRefused } from "../../kernel/result.ts"
import { setClock } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"
import { askSandbox, type SandboxControl } from "./sandbox-panel/routes.ts"

const lent = z.object({
  anchor_real_ms: z.number(),
  anchor_shop_ms: z.number(),
  rate: z.number().nonnegative(),
  paused: z.boolean(),
})

/** Takes the shop clock that the sandbox lends into the row that every process reads. Gives whether it answered. */
export async function followSandboxClock(db: Db, control: SandboxControl): Promise<boolean> {
  const answer = await askSandbox(control, "GET", "clock")
  if (isRefused(answer)) return false
  const { anchor_real_ms, anchor_shop_ms, rate, paused } = lent.parse(answer)
  await setClock(
    db,
    { anchor_real: new Date(anchor_real_ms), anchor_shop: new Date(anchor_shop_ms), rate: paused ? 0 : rate },
    "sandbox",
  )
  return true
}
