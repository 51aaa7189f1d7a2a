import type { FastifyInstance } from "fastify"
import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { newId } from "../../../kernel/ids.ts"
import { type Db, oneRow, rows, run, tx } from "../../../platform/db.ts"
import { type Actor, createHttp } from "../../../platform/http/index.ts"
import { testDb, until } from "../../../platform/testkit/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { callOffPlay, deliverOnce, outboxOffers, type World } from "../../../spine/outbox/index.ts"
import {
  befriend,
  company,
  days,
  emptyOutbox,
  memoryChannel,
  minutes,
  NOON,
} from "../../../spine/outbox/outbox.fixture.ts"
import {
  activeVersions,
  carryPlays,
  endedAmong,
  endPlay,
  enter,
  type PlayWorld,
  stepPlays,
  tendEndings,
} from "../../../spine/plays/index.ts"
import { prepareTraits } from "../../../spine/traits/index.ts"
import * as customers from "../../customers/index.ts"
import { routes } from "../index.ts"

const lead: Actor = {
  kind: "staff",
  staff_id: newId(),
  name: "梁",
  role: "lead",
  can: () => true,
  scope: null,
}
let db: Db
let app: FastifyInstance
let world: World
let plays: PlayWorld
let channel: ReturnType<typeof memoryChannel>
let account: string
let prepared = false

beforeAll(async () => {
  db = await testDb()
})
beforeEach(async () => {
  await emptyOutbox(db)
  await run(db, "truncate plays_plays, plays_versions, plays_enrolments, plays_steps, plays_endings")
  channel = memoryChannel("m")
  const made = await company(db, channel.channel)
  account = made.accounts[0]!.id
  world = { ...made.world, over: endedAmong }
  const registry = createRegistry([outboxOffers(world), customers.offers])
  if (!prepared) await prepareTraits(db, registry)
  prepared = true
  plays = { registry, onStopped: callOffPlay }
  app = await createHttp({
    db,
    clock: { now: () => NOON },
    routes: routes({ registry: () => registry, maySee: async () => true }),
    resolveActor: async () => lead,
  })
})

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at as they came off the wire
type Wire = any
async function call(method: "GET" | "POST", url: string, payload?: object): Promise<Wire> {
  const answer = await app.inject({
    method,
    url: `/api/plays${url}`,
    headers: { authorization: "Bearer x" },
    ...(payload ? { payload } : {}),
  })
  return { status: answer.statusCode, ...answer.json() }
}

const message = (text: string, next: string | null) => ({
  kind: "action",
  action: { offer: "outbox.send_message", version: 1, args: { text, nature: "service" } },
  next,
})
const todo = (next: string | null) => ({
  kind: "action",
  action: { offer: "outbox.create_assignment", version: 1, args: { title: "问问" } },
  next,
})
/** A play whose people get a message and a task, and stand at a wait after it; or are through with the message. */
async function running(name: string, stays = true): Promise<string> {
  const wait = { kind: "wait", from: "here", days: 1, next: "late" }
  const nodes = {
    hello: message(name, stays ? "task" : null),
    ...(stays ? { task: todo("wait"), wait, late: message("明天", null) } : {}),
  }
  const definition = { entry: { on: "request" }, first: "hello", nodes }
  const { id } = await call("POST", "", { name, definition })
  await call("POST", `/${id}/publish`, { version: 1 })
  return id
}
async function letIn(play_id: string, people: readonly string[]): Promise<void> {
  const version = (await activeVersions(db)).find((one) => one.play_id === play_id)!
  await tx(db, (t) =>
    enter(
      t,
      version,
      people.map((customer_id) => ({ customer_id, cause: "asked", anchor_at: NOON })),
      NOON,
    ),
  )
}
const said = () =>
  channel.seen.map((parcel) => (parcel.payload as { content: { text: string } }).content.text)
const enrolments = (play_id: string) =>
  rows(
    db,
    "select state, reason, count(*)::int as n from plays_enrolments where play_id = $1 group by 1, 2 order by 1, 2",
    [play_id],
  )
async function tendAll(size: number): Promise<void> {
  while ((await tendEndings(db, plays, minutes(1), size)) > 0);
}

