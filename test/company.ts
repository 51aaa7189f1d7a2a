import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll } from "vitest"
import { startSandbox } from "../src/apps/server/sandbox-process.ts"
import { serve } from "../src/apps/server/serve.ts"
import { type Call, createClient } from "../src/kernel/client.ts"
import { dayNumber, dayString } from "../src/kernel/day.ts"
import type { SessionUser } from "../src/modules/staff/contract.ts"
import { readConfig } from "../src/platform/config.ts"
import { type Db, rows } from "../src/platform/db.ts"
import { createLog } from "../src/platform/log.ts"
import { freePort } from "../src/platform/postgres/index.ts"
import { testDatabase, until } from "../src/platform/testkit/index.ts"

export const OWNER = { login: "owner", password: "owner-password-1" }

/** A running company for stories: the real server on a real database, the real sandbox process behind the wire. */
export type Company = {
  /** Where the door is. */
  origin: string
  db: Db
  /** The typed client, as the owner or as whoever signs in. */
  as(who?: { login: string; password: string }): Promise<Call>
  /** The server process's work ends and begins again at the same address; the sandbox and the database live on. */
  restart(whileDown?: () => Promise<void>): Promise<void>
  /** The sandbox's own control. */
  sandbox(method: "GET" | "POST", path: string, body?: object): Promise<Record<string, unknown>>
  stop(): Promise<void>
}

export type World = {
  size?: number
  scenario?: "lively" | "calm" | "quiet" | "busy"
  /** The shop's moment at which it begins: ten o'clock this morning, so that no story hangs on the hour at which it is told. */
  start?: string
  seed?: string
  /** The shop's clock stands until somebody moves it. */
  paused?: boolean
  /** A real company on its first day: nobody behind the wire, nothing in the books. */
  empty?: boolean
}

/**
 * Starts one and waits until its past has come in: staff, contacts, groups over the WeCom wire, orders by the shop's door. Ends
 * with the test file.
 */
export async function startCompany(world: World = {}): Promise<Company> {
  const home = await mkdtemp(join(tmpdir(), "siyu-story-"))
  const { db, url } = await testDatabase()
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  process.env.SANDBOX_SIZE = String(world.size ?? 150)
  process.env.SANDBOX_SCENARIO = world.scenario ?? "quiet"
  const given = {
    SANDBOX_START: world.start ?? thisMorning(),
    SANDBOX_SEED: world.seed,
    SANDBOX_CLOCK: world.paused && "paused",
  }
  for (const [name, value] of Object.entries(given))
    if (value) process.env[name] = value
    else delete process.env[name]
  const config = readConfig({ SIYU_HOME: home, SIYU_OWNER_PASSWORD: OWNER.password, PORT: String(port) })
  const fallen: string[] = []
  const log = createLog({ home, name: "story", to: "file" })
  const sandbox = world.empty
    ? null
    : await startSandbox({ config, systemUrl: origin, fell: (why) => fallen.push(why) })
  const start = () =>
    serve({
      config,
      database_url: url,
      wecom: sandbox?.wecom ?? null,
      sandbox,
      host: "127.0.0.1",
      port,
      log,
    })
  let serving = await start()
  let stopped = false
  const company: Company = {
    origin,
    db,
    as: (who = OWNER) => signIn(origin, who),
    async restart(whileDown) {
      await serving.stop()
      await whileDown?.()
      serving = await start()
    },
    async sandbox(method, path, body) {
      if (!sandbox) throw new Error("an empty company has no sandbox")
      const response = await fetch(`${sandbox.origin}/sandbox/${path}`, {
        method,
        headers: {
          authorization: `Bearer ${sandbox.secrets.control_token}`,
          "content-type": "application/json",
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      const answer = (await response.json()) as Record<string, unknown>
      if (!response.ok) throw new Error(`sandbox ${path}: ${JSON.stringify(answer)}`)
      return answer
    },
    async stop() {
      if (stopped) return
      stopped = true
      await serving.stop()
      await sandbox?.stop(2_000)
      await rm(home, { recursive: true, force: true })
    },
  }
  afterAll(() => company.stop())
  if (!world.empty) await until(() => pastIsIn(company), 60_000)
  return company
}

/**
 * What went wrong behind the pages: facts that a handler cannot take, and people whose play cannot go on. A healthy company has
 * none, whatever else a story looks at.
 */
export async function ailments(db: Db): Promise<string[]> {
  const found = await rows<{ what: string }>(
    db,
    `select handler || ': ' || error as what from facts_parked where error is not null
     union select 'play: ' || reason from plays_enrolments where attempts > 0 or state = 'failed'`,
  )
  return found.map((r) => r.what)
}

const thisMorning = () => `${dayString(dayNumber(new Date()))}T10:00:00+08:00`

/** The shop's history is told to its end and the sync has run through. */
async function pastIsIn(company: Company): Promise<boolean> {
  const state = (await company.sandbox("GET", "state")) as {
    history: { done: boolean }
    waiting: { orders: number }
  }
  if (!state.history.done) return false
  const { rows } = await company.db.query("select 1 from groups_groups limit 1")
  return rows.length > 0
}

/** As a person does: who comes with a one-time password chooses their own first. */
async function signIn(origin: string, who: { login: string; password: string }): Promise<Call> {
  let cookie = ""
  const post = async (path: string, body: object) => {
    const response = await fetch(`${origin}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(cookie ? { cookie } : {}) },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`cannot sign in as ${who.login}: ${await response.text()}`)
    cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? ""
    return (await response.json()) as { user: SessionUser }
  }
  const { user } = await post("/api/session", who)
  if (user.must_change_password)
    await post("/api/session/password", { current: who.password, next: `${who.login}-own-password` })
  return createClient({
    origin,
    fetch: (input, init) => fetch(input, { ...init, headers: { ...(init?.headers as object), cookie } }),
  })
}
