import { z } from "zod"
import type { SandboxClock } from "../clock.ts"
import type { Config } from "../config.ts"
import type { Engine } from "../engine.ts"
import type { World } from "../world/world.ts"

export type Control = {
  world: World
  clock: SandboxClock
  engine: Engine
  config: Config
  /** What the pusher, the doors and the wire have counted. */
  counters: () => Record<string, unknown>
  setSystem: (url: string) => Promise<Record<string, unknown>>
}

export type Reply = Record<string, unknown>
export type Refused = { refused: string; field?: string }
export type Route = {
  method: "GET" | "POST"
  path: string
  run: (c: Control, raw: Record<string, unknown>) => Reply | Refused | Promise<Reply | Refused>
}

export function route<S extends z.ZodType>(
  method: Route["method"],
  path: string,
  args: S,
  run: (c: Control, args: z.infer<S>) => Reply | Refused | Promise<Reply | Refused>,
): Route {
  return {
    method,
    path: `/sandbox/${path}`,
    run(c, raw) {
      const read = args.safeParse(raw)
      if (read.success) return run(c, read.data)
      const issue = read.error.issues[0]
      return { refused: "bad_request", field: issue?.path.join(".") ?? "", message: issue?.message ?? "" }
    },
  }
}

export const nothing = z.object({})
