import { z } from "zod"
import type { SandboxClock } from "../clock.ts"
import type { Config } from "../config.ts"
import type { World } from "../world/world.ts"

export type Json = Record<string, unknown>

export type Ctx = {
  world: World
  clock: SandboxClock
  config: Config
  /** Shop time of this call in milliseconds. */
  at: number
  /** Raw body, for uploads. */
  body: Buffer
  content_type: string
}

export type Failure = { failed: number; hint?: string }
export type Answer = Json | Failure

export const fail = (errcode: number, hint?: string): Failure => ({
  failed: errcode,
  ...(hint ? { hint } : {}),
})
export const isFailure = (answer: Answer | unknown): answer is Failure =>
  typeof answer === "object" && answer !== null && typeof (answer as Failure).failed === "number"

export type Endpoint = {
  path: string
  method: "GET" | "POST" | "ANY"
  /** Default arrays that stand in every failure of this api, so that clients learn not to trust an empty list. */
  empty: Json
  /** Two calls in flight with the same pair conflict (45035). */
  pair: (raw: Json) => string | null
  /** Raw: query and body as they came. */
  call: (ctx: Ctx, raw: Json) => Answer
}

/** The code for a missing argument, by its name; anything else missing or mistyped is 40058. */
const missing: Record<string, number> = {
  userid: 40003,
  external_userid: 41035,
  media_id: 41006,
  agentid: 41011,
  welcome_code: 41049,
  msgid: 41046,
  moment_id: 41059,
  config_id: 41043,
  scene: 41038,
  type: 41037,
}

export function endpoint<S extends z.ZodType>(def: {
  path: string
  method?: Endpoint["method"]
  empty?: Json
  args: S
  pair?: Endpoint["pair"]
  run: (ctx: Ctx, args: z.infer<S>) => Answer
}): Endpoint {
  return {
    path: `/cgi-bin/${def.path}`,
    method: def.method ?? "POST",
    empty: def.empty ?? {},
    pair: def.pair ?? (() => null),
    call(ctx, raw) {
      const read = def.args.safeParse(raw)
      if (read.success) return def.run(ctx, read.data)
      const issue = read.error.issues[0]
      const field = String(issue?.path[0] ?? "")
      if (issue?.path.length === 1 && raw[field] === undefined)
        return fail(missing[field] ?? 40058, `missing ${field}`)
      return fail(40058, `invalid Request Parameter ${field}`)
    },
  }
}

export const none = z.object({})
export const text = z.string()
export const paging = { cursor: z.string().optional(), limit: z.number().int().optional() }
export const bit = z.union([z.boolean(), z.number()]).transform(Boolean)

export const seconds = (ms: number): number => Math.floor(ms / 1000)
export const byteLength = (value: string): number => Buffer.byteLength(value)
export const characters = (value: string): number => [...value].length
