import { type ChildProcess, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { setTimeout as pause } from "node:timers/promises"
import type { Config, WecomConfig } from "../../platform/config.ts"
import { freePort, generatedPassword, keptSecrets, readSecrets } from "../../platform/postgres/index.ts"
import { isAlive } from "../../platform/postgres/place.ts"

/** The virtual company beside us: a process of its own that is reached over the wire only, and outlives its falls. */
const LISTEN_WITHIN_MS = 60_000
const BACK_OFF_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000]
/** A life this long counts as well again: the next fall begins at the shortest wait. */
const WELL_AFTER_MS = 60_000
const LOG_BYTES = 8 * 1024 * 1024

export type SandboxSecrets = {
  corp_id: string
  agent_id: string
  wecom_secret: string
  callback_token: string
  callback_aes_key: string
  shop_secret: string
  robot_secret: string
  control_token: string
}

/** How to reach a running sandbox: as a company at WeCom, as a shop, and by its own controls. */
export type SandboxAccess = { port: number; origin: string; secrets: SandboxSecrets; wecom: WecomConfig }

export type Sandbox = SandboxAccess & {
  /** Asks it to end and answers when it has gone; it is killed when it takes longer. */
  stop(withinMs: number): Promise<void>
}

export type SandboxOptions = {
  config: Config
  /** Where the system will be reached: callbacks go there. */
  systemUrl: string
  /** Told of each fall; the process is started again by itself. */
  fell: (why: string) => void
}

/** Starts the sandbox and answers when it listens. Its port stays the same when it has to be started again. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { home } = options.config
  mkdirSync(join(home, "sandbox"), { recursive: true, mode: 0o700 })
  const secrets = sandboxSecrets(home)
  let stopping = false
  let child: ChildProcess | null = null
  let began = Date.now()
  let falls = 0

  const launch = async (port: number): Promise<number> => {
    began = Date.now()
    child = spawnSandbox(options, secrets, port)
    child.once("exit", (code, signal) => void again(signal ?? `exit ${code}`))
    return listening(child)
  }
  let port = 0
  const again = async (why: string) => {
    if (stopping || port === 0) return
    falls = Date.now() - began > WELL_AFTER_MS ? 0 : falls
    const wait = BACK_OFF_MS[Math.min(falls++, BACK_OFF_MS.length - 1)] ?? 0
    // A terminal's Ctrl-C reaches the sandbox too, maybe before us: only after a moment is it known for a fall.
    await pause(wait)
    if (stopping) return
    options.fell(why)
    await launch(port).catch(() => undefined)
  }
  port = await launch(await freePort())
  note(home, port)
  return {
    ...accessOf(port, secrets),
    async stop(withinMs) {
      stopping = true
      rmSync(noteFile(home), { force: true })
      if (child) await ended(child, withinMs)
    },
  }
}

/** The sandbox that another process of this home runs, or null. For the web and worker roles, and the CLI. */
export function runningSandbox(home: string): SandboxAccess | null {
  const secrets = readSecrets<SandboxSecrets>(home, "sandbox")
  if (!secrets) return null
  try {
    const { port, keeper } = JSON.parse(readFileSync(noteFile(home), "utf8")) as {
      port: number
      keeper: number
    }
    return isAlive(keeper) ? accessOf(port, secrets) : null
  } catch {
    // Not running, or just ending.
    return null
  }
}

function sandboxSecrets(home: string): SandboxSecrets {
  const alphanumeric = (length: number) => randomBytes(length).toString("hex").slice(0, length)
  return keptSecrets<SandboxSecrets>(home, "sandbox", () => ({
    corp_id: `ww${alphanumeric(16)}`,
    agent_id: "1000002",
    wecom_secret: generatedPassword(),
    callback_token: alphanumeric(24),
    callback_aes_key: `${alphanumeric(42)}E`,
    shop_secret: generatedPassword(),
    robot_secret: generatedPassword(),
    control_token: generatedPassword(),
  })).secrets
}

function accessOf(port: number, secrets: SandboxSecrets): SandboxAccess {
  const origin = `http://127.0.0.1:${port}`
  const wecom: WecomConfig = {
    corp_id: secrets.corp_id,
    secret: secrets.wecom_secret,
    agent_id: secrets.agent_id,
    callback_token: secrets.callback_token,
    callback_aes_key: secrets.callback_aes_key,
    api_base: origin,
    oauth_base: origin,
  }
  return { port, origin, secrets, wecom }
}

function spawnSandbox(
  { config, systemUrl }: SandboxOptions,
  secrets: SandboxSecrets,
  port: number,
): ChildProcess {
  const env: NodeJS.ProcessEnv = {
    // The virtual world is outside: of our settings it gets only what is listed here (its own may be given by hand).
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(SIYU|WECOM|DATABASE|npm)_/.test(name)),
    ),
    SANDBOX_PORT: String(port),
    SANDBOX_HOME: join(config.home, "sandbox"),
    SANDBOX_SYSTEM_URL: systemUrl,
    SANDBOX_PARENT_PID: String(process.pid),
    SANDBOX_CONTROL_TOKEN: secrets.control_token,
    WECOM_CORP_ID: secrets.corp_id,
    WECOM_SECRET: secrets.wecom_secret,
    WECOM_AGENT_ID: secrets.agent_id,
    WECOM_CALLBACK_TOKEN: secrets.callback_token,
    WECOM_CALLBACK_AES_KEY: secrets.callback_aes_key,
    SHOP_SECRET: secrets.shop_secret,
    ROBOT_SECRET: secrets.robot_secret,
  }
  const log = openLog(config.home)
  try {
    const args = ["--import", "tsx", join(config.root, "src/sandbox/main.ts")]
    return spawn(process.execPath, args, { cwd: config.root, env, stdio: ["ignore", "pipe", log] })
  } finally {
    closeSync(log)
  }
}

/** Waits for the line that names the port; what else it prints is its own affair. */
function listening(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the sandbox did not listen in time")), LISTEN_WITHIN_MS)
    const done = (settle: () => void) => {
      clearTimeout(late)
      settle()
    }
    child.once("error", (error) => done(() => reject(error)))
    child.once("exit", (code, signal) =>
      done(() => reject(new Error(`the sandbox ended at its start (${signal ?? code})`))),
    )
    if (!child.stdout) return
    createInterface({ input: child.stdout }).on("line", (line) => {
      const port = /"listening"\s*:\s*(\d+)/.exec(line)?.[1]
      if (port) done(() => resolve(Number(port)))
    })
  })
}

async function ended(child: ChildProcess, withinMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  child.kill("SIGTERM")
  const kill = setTimeout(() => child.kill("SIGKILL"), withinMs)
  await gone
  clearTimeout(kill)
}

function openLog(home: string): number {
  const folder = join(home, "logs")
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, "sandbox.log")
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(file, `${file}.1`)
  return openSync(file, "a", 0o600)
}

function noteFile(home: string): string {
  return join(home, "sandbox", "running.json")
}

function note(home: string, port: number): void {
  writeFileSync(noteFile(home), JSON.stringify({ port, keeper: process.pid }), { mode: 0o600 })
}
