import type { Config, WecomConfig } from "../../platform/config.ts"
import { openDb } from "../../platform/db.ts"
import { createLog, type Log } from "../../platform/log.ts"
import { migrate } from "../../platform/migrate.ts"
import { freePort, StartProblem } from "../../platform/postgres/index.ts"
import { stampOrRefuse } from "../../platform/stamp.ts"
import { beTheOnlyOne, openEmbedded } from "./embedded.ts"
import { addressOf, asProblem, refuseTakenPort } from "./problems.ts"
import { type Progress, progressTo } from "./progress.ts"
import { runningSandbox, type Sandbox, type SandboxAccess, startSandbox } from "./sandbox-process.ts"
import { atMost, listenForStop } from "./stopping.ts"

/**
 * The order in which a place comes up and goes down: database, schema, sandbox, server — and back, PostgreSQL
 * last, all within 8 s: 2.5 for the server to finish what it has begun, 1 for the sandbox, at most 4 for the last
 * checkpoint of PostgreSQL.
 */
const SERVER_STOP_MS = 2_500
const SANDBOX_STOP_MS = 1_000
const DATABASE_STOP_MS = 2_000
/** How long a start waits for a predecessor of the same home that is still going down. */
const PREDECESSOR_MS = 8_000

/** What the server is given to serve with. */
export type Surroundings = {
  config: Config
  /** Application role, schema up to date, stamped. */
  database_url: string
  /** The company's account at WeCom, be it real or the sandbox's; null: the manual channel alone. */
  wecom: WecomConfig | null
  sandbox: SandboxAccess | null
  /** Whether the sandbox's company is given accounts in every state; stories begin with what its directory holds. */
  furnish?: boolean
  /** Where the door is to be opened; 0 was already made a real port. */
  host: string
  port: number
  log: Log
}

/** A server that serves. */
export type Serving = {
  /** Printed once, at the first start, when no password was given. */
  one_time_password: string | null
  /** Finishes what is under way and lets go of everything; may be cut short. */
  stop(): Promise<void>
}

export type Serve = (given: Surroundings) => Promise<Serving>

/** Runs one process of the place until it is asked to end. Answers the exit code; says its problems itself. */
export async function supervise(config: Config, serve: Serve): Promise<number> {
  const progress = progressTo(process.stdout)
  const stopping = listenForStop()
  const broken = listenForBugs()
  const built = new Built()
  try {
    const up = bringUp(config, serve, progress, built, broken.tell)
    const first = await Promise.race([
      up.then(() => "up" as const),
      stopping.asked.then(() => "stop" as const),
      broken.bug,
    ])
    if (first === "up") await Promise.race([stopping.asked, broken.bug])
    progress.say("正在停止 … stopping")
    // Asked in the middle of the start: what has come up goes down, and so does what still comes.
    if (first === "stop")
      await atMost(
        up.catch(() => undefined),
        SERVER_STOP_MS,
        stopping.hasten,
      )
    await built.takeDown(stopping.hasten)
    progress.say("已停止。Stopped.")
    return 0
  } catch (error) {
    const problem = asProblem(error)
    process.stderr.write(`${problem.zh}\n${problem.en}\n`)
    await built.takeDown(stopping.hasten)
    return 1
  } finally {
    stopping.end()
    broken.end()
  }
}

/** What has come up, to be taken down in the opposite order. */
class Built {
  #steps: ((hasten?: AbortSignal) => Promise<unknown>)[] = []
  #closed = false

  /** Keeps how to take something down; what comes up after all was taken down goes down at once. */
  async keep(step: (hasten?: AbortSignal) => Promise<unknown>): Promise<void> {
    if (!this.#closed) {
      this.#steps.push(step)
      return
    }
    await step()
    throw new StartProblem("start_failed", "启动被中止。", "The start was broken off.")
  }

