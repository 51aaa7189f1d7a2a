import { z } from "zod"
import { faultsSchema, noFaults } from "../faults.ts"
import { scenarios } from "../world/scenario.ts"
import { type Control, nothing, type Route, route } from "./route.ts"

const clockView = ({ clock }: Control) => {
  const { anchor_real_ms, anchor_shop_ms, rate, paused, mode } = clock.snapshot()
  return { anchor_real_ms, anchor_shop_ms, rate, paused, mode, now_ms: clock.now() }
}

const getClock = route("GET", "clock", nothing, clockView)

const setClock = route(
  "POST",
  "clock",
  z.object({
    rate: z.number().optional(),
    paused: z.boolean().optional(),
    shop_ms: z.number().int().optional(),
    mode: z.enum(["run", "lockstep"]).optional(),
    /** Lock-step goes on to this shop moment and then stands. */
    until_ms: z.number().int().optional(),
    /** Lock-step lets no more shop time pass at once, however little happens. */
    stride_ms: z.number().int().min(1_000).max(86_400_000).optional(),
    step_ms: z
      .number()
      .int()
      .min(0)
      .max(400 * 86_400_000)
      .optional(),
  }),
  async (c, { step_ms, until_ms, stride_ms, shop_ms, ...change }) => {
    const changed = c.clock.set(change)
    if (changed.refused) return { refused: changed.refused }
    if (shop_ms !== undefined && shop_ms < c.clock.now())
      return { refused: "clock_runs_forward_only", field: "shop_ms" }
    c.engine.setLockstep(until_ms, stride_ms)
    const forward_ms = step_ms ?? (shop_ms === undefined ? 0 : shop_ms - c.clock.now())
    if (forward_ms > 0) await c.engine.step(forward_ms)
    c.world.t.meta.put("clock", c.clock.snapshot())
    return clockView(c)
  },
)

const getFaults = route("GET", "faults", nothing, (c) => ({ faults: c.world.meta("faults") }))

const setFaults = route(
  "POST",
  "faults",
  z.looseObject({ reset: z.boolean().optional() }),
  (c, { reset, ...change }) => {
    const before = reset ? noFaults : c.world.meta("faults")
    const sections = ["callback", "api", "shop", "robot"] as const
    const merged = Object.fromEntries(
      sections.map((s) => [s, { ...before[s], ...(change[s] as object | undefined) }]),
    )
    const read = faultsSchema.safeParse(merged)
    if (!read.success) return { refused: "bad_request", field: read.error.issues[0]?.path.join(".") }
    c.world.t.meta.put("faults", read.data)
    return { faults: read.data }
  },
)

const setSystem = route(
  "POST",
  "system",
  z.object({ url: z.union([z.url(), z.literal("")]) }),
  (c, { url }) => c.setSystem(url),
)

const setHistory = route("POST", "history", z.object({ skip: z.literal(true) }), (c) => {
  c.world.t.meta.put("history", { next_person: c.world.size, done: true })
  return { history: c.world.meta("history") }
})

const getScenario = route("GET", "scenario", nothing, (c) => ({
  scenario: c.world.scenario,
  known: Object.keys(scenarios),
}))

const setScenario = route(
  "POST",
  "scenario",
  z.object({ scenario: z.enum(["lively", "calm", "quiet", "busy"]) }),
  (c, { scenario }) => {
    c.world.setScenario(scenario, c.clock.now())
    return { scenario }
  },
)

const killTokens = route("POST", "token/invalidate", nothing, (c) => {
  const tokens = [...c.world.t.tokens.rows.keys()]
  for (const token of tokens) c.world.t.tokens.del(token)
  return { invalidated: tokens.length }
})

export const settingRoutes: Route[] = [
  getClock,
  setClock,
  getFaults,
  setFaults,
  setSystem,
  setHistory,
  getScenario,
  setScenario,
  killTokens,
]
