import type { AddressInfo } from "node:net"
import fastify from "fastify"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Db, oneRow, rows, run } from "../../platform/db.ts"
import { testDb, until } from "../../platform/testkit/index.ts"
import type { Happening } from "../protocol/index.ts"
import { wecomChannel } from "./channel.ts"
import { openClient } from "./client.ts"
import { openDoor } from "./door.ts"
import { pgPace } from "./pace.ts"
import { wecomRoutes } from "./routes.ts"
import { callbackCounts } from "./store-callbacks.ts"
import { wantCounts } from "./store-wants.ts"
import { runSync } from "./sync.ts"
import type { Sink } from "./tell.ts"
import { CORP } from "./testkit/index.ts"
import { type SandboxProcess, startSandbox } from "./testkit/sandbox.ts"
import { openTokens } from "./token.ts"
import { pgTokenStore } from "./token-store.ts"
import { openWire } from "./wire.ts"
import { startWorker, type Worker } from "./worker.ts"

/** 1 for every run; 8 makes some 5,000 events. */
const SCALE = Number(process.env.STREAM_SCALE ?? 1)
const SIZE = 200 * SCALE
const SCANS = 250 * SCALE
const PATIENCE_MS = 60_000 * SCALE
const HOUR_MS = 3_600_000

type Person = { external_userid: string; follows: { userid: string; lost?: boolean }[] }

let db: Db
let sandbox: SandboxProcess
let worker: Worker
const app = fastify()
const errors: unknown[] = []

/** What an app would know from what it is told, kept in the channel's own transaction. */
const sink: Sink = async (tx, happenings) => {
  await run(tx, "insert into told (body) select unnest($1::jsonb[])", [
    happenings.map((h) => JSON.stringify(h)),
  ])
}

beforeAll(async () => {
  db = await testDb()
  await db.query("create table told (n bigint generated always as identity primary key, body jsonb not null)")
  sandbox = await startSandbox({ SANDBOX_SIZE: String(SIZE) })
  const wire = openWire(sandbox.base)
  const plain = { seal: (text: string) => text, open: (text: string) => text }
  const tokens = openTokens({ ...CORP, store: pgTokenStore(db, plain), wire })
  const client = openClient({ wire, tokens, pace: pgPace(db) })
  const deps = { db, client, sink, now: sandbox.now }
  worker = startWorker({ ...deps, onError: (_where, error) => errors.push(error) })
  wecomRoutes(app, {
    db,
    door: openDoor({ ...CORP, replay_window_ms: 2 * HOUR_MS }),
    now: sandbox.now,
    onStored: worker.wake,
  })
  app.post("/callbacks/shop", async () => ({}))
  app.post("/callbacks/group-robot", async () => ({}))
  await app.listen({ port: 0, host: "127.0.0.1" })
  sync = (kind) => runSync(deps, kind)
  channel = wecomChannel(deps)
})
afterAll(async () => {
  await worker.stop()
  await app.close()
  await sandbox.end()
})
let sync: (kind: "full" | "sweep") => ReturnType<typeof runSync>
let channel: ReturnType<typeof wecomChannel>

const told = async () =>
  (await rows<{ body: Happening }>(db, "select body from told order by n")).map((r) => r.body)

async function everybody(): Promise<Person[]> {
  const all: Person[] = []
  for (let cursor: number | null = 0; cursor !== null; ) {
    const page: { people: Person[]; next_cursor: number | null } = await sandbox.control(
      `people?limit=200&cursor=${cursor}`,
    )
    all.push(...page.people)
    cursor = page.next_cursor
  }
  return all
}

/** Relations and groups as an app knows them from happenings alone. */
function knownFrom(happenings: Happening[]) {
  const relations = new Set<string>()
  const groups = new Map<string, string>()
  for (const h of happenings) {
    if (h.type === "contact_added" && !h.half) relations.add(`${h.external_ref} ${h.account_ref}`)
    if (h.type === "contact_deleted") relations.delete(`${h.external_ref} ${h.account_ref}`)
    if (h.type === "group_snapshot")
      groups.set(
        h.chat_ref,
        `${h.name}: ${h.members
          .map((m) => m.member_ref)
          .sort()
          .join(" ")}`,
      )
    if (h.type === "group_dismissed") groups.delete(h.chat_ref)
  }
  return { relations: [...relations].sort(), groups }
}

async function truth() {
  const people = await everybody()
  const relations = people.flatMap((p) => p.follows.map((f) => `${p.external_userid} ${f.userid}`)).sort()
  return { people, relations }
}

async function quiet(): Promise<void> {
  await until(async () => {
    const { waiting } = await sandbox.control<{ waiting: { events: number } }>("state")
    return waiting.events === 0
  }, PATIENCE_MS)
  await until(async () => {
    const [callbacks, wants] = [await callbackCounts(db), await wantCounts(db)]
    return callbacks.waiting === 0 && wants.waiting === 0
  }, PATIENCE_MS)
}

describe("a company that was there before", () => {
  it("is read in full: staff, tags, customers, groups, all as history", async () => {
    expect(await sync("full")).toMatchObject({ finished: true })
    const happenings = await told()
    const { relations } = await truth()
    expect(knownFrom(happenings).relations).toEqual(relations)
    expect(relations.length).toBeGreaterThan(SIZE / 2)
    expect(new Set(happenings.map((h) => h.origin))).toEqual(new Set(["history"]))
    const types = new Set(happenings.map((h) => h.type))
    for (const type of [
      "staff_listed",
      "tag_catalogue",
      "profile",
      "contact_added",
      "group_snapshot",
    ] as const)
      expect(types).toContain(type)
  })
  it("read again, it has nothing new to tell", async () => {
    const before = (await told()).length
    expect(await sync("sweep")).toMatchObject({
      finished: true,
      report: {
        tags_changed: false,
        contacts: { added: 0, changed: 0, missing: 0 },
        groups: { added: 0, changed: 0, missing: 0 },
      },
    })
    expect((await told()).length).toBe(before)
  })
})

