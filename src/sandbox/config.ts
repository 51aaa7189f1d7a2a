import { z } from "zod"
import { limits } from "./limits.ts"

const text = (fallback: string) => z.string().min(1).default(fallback)

const schema = z.object({
  SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  SANDBOX_HOME: z.string().min(1, "SANDBOX_HOME must name a directory"),
  SANDBOX_SEED: text("siyu"),
  SANDBOX_SIZE: z.coerce.number().int().min(1).max(limits.size).default(2_000),
  SANDBOX_SCENARIO: z.enum(["lively", "calm", "quiet", "busy"]).default("lively"),
  SANDBOX_SYSTEM_URL: z.url().optional(),
  SANDBOX_START: z.iso.datetime({ offset: true }).optional(),
  SANDBOX_CLOCK: z.enum(["run", "paused", "lockstep"]).default("run"),
  SANDBOX_RATE: z.coerce.number().positive().max(1_000_000).default(1),
  SANDBOX_PARENT_PID: z.coerce.number().int().positive().optional(),
  SANDBOX_CONTROL_TOKEN: z.string().min(8, "SANDBOX_CONTROL_TOKEN needs 8 characters or more"),
  WECOM_CORP_ID: text("ww00sandbox000000"),
  WECOM_SECRET: text("sandbox-secret"),
  WECOM_AGENT_ID: z.coerce.number().int().default(1000002),
  WECOM_CALLBACK_TOKEN: z
    .string()
    .regex(/^[A-Za-z0-9]{1,32}$/)
    .default("sandboxToken01"),
  WECOM_CALLBACK_AES_KEY: z
    .string()
    .regex(/^[A-Za-z0-9]{43}$/, "WECOM_CALLBACK_AES_KEY is 43 letters and digits")
    .default("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"),
  SHOP_SECRET: text("sandbox-shop-secret"),
  ROBOT_SECRET: text("sandbox-robot-secret"),
})

export type Config = {
  port: number
  home: string
  seed: string
  size: number
  scenario: "lively" | "calm" | "quiet" | "busy"
  system_url?: string
  start_ms?: number
  /** How the clock of a new world starts. */
  clock?: { mode: "run" | "lockstep"; paused: boolean; rate: number }
  parent_pid?: number
  control_token: string
  corp_id: string
  secret: string
  agent_id: number
  callback_token: string
  callback_aes_key: string
  shop_secret: string
  robot_secret: string
}

/** The whole configuration is the environment. Answers one sentence per wrong variable instead of throwing. */
export function readConfig(env: Record<string, string | undefined>): Config | { wrong: string[] } {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  )
  const read = schema.safeParse(given)
  if (!read.success) {
    return { wrong: read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`) }
  }
  const e = read.data
  return {
    port: e.SANDBOX_PORT,
    home: e.SANDBOX_HOME,
    seed: e.SANDBOX_SEED,
    size: e.SANDBOX_SIZE,
    scenario: e.SANDBOX_SCENARIO,
    system_url: e.SANDBOX_SYSTEM_URL,
    start_ms: e.SANDBOX_START ? Date.parse(e.SANDBOX_START) : undefined,
    clock: {
      mode: e.SANDBOX_CLOCK === "lockstep" ? "lockstep" : "run",
      paused: e.SANDBOX_CLOCK === "paused",
      rate: e.SANDBOX_RATE,
    },
    parent_pid: e.SANDBOX_PARENT_PID,
    control_token: e.SANDBOX_CONTROL_TOKEN,
    corp_id: e.WECOM_CORP_ID,
    secret: e.WECOM_SECRET,
    agent_id: e.WECOM_AGENT_ID,
    callback_token: e.WECOM_CALLBACK_TOKEN,
    callback_aes_key: e.WECOM_CALLBACK_AES_KEY,
    shop_secret: e.SHOP_SECRET,
    robot_secret: e.ROBOT_SECRET,
  }
}