describe("a play that is ended for everybody in it", () => {
  it("sends nothing of it from the moment of the word, also of those who were through; tasks are called off, and other plays go on", async () => {
    const [ended, other] = [await running("结束的"), await running("别的")]
    const people = await befriend(db, account, 7)
    await letIn(ended, people)
    await letIn(other, people.slice(0, 1))
    await stepPlays(db, plays, NOON)
    // One of them has come to its end meanwhile; what it intended for them is still to go out.
    await run(
      db,
      "update plays_enrolments set state = 'done', ended_at = $2 where customer_id = $1 and play_id = $3",
      [people[6], NOON, ended],
    )
    expect((await call("GET", `/${ended}`)).inside).toBe(6)
    expect(await call("POST", `/${ended}/end`, { people: 5 })).toMatchObject({
      status: 409,
      code: "count_changed",
      detail: { people: 6 },
    })
    expect(await call("POST", `/${ended}/end`, { people: 6 })).toMatchObject({ status: 200, people: 6 })
    // Nobody has been led out yet.
    await deliverOnce(db, world, minutes(1))
    expect(said()).toEqual(["别的"])
    for (const [path, body] of [
      ["end", { people: 6 }],
      ["running", { running: true }],
      ["publish", { version: 1 }],
    ] as const)
      expect(await call("POST", `/${ended}/${path}`, body)).toMatchObject({
        status: 409,
        code: "play_ending",
      })

    await tendEndings(db, plays, minutes(1), 3)
    const half = await call("GET", `/${ended}`)
    expect(half).toMatchObject({ running: false, ending: { people: 6 } })
    expect(half.inside + half.ending.ended).toBe(6)
    await tendAll(3)
    expect(await enrolments(ended)).toEqual([
      { state: "done", reason: null, n: 1 },
      { state: "stopped", reason: "play_ended", n: 6 },
    ])
    expect(await enrolments(other)).toEqual([{ state: "active", reason: null, n: 1 }])
    expect(await call("GET", `/${ended}`)).toMatchObject({ running: false, inside: 0, ending: null })
    expect(
      await rows(db, "select state, count(*)::int as n from outbox_assignments group by 1 order by 1"),
    ).toEqual([
      { state: "cancelled", n: 7 },
      { state: "open", n: 1 },
    ])
    await stepPlays(db, plays, days(2))
    await deliverOnce(db, world, days(2))
    expect(said().filter((text) => text === "结束的")).toEqual([])
    expect(await call("GET", `/${ended}/why/${people[0]}`)).toMatchObject({
      enrolments: [{ state: "stopped", reason: "play_ended" }],
    })
    expect(
      await oneRow(
        db,
        "select before, after from platform_audit where action = 'plays.end' and target = $1",
        [`play:${ended}`],
      ),
    ).toEqual({ before: { running: true, inside: 6 }, after: { running: false, inside: 0 } })
  })

  it("calls off what is planned for later days, which nobody would come upon before", async () => {
    const ended = await running("以后再说", false)
    const people = await befriend(db, account, 4)
    await letIn(ended, people)
    await stepPlays(db, plays, NOON)
    await run(db, "update outbox_touches set day = day + 3, due_at = due_at + interval '3 days'")
    expect(await enrolments(ended)).toEqual([{ state: "done", reason: null, n: 4 }])
    await call("POST", `/${ended}/end`, { people: 0 })
    await tendAll(3)
    expect(
      await rows(db, "select state, reason, count(*)::int as n from outbox_touches group by 1, 2"),
    ).toEqual([{ state: "cancelled", reason: "play_ended", n: 4 }])
  })

  it("killed in the midst goes on where it stood: everybody is led out once", async () => {
    const ended = await running("断电")
    const people = await befriend(db, account, 10)
    await letIn(ended, people)
    await tx(db, (t) => endPlay(t, ended, 10, NOON))
    await tendEndings(db, plays, minutes(1), 4)
    const killed: PlayWorld = {
      ...plays,
      onStopped: () => Promise.reject(new Error("killed")),
    }
    await expect(tendEndings(db, killed, minutes(1), 4)).rejects.toThrow("killed")
    await Promise.all([tendAll(4), tendAll(4)])
    await tendAll(4)
    expect(await enrolments(ended)).toEqual([{ state: "stopped", reason: "play_ended", n: 10 }])
    const told = await rows(
      db,
      "select s.customer_id from plays_steps s where s.play_id = $1 and s.outcome = 'stopped'",
      [ended],
    )
    expect(told).toHaveLength(10)
    expect(await oneRow(db, "select people, ended from plays_endings")).toEqual({ people: 10, ended: 10 })
  })

  it("leads out also those who become somebody else meanwhile, whose place was gone over already", async () => {
    const ended = await running("合并")
    const people = await befriend(db, account, 6)
    await letIn(ended, people.slice(1))
    await tx(db, (t) => endPlay(t, ended, 5, NOON))
    await tendEndings(db, plays, minutes(1), 3)
    const pair = { from: people[5]!, into: people[0]! }
    await tx(db, (t) => carryPlays(callOffPlay).carry(t, pair, minutes(1)))
    await tendAll(3)
    expect(await enrolments(ended)).toEqual([{ state: "stopped", reason: "play_ended", n: 5 }])
    expect(await oneRow(db, "select ended from plays_endings")).toEqual({ ended: 5 })
  })

  it("does not race with who moves people: a step and an entry that were on their way find it over", async () => {
    const ended = await running("抢跑")
    const [inside, fresh] = await befriend(db, account, 2)
    await letIn(ended, [inside!])
    const waiting = () =>
      rows(
        db,
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      )
    const moving = await tx(db, async (t) => {
      await endPlay(t, ended, 1, NOON)
      // Both see the play running, since nothing is committed yet.
      const both = Promise.all([stepPlays(db, plays, NOON), letIn(ended, [fresh!])])
      await until(async () => (await waiting()).length === 2)
      return { both }
    })
    expect(await moving.both).toEqual([0, undefined])
    expect(await rows(db, "select 1 from outbox_touches")).toEqual([])
    expect(await enrolments(ended)).toEqual([{ state: "active", reason: null, n: 1 }])
  })
})