describe("thousands of events, doubled, late, out of order, forged and lost", () => {
  it(
    "and one sweep: what was told is what is so, and nothing was told twice",
    async () => {
      const { port } = app.server.address() as AddressInfo
      expect(await sandbox.control("system", { url: `http://127.0.0.1:${port}` })).toMatchObject({
        verified: true,
      })
      await sandbox.control("faults", {
        callback: {
          doubled: 0.3,
          reordered: 0.3,
          lost: 0.1,
          late: 0.2,
          late_ms: 1_500,
          tampered: 0.02,
          wrong_receiver: 0.02,
        },
      })
      const before = (await told()).length
      const { people } = await truth()
      const { groups } = await sandbox.control<{ groups: { chat_id: string }[] }>("groups?limit=200")
      const { members } = await sandbox.control<{ members: { userid: string; serves_customers: boolean }[] }>(
        "staff",
      )
      const serving = members.filter((m) => m.serves_customers).map((m) => m.userid)
      const deeds: [string, Record<string, unknown>][] = serving.map((userid) => [
        "scan",
        { userid, state: "poster", count: Math.floor(SCANS / serving.length) },
      ])
      people.forEach(({ external_userid, follows }, n) => {
        const userid = follows[0]?.userid
        const chat_id = groups[n % groups.length]!.chat_id
        if (userid && n % 4 === 0) deeds.push(["delete", { external_userid, userid, by: "customer" }])
        if (userid && n % 4 === 1) deeds.push(["delete", { external_userid, userid, by: "member" }])
        if (userid && n % 4 === 2) deeds.push(["staff/edit", { external_userid, userid, remark: `第${n}位` }])
        if (n % 3 === 0) deeds.push(["join-group", { external_userid, chat_id }])
        if (n % 6 === 0)
          deeds.push(["leave-group", { external_userid, chat_id, by: n % 12 ? "self" : "owner" }])
      })
      deeds.push(["change-group", { chat_id: groups[0]!.chat_id, dismiss: true }])
      deeds.push(["change-group", { chat_id: groups[1]!.chat_id, name: "改了名的群" }])
      for (let from = 0; from < deeds.length; from += 40) {
        await Promise.all(deeds.slice(from, from + 40).map(([path, body]) => sandbox.control(path, body)))
        await sandbox.step(1_000)
      }
      await quiet()
      await sandbox.control("faults", { reset: true })
      await sandbox.step(HOUR_MS)
      expect(await sync("sweep")).toMatchObject({ finished: true })
      await quiet()

      const all = await told()
      const { relations } = await truth()
      const known = knownFrom(all)
      expect(known.relations).toEqual(relations)
      expect(await sync("sweep")).toMatchObject({
        report: {
          contacts: { added: 0, changed: 0, missing: 0 },
          groups: { added: 0, changed: 0, missing: 0 },
        },
      })
      const now = await sandbox.control<{ groups: { chat_id: string; name: string; dismissed: boolean }[] }>(
        "groups?limit=200",
      )
      expect([...known.groups.keys()].sort()).toEqual(
        now.groups
          .filter((g) => !g.dismissed)
          .map((g) => g.chat_id)
          .sort(),
      )

      const fresh = all.slice(before)
      const added = fresh
        .filter((h) => h.type === "contact_added")
        .map((h) => `${h.external_ref} ${h.account_ref}`)
      expect(new Set(added).size, "each adding is told once").toBe(added.length)
      const codes = fresh.flatMap((h) => (h.type === "contact_added" && h.welcome ? [h.welcome.code] : []))
      expect(new Set(codes).size, "each welcome code is given once").toBe(codes.length)
      expect(codes.length).toBeGreaterThan(SCANS * 0.8)
      const { n } = await oneRow<{ n: number }>(db, "select count(*)::int n from wecom_callbacks")
      expect(n).toBeGreaterThan(SCANS + SIZE / 2)
      expect(errors).toEqual([])
    },
    3 * PATIENCE_MS,
  )
})

describe("a welcome, end to end", () => {
  it("is told within a second of the scan, with a code that the platform takes", async () => {
    const began = Date.now()
    const { scanned } = await sandbox.control<{ scanned: { external_userid: string }[] }>("scan", {
      state: "w",
    })
    const ref = scanned[0]!.external_userid
    const happening = await until(async () =>
      (await told()).find((h) => h.type === "contact_added" && h.external_ref === ref),
    )
    expect(Date.now() - began).toBeLessThan(3_000)
    if (happening.type !== "contact_added" || !happening.welcome) throw new Error("no welcome")
    const { code, expires_at } = happening.welcome
    const delivery = await channel.deliver({
      id: "p",
      kind: "welcome",
      account_ref: happening.account_ref,
      recipients: [{ key: "k", ref }],
      payload: { code, expires_at: new Date(expires_at), content: { text: "欢迎" } },
    })
    expect(delivery).toMatchObject({ outcomes: [{ key: "k", outcome: "accepted" }] })
  })
})