  async takeDown(hasten?: AbortSignal): Promise<void> {
    this.#closed = true
    for (const step of this.#steps.splice(0).reverse()) await step(hasten)
  }
}

/** A bug that nobody caught ends the process, but in order: with a last word in the log and PostgreSQL stopped. */
function listenForBugs() {
  let fail: (error: unknown) => void = () => undefined
  let log: Log | null = null
  const bug = new Promise<never>((_resolve, reject) => {
    fail = (error) => {
      log?.fatal({ err: error }, "a bug ends this process")
      reject(error)
    }
  })
  bug.catch(() => undefined)
  process.on("uncaughtException", fail).on("unhandledRejection", fail)
  return {
    bug,
    tell: (to: Log) => {
      log = to
    },
    end: () => process.off("uncaughtException", fail).off("unhandledRejection", fail),
  }
}

async function bringUp(
  config: Config,
  serve: Serve,
  progress: Progress,
  built: Built,
  logBugsTo: (log: Log) => void,
): Promise<void> {
  const port = config.port === 0 ? await freePort() : config.port
  if (config.role !== "worker") await refuseTakenPort(config.host, port)
  const log = createLog({
    home: config.home,
    name: config.role === "all" ? "server" : config.role,
    to: config.log,
  })
  logBugsTo(log)
  const database_url = config.database_url ?? (await startDatabase(config, progress, built, log))
  await progress.step("正在准备数据表 (schema)", () => prepareDatabase(database_url, config))
  const sandbox = await findSandbox(config, database_url, port, progress, built, log)
  const serving = await progress.step("正在启动服务 (server)", () =>
    serve({
      config,
      database_url,
      wecom: config.wecom ?? sandbox?.wecom ?? null,
      sandbox,
      furnish: sandbox !== null,
      host: config.host,
      port,
      log,
    }),
  )
  await built.keep((hasten) => atMost(serving.stop(), SERVER_STOP_MS, hasten))
  if (config.role === "worker") return progress.say("后台进程已就绪。The worker is ready.")
  progress.say(`\n  私域已就绪，请打开 (open)  ${addressOf(config.host, port)}`)
  if (serving.one_time_password) {
    progress.say(`  登录名 (login)  owner\n  一次性密码 (one-time password)  ${serving.one_time_password}`)
  }
  progress.say("  按 Ctrl-C 结束 (ends it)\n")
}

async function startDatabase(config: Config, progress: Progress, built: Built, log: Log): Promise<string> {
  const embedded = await progress.step("正在启动数据库 (PostgreSQL)", () =>
    openEmbedded({ home: config.home, say: progress.say, log }),
  )
  await built.keep(() => embedded.stop(DATABASE_STOP_MS))
  if (embedded.adopted) progress.say("接管了仍在运行的数据库。Adopted the PostgreSQL that was still running.")
  if (config.role !== "all") return embedded.url
  if (await embedded.beTheOnlyOne(PREDECESSOR_MS)) return embedded.url
  throw new StartProblem(
    "already_running",
    `${config.home} 已经有一个 Siyu 在运行：请先停止它，或用另一个 SIYU_HOME。`,
    `A Siyu is already running on ${config.home}: stop it first, or use another SIYU_HOME.`,
  )
}

async function prepareDatabase(url: string, config: Config): Promise<void> {
  const db = openDb({ url, max: 2, application_name: "siyu start" })
  try {
    await migrate(db)
    await stampOrRefuse(db, config.sandbox ? "sandbox" : "real")
  } finally {
    await db.end()
  }
}

async function findSandbox(
  config: Config,
  database_url: string,
  port: number,
  progress: Progress,
  built: Built,
  log: Log,
): Promise<SandboxAccess | null> {
  if (!config.sandbox) return null
  if (config.role !== "all") return runningSandbox(config.home)
  if (config.database_url) {
    // Several servers may share this database; the first of them runs the company.
    const first = await beTheOnlyOne(database_url, 0)
    if (!first) return runningSandbox(config.home)
    await built.keep(first)
  }
  const sandbox: Sandbox = await progress.step("正在启动虚拟企业 (sandbox)", () =>
    startSandbox({
      config,
      systemUrl: addressOf(config.host, port),
      fell: (why) => log.warn({ why }, "the sandbox ended and is started again"),
    }),
  )
  await built.keep(() => sandbox.stop(SANDBOX_STOP_MS))
  return sandbox
}
