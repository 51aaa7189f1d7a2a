import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Sandbox, startSandbox } from "../../src/apps/server/sandbox-process.ts"
import { outboxWorld } from "../../src/apps/server/world.ts"
import { newId } from "../../src/kernel/ids.ts"
import { sharedClock } from "../../src/platform/clock.ts"
import { readConfig } from "../../src/platform/config.ts"
import { type Db, oneRow, rows, tx } from "../../src/platform/db.ts"
import { createSend, makeTouchPartitions, planPiece } from "../../src/spine/outbox/index.ts"
import { openPlace } from "./place.ts"
import { eventually, type Options, type Outcome, pause, type Scenario, storm } from "./scenario.ts"
import { type Group, startWorker } from "./server.ts"

/** Ten in the morning of a Monday in Shanghai: nobody's night. */
const START = "2026-11-23T02:00:00Z"
const COMPANY = 240
const SENDS = 24
/** Every answer of the platform takes so long, so that a kill often falls between a call and its answer. */
const LATENCY_MS = 150
const EVERY_MS = 250
const READY_MS = 120_000
/** What a killed holder had in hand is taken over after 15 s; that WeCom has no task of it counts only after some minutes. */
const SETTLE_MS = 400_000

export const outbox: Scenario = {
  name: "outbox",
  about: "two worker processes hand touches to the sandbox's WeCom from one database while they are killed",
  kills: 6,
  async run(options) {
    const started = Date.now()
    const place = await openPlace()
    const home = await mkdtemp(join(tmpdir(), "siyu-chaos-sandbox-"))
    process.env.SANDBOX_SIZE = String(COMPANY)
    process.env.SANDBOX_SCENARIO = "quiet"
    process.env.SANDBOX_START = START
    // Nobody listens for callbacks: what the workers know of the company comes from asking.
    const sandbox = await startSandbox({
      config: readConfig({ SIYU_HOME: home, DATABASE_URL: place.url }),
      systemUrl: "http://127.0.0.1:9",
      fell: (why) => options.say(`the sandbox fell: ${why}`),
    })
    const running: (Group | null)[] = [null, null]
    try {
      await control(sandbox, "history", { skip: true })
      const start = () =>
        startWorker({ SIYU_HOME: home, DATABASE_URL: place.url, SIYU_SECRET_KEY: "chaos-secret-key-1" })
      await Promise.all(
        running.map(async (_, i) => {
          running[i] = await start()
        }),
      )
      const outcome = await sendAll(options, place.db, sandbox, running, start)
      return { ...outcome, seconds: Math.round((Date.now() - started) / 1000) }
    } catch (error) {
      for (const worker of running) if (worker) options.say(worker.said().slice(-1_000))
      throw error
    } finally {
      await Promise.all(running.map((w) => w?.kill()))
      await sandbox.stop(2_000)
      await place.stop()
      await rm(home, { recursive: true, force: true })
    }
  },
}

async function sendAll(
  { kills, say, size = SENDS }: Options,
  db: Db,
  sandbox: Sandbox,
  running: (Group | null)[],
  start: () => Promise<Group>,
): Promise<Outcome> {
  const customers = await eventually("the company is known", () => everybody(db, COMPANY / 2), READY_MS)
  await control(sandbox, "faults", { api: { latency_ms: LATENCY_MS } })
  const clock = await sharedClock(db)
  const world = outboxWorld([])
  await makeTouchPartitions(db, clock.now())
  const sends: string[] = []
  const slice = Math.floor(customers.length / size)
  const sending = (async () => {
    for (let n = 0; n < size; n++) {
      const list = customers.slice(n * slice, (n + 1) * slice)
      sends.push(await sendTo(db, world, list, `第 ${n} 条 ${newId()}`, clock.now()))
      await pause(EVERY_MS)
    }
  })()
  const killed = await storm(
    kills,
    running.map((_, i) => ({
      name: `worker_${i + 1}`,
      weight: 1,
      async killAndRevive() {
        await running[i]?.kill()
        running[i] = await start()
      },
    })),
    say,
  )
  await sending
  clock.stop()
  say(`${sends.length} sends to ${slice} customers each; waiting for the workers`)
  const touches = await eventually("every touch has an end", () => settled(db, sends), SETTLE_MS).catch(
    async (error: Error) => {
      const left = await rows(
        db,
        "select state, reason, count(*) as n from outbox_touches where cause_id = any($1) group by 1, 2",
        [sends],
      )
      throw new Error(`${error.message}: ${JSON.stringify(left)}`)
    },
  )
  const handed = touches.filter((t) => t.handed)
  const asked = await askedFor(sandbox)
  let lost = touches.filter((t) => t.state === "unknown").length
  let twice = 0
  for (const content of new Set(touches.map((t) => t.content))) {
    const here = handed.filter((t) => t.content === content).length
    const there = asked.get(content) ?? 0
    lost += Math.max(0, here - there)
    twice += Math.max(0, there - here)
  }
  return {
    name: "outbox",
    kills,
    acked: handed.length,
    applied: [...asked.values()].reduce((sum, n) => sum + n, 0),
    lost,
    twice,
    ok: lost + twice === 0 && handed.length > 0,
    seconds: 0,
    planned: touches.length,
    states: Object.fromEntries(
      [...new Set(touches.map((t) => t.state))].map((s) => [s, touches.filter((t) => t.state === s).length]),
    ),
    killed,
  }
}

async function everybody(db: Db, least: number): Promise<string[] | null> {
  const found = await rows<{ id: string }>(
    db,
    "select distinct customer_id as id from customers_contacts where removed_at is null order by 1",
  )
  return found.length >= least ? found.map((r) => r.id) : null
}

async function sendTo(
  db: Db,
  world: ReturnType<typeof outboxWorld>,
  customers: string[],
  text: string,
  now: Date,
): Promise<string> {
  const id = newId(now.getTime())
  await tx(db, (t) =>
    createSend(
      t,
      {
        id,
        author_id: newId(),
        message: {
          id,
          touch_kind: "send_private",
          nature: "service",
          when_capped: "leave_out",
          account_function: null,
          content: { text },
        },
        not_before: now,
        expires_at: new Date(now.getTime() + 6 * 3_600_000),
        approved: true,
      },
      now,
    ),
  )
  const audience = { sql: "select unnest($1::uuid[]) as customer_id", params: [customers] }
  while (!(await planPiece(db, world, id, audience, now)).done);
  return id
}

type Touch = { state: string; content: string; handed: boolean }

/** All touches of the sends once none of them waits for a worker any more. */
async function settled(db: Db, sends: string[]): Promise<Touch[] | null> {
  const { open } = await oneRow<{ open: number }>(
    db,
    "select count(*) as open from outbox_touches where cause_id = any($1) and state in ('unplaced', 'planned', 'sending', 'unknown')",
    [sends],
  )
  if (open > 0) return null
  return rows(
    db,
    `select o.state, m.content ->> 'text' as content,
       o.state in ('sent_to_staff', 'confirmed', 'delivered', 'not_friend', 'over_quota') as handed
     from outbox_touches o join outbox_messages m on m.id = o.message_id where o.cause_id = any($1)`,
    [sends],
  )
}

/** How many people the platform was asked to write to, by what it was asked to say: its own books, not ours. */
async function askedFor(sandbox: Sandbox): Promise<Map<string, number>> {
  const { tasks } = (await control(sandbox, "tasks")) as {
    tasks: { content: string; members: { asked: number }[] }[]
  }
  const asked = new Map<string, number>()
  for (const { content, members } of tasks)
    asked.set(content, (asked.get(content) ?? 0) + members.reduce((sum, m) => sum + m.asked, 0))
  return asked
}

async function control(sandbox: Sandbox, path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${sandbox.origin}/sandbox/${path}`, {
    method: body ? "POST" : "GET",
    headers: {
      authorization: `Bearer ${sandbox.secrets.control_token}`,
      "content-type": "application/json",
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const answer = (await response.json()) as Record<string, unknown>
  if (!response.ok) throw new Error(`sandbox ${path}: ${JSON.stringify(answer)}`)
  return answer
}
