import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { type Db, oneRow, rows, run, tx } from "../../platform/db.ts"
import { testDb, until } from "../../platform/testkit/index.ts"
import { mergeSubjects } from "../facts/index.ts"
import {
  carryPlays,
  enterAudiences,
  outcomesOf,
  preview,
  publishVersion,
  readDefinition,
  saveDraft,
  setRunning,
  stepPlays,
  why,
} from "./index.ts"
import { bought, came, clicked, note, prepareShop, theatre } from "./plays.fixture.ts"

let db: Db
let stage: Awaited<ReturnType<typeof theatre>>
beforeAll(async () => {
  db = await testDb()
  stage = await theatre(db)
  await prepareShop(db, stage.world.registry)
})
beforeEach(async () => {
  await run(db, "update plays_plays set running = false")
  await run(db, "truncate test_done")
  stage.told.fail = () => false
  stage.told.crash = false
})

/** Shanghai clock on a day of November 2026. */
const at = (day: number, clock: string) =>
  new Date(`2026-11-${String(day).padStart(2, "0")}T${clock}:00+08:00`)
const cameAt = (customer: string, when: Date) =>
  came.of({ subject: customer, occurred_at: when, payload: { door: "a" } })
const boughtAt = (customer: string, when: Date) =>
  bought.of({ subject: customer, occurred_at: when, payload: { fen: 100 } })
const entry = { on: "fact", fact: "test.came" }
const timeline = {
  entry,
  stop: { facts: [{ fact: "test.bought" }] },
  first: "d0",
  nodes: {
    d0: { kind: "wait", from: "anchor", at: "09:00", next: "hello" },
    hello: note("D0", "d1"),
    d1: { kind: "wait", from: "anchor", days: 1, at: "20:00", next: "second" },
    second: note("D1", "d3"),
    d3: { kind: "wait", from: "anchor", days: 3, at: "20:00", next: "third" },
    third: note("D3"),
  },
}

describe("a timeline of steps", () => {
  it("added at 21:30, the 09:00 step of day 0 goes out the next day at 09:00: never early, never skipped silently", async () => {
    await stage.publish(timeline, at(1, "00:00"))
    const customer = newId()
    await stage.at(at(2, "21:30"), [cameAt(customer, at(2, "21:30"))])
    await stage.at(at(3, "08:59"))
    expect(await stage.done(customer)).toEqual([])
    await stage.at(at(3, "09:00"))
    await stage.at(at(3, "20:00"))
    await stage.at(at(5, "20:00"))
    expect((await stage.done(customer)).map((d) => [d.what, d.at])).toEqual([
      ["D0", at(3, "09:00")],
      ["D1", at(3, "20:00")],
      ["D3", at(5, "20:00")],
    ])
  })

  it("with the setting at once, the step whose window has passed is done at once", async () => {
    await stage.publish({ ...timeline, when_window_passed: "now" }, at(1, "00:00"))
    const customer = newId()
    await stage.at(at(2, "21:30"), [cameAt(customer, at(2, "21:30"))])
    expect((await stage.done(customer)).map((d) => d.at)).toEqual([at(2, "21:30")])
  })

  it("who buys on day 2 gets no day 3 step, what was intended is called off, and the enrolment says why", async () => {
    const play = await stage.publish(timeline, at(1, "00:00"))
    const customer = newId()
    await stage.at(at(2, "08:00"), [cameAt(customer, at(2, "08:00"))])
    for (const [day, clock] of [
      [2, "09:00"],
      [3, "20:00"],
    ] as const)
      await stage.at(at(day, clock))
    await stage.at(at(4, "10:00"), [boughtAt(customer, at(4, "10:00"))])
    await stage.at(at(5, "20:00"))
    expect((await stage.done(customer)).map((d) => d.what)).toEqual(["D0", "D1"])
    const told = (await why(db, play, customer)).enrolments[0]!
    expect(told).toMatchObject({ state: "stopped", reason: "fact:test.bought" })
    expect(stage.stopped).toContain(told.id)
    expect(told.steps.map((s) => [s.node, s.outcome])).toEqual([
      ["hello", "done"],
      ["second", "done"],
      ["third", "stopped"],
    ])
  })

  it("a purchase that no handler has read yet stops the step all the same", async () => {
    await stage.publish(timeline, at(1, "00:00"))
    const customer = newId()
    await stage.at(at(2, "08:00"), [cameAt(customer, at(2, "08:00"))])
    await tx(db, async (t) =>
      (await import("../facts/index.ts")).append(t, [boughtAt(customer, at(2, "08:30"))]),
    )
    await stepPlays(db, stage.world, at(2, "09:00"))
    expect(await stage.done(customer)).toEqual([])
  })

  it("server down from 19:50 to 20:20: the 20:00 step goes out at 20:20 marked late; one whose window closed is reported, not done", async () => {
    const play = await stage.publish(timeline, at(1, "00:00"))
    const [soon, far] = [newId(), newId()]
    await stage.at(at(2, "08:00"), [cameAt(soon, at(2, "08:00"))])
    await stage.at(at(2, "09:00"))
    await stage.at(at(3, "20:20"))
    expect((await why(db, play, soon)).enrolments[0]!.steps.at(-1)).toMatchObject({
      node: "second",
      outcome: "done_late",
      due_at: at(3, "20:00"),
    })
    await stage.at(at(6, "08:00"), [cameAt(far, at(6, "08:00"))])
    await stage.at(at(6, "13:00"))
    expect((await stage.done(far)).length).toBe(0)
    expect((await why(db, play, far)).enrolments[0]!.steps[0]).toMatchObject({
      node: "hello",
      outcome: "missed",
    })
    const missed = await rows(db, "select 1 from facts where type = 'play.step_missed' and subject = $1", [
      far,
    ])
    expect(missed).toHaveLength(1)
  })
})

describe("branches, waiting for a fact, conditions", () => {
  const waits = {
    entry,
    first: "hello",
    nodes: {
      hello: note("hello", "answer"),
      answer: { kind: "wait_for", fact: "test.clicked", hours: 24, answered: "thanks", otherwise: "remind" },
      thanks: note("thanks"),
      remind: note("remind"),
    },
  }
  it("who answers in time goes one way, who does not the other, each once", async () => {
    await stage.publish(waits, at(1, "00:00"))
    const [yes, no] = [newId(), newId()]
    await stage.at(at(2, "10:00"), [cameAt(yes, at(2, "10:00")), cameAt(no, at(2, "10:00"))])
    await stage.at(at(2, "15:00"), [
      clicked.of({ subject: yes, occurred_at: at(2, "15:00"), payload: {} }),
    ] as never)
    await stage.at(at(3, "10:00"))
    await stage.at(at(4, "10:00"))
    expect((await stage.done(yes)).map((d) => d.what)).toEqual(["hello", "thanks"])
    expect((await stage.done(no)).map((d) => d.what)).toEqual(["hello", "remind"])
  })

  it("an answer that came in the same moment as the timeout, or before anybody listened, is not lost", async () => {
    await stage.publish(waits, at(1, "00:00"))
    const customer = newId()
    await stage.handler.refresh(db)
    await stage.at(at(2, "10:00"), [cameAt(customer, at(2, "10:00"))])
    await tx(db, async (t) =>
      (await import("../facts/index.ts")).append(t, [
        clicked.of({ subject: customer, occurred_at: at(2, "11:00"), payload: {} }),
      ]),
    )
    await stepPlays(db, stage.world, at(3, "10:00"))
    expect(
      (
        await why(
          db,
          (
            await oneRow<{ play_id: string }>(
              db,
              "select play_id from plays_enrolments where customer_id = $1",
              [customer],
            )
          ).play_id,
          customer,
        )
      ).enrolments[0]!.steps.map((s) => s.outcome),
    ).toContain("heard")
  })

  it("a branch decides for the whole set by the rule's SQL, an entry condition keeps others out, and both are told", async () => {
    const { buyers, others } = await prepareShop(db, stage.world.registry)
    const paid = { offer: "shop.paid", version: 1, args: {} }
    const play = await stage.publish(
      {
        entry,
        first: "who",
        nodes: {
          who: { kind: "branch", condition: paid, yes: "a", no: "b" },
          a: note("paid"),
          b: note("not"),
        },
      },
      at(1, "00:00"),
    )
    const only = await stage.publish(
      { entry, condition: paid, first: "a", nodes: { a: note("inside") } },
      at(1, "00:00"),
    )
    await stage.at(
      at(2, "10:00"),
      [...buyers, ...others].map((c) => cameAt(c, at(2, "10:00"))),
    )
    const whats = async (c: string) => (await stage.done(c)).map((d) => d.what).sort()
    expect(await whats(buyers[0]!)).toEqual(["inside", "paid"])
    expect(await whats(others[0]!)).toEqual(["not"])
    expect((await why(db, only, others[0]!)).enrolments[0]).toMatchObject({
      state: "stopped",
      reason: "entry_condition",
    })
    expect(await outcomesOf(db, play)).toEqual(
      expect.arrayContaining([{ version: 1, node: "who", outcome: "yes", n: buyers.length }]),
    )
  })

  it("an audience play lets in who matches at its hour, once a day at most, however often it is looked at", async () => {
    const { buyers } = await prepareShop(db, stage.world.registry)
    const play = await stage.publish(
      {
        entry: { on: "audience", tree: { offer: "shop.paid", version: 1, args: {} }, at: "10:00" },
        first: "a",
        nodes: { a: note("hi") },
      },
      at(2, "11:00"),
    )
    await enterAudiences(db, stage.world.registry, at(2, "12:00"))
    expect((await why(db, play, buyers[0]!)).enrolments).toEqual([])
    await Promise.all([1, 2, 3].map(() => enterAudiences(db, stage.world.registry, at(3, "10:00"))))
    await stage.at(at(3, "10:01"))
    await enterAudiences(db, stage.world.registry, at(4, "10:00"))
    await stage.at(at(4, "10:01"))
    expect(await stage.done(buyers[0]!)).toHaveLength(1)
  })
})

describe("entering", () => {
  it("switched off in the midst of letting people in goes on with them when it is switched on: nobody of that hour is lost", async () => {
    const { buyers } = await prepareShop(db, stage.world.registry)
    const tree = { offer: "shop.paid", version: 1, args: {} }
    const definition = { entry: { on: "audience", tree, at: "09:00" }, first: "a", nodes: { a: note("a") } }
    const play = await stage.publish(definition, at(1, "10:00"))
    const letIn = () => enterAudiences(db, stage.world.registry, at(2, "09:00"))
    const { going } = await tx(db, async (t) => {
      await setRunning(t, play, false, at(2, "09:00"))
      const going = letIn()
      await until(
        async () =>
          (
            await rows(
              db,
              "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
            )
          ).length > 0,
      )
      return { going }
    })
    expect(await going).toBe(0)
    await tx(db, (t) => setRunning(t, play, true, at(2, "09:01")))
    expect(await letIn()).toBeGreaterThanOrEqual(buyers.length)
  })

  it("never twice by the same fact; again after the end where the play allows it, not before its days are over", async () => {
    await stage.publish(
      { entry, reentry: { policy: "after_end", days: 2 }, first: "a", nodes: { a: note("hi") } },
      at(1, "00:00"),
    )
    const customer = newId()
    await stage.at(at(2, "10:00"), [cameAt(customer, at(2, "10:00"))])
    await stage.at(at(3, "10:00"), [cameAt(customer, at(3, "10:00"))])
    await stage.at(at(5, "10:00"), [cameAt(customer, at(5, "10:00"))])
    expect((await stage.done(customer)).map((d) => d.at)).toEqual([at(2, "10:00"), at(5, "10:00")])
  })

  it("what comes in as history lets nobody in and stops nobody: an import of old orders is no purchase of today", async () => {
    await stage.publish(
      {
        entry,
        stop: { facts: [{ fact: "test.bought" }] },
        first: "a",
        nodes: { a: { kind: "wait", hours: 24, next: "b" }, b: note("later") },
      },
      at(1, "00:00"),
    )
    const [told, live, old] = [newId(), newId(), newId()]
    const asHistory = { origin: "history" } as const
    await stage.at(at(2, "10:00"), [
      cameAt(told, at(2, "10:00")),
      cameAt(live, at(2, "10:00")),
      { ...cameAt(old, at(2, "10:00")), ...asHistory },
    ])
    await stage.at(at(2, "12:00"), [
      { ...boughtAt(told, at(2, "12:00")), ...asHistory },
      boughtAt(live, at(2, "12:00")),
    ])
    await stage.at(at(3, "10:00"))
    expect((await stage.done()).map((d) => [d.what, d.customer_id])).toEqual([["later", told]])
  })

  it("two who turn out to be one person go through a play once, and a wait hears what was told of either", async () => {
    const id = await stage.publish(
      {
        entry,
        first: "a",
        nodes: {
          a: { kind: "wait_for", fact: "test.bought", hours: 72, answered: "b", otherwise: null },
          b: note("thanks"),
        },
      },
      at(1, "00:00"),
    )
    const [from, into] = [newId(), newId()]
    await stage.at(at(2, "10:00"), [cameAt(from, at(2, "10:00")), cameAt(into, at(2, "10:00"))])
    await tx(db, async (t) => {
      await mergeSubjects(t, { from, into }, at(2, "11:00"))
      await carryPlays(stage.world.onStopped).carry(t, { from, into }, at(2, "11:00"))
    })
    expect(
      await rows(
        db,
        "select entry, state, reason from plays_enrolments where customer_id = $1 and play_id = $2 order by entry",
        [into, id],
      ),
    ).toEqual([
      { entry: 1, state: "active", reason: null },
      { entry: 2, state: "stopped", reason: "merged" },
    ])
    await stage.at(at(2, "12:00"), [boughtAt(from, at(2, "12:00"))])
    expect((await stage.done(into)).map((d) => d.what)).toEqual(["thanks"])
    expect(await stage.done(from)).toEqual([])
  })

  it("history lets nobody in, and a switched-off play moves nobody until it is switched on", async () => {
    const play = await stage.publish(timeline, at(1, "00:00"))
    const [old, held] = [newId(), newId()]
    await stage.at(at(2, "08:00"), [
      { ...cameAt(old, at(2, "08:00")), origin: "history" as const },
      cameAt(held, at(2, "08:00")),
    ])
    expect((await why(db, play, old)).enrolments).toEqual([])
    await tx(db, (t) => setRunning(t, play, false, at(2, "08:30")))
    await stage.at(at(2, "09:00"))
    expect(await stage.done(held)).toEqual([])
    await tx(db, (t) => setRunning(t, play, true, at(2, "09:05")))
    await stage.at(at(2, "09:10"))
    expect(await stage.done(held)).toHaveLength(1)
  })

  it("who is inside stays on the version they entered; new people get the new one", async () => {
    const play = await stage.publish(timeline, at(1, "00:00"))
    const [before, after] = [newId(), newId()]
    await stage.at(at(2, "08:00"), [cameAt(before, at(2, "08:00"))])
    await tx(db, async (t) => {
      await saveDraft(
        t,
        stage.world.registry,
        {
          play_id: play,
          definition: { ...timeline, first: "hello", nodes: { hello: note("new") } },
          author_id: null,
        },
        at(2, "08:10"),
      )
      await publishVersion(t, play, 2, at(2, "08:10"))
    })
    await stage.at(at(2, "08:20"), [cameAt(after, at(2, "08:20"))])
    await stage.at(at(2, "09:00"))
    expect((await stage.done(before)).map((d) => d.what)).toEqual(["D0"])
    expect((await stage.done(after)).map((d) => d.what)).toEqual(["new"])
  })
})

describe("restarts and failures", () => {
  it("killed in the middle of a step, everybody is served once when it comes back", async () => {
    await stage.publish({ entry, first: "a", nodes: { a: note("a", "b"), b: note("b") } }, at(1, "00:00"))
    const people = Array.from({ length: 40 }, () => newId())
    stage.told.crash = true
    await expect(
      stage.at(
        at(2, "10:00"),
        people.map((c) => cameAt(c, at(2, "10:00"))),
      ),
    ).rejects.toThrow("killed")
    stage.told.crash = false
    await Promise.all([1, 2, 3].map(() => stepPlays(db, stage.world, at(2, "10:00"))))
    const done = await stage.done()
    expect(done).toHaveLength(80)
    expect(new Set(done.map((d) => d.customer_id + d.what)).size).toBe(80)
  })

  it("one person whose step cannot be done holds up nobody else, and is put aside with the reason", async () => {
    const play = await stage.publish({ entry, first: "a", nodes: { a: note("a") } }, at(1, "00:00"))
    const [bad, ...good] = Array.from({ length: 5 }, () => newId())
    stage.told.fail = (c) => c === bad
    await stage.at(
      at(2, "10:00"),
      [bad!, ...good].map((c) => cameAt(c, at(2, "10:00"))),
    )
    expect((await stage.done()).map((d) => d.customer_id).sort()).toEqual([...good].sort())
    for (let n = 0; n < 5; n++) {
      await run(db, "update plays_enrolments set retry_at = null where customer_id = $1", [bad])
      await stepPlays(db, stage.world, at(2, "10:00"))
    }
    expect((await why(db, play, bad!)).enrolments[0]).toMatchObject({
      state: "failed",
      reason: "cannot be noted",
    })
  })
})

describe("a definition is checked before anybody enters", () => {
  it("ways that lead nowhere and rounds that take no time are refused with their place", () => {
    expect(readDefinition({ ...timeline, first: "nowhere" })).toMatchObject({
      refused: "play_node_missing",
      field: "first",
    })
    expect(
      readDefinition({ entry, first: "a", nodes: { a: note("x", "b"), b: note("y", "a") } }),
    ).toMatchObject({ refused: "play_loops" })
    expect(
      readDefinition({
        entry,
        first: "a",
        nodes: { a: note("x", "w"), w: { kind: "wait", days: 1, next: "a" } },
      }),
    ).toHaveProperty("nodes")
    expect(readDefinition({ entry, first: "a", nodes: {}, surprise: 1 })).toMatchObject({
      refused: "play_invalid",
    })
  })

  it("a preview shows the whole way of a person without doing anything", () => {
    const play = readDefinition(timeline)
    if ("refused" in play) throw new Error("refused")
    expect(preview(play, at(2, "21:30"), () => true).steps.map((s) => [s.node, s.at])).toEqual([
      ["hello", at(3, "09:00")],
      ["second", at(3, "20:00")],
      ["third", at(5, "20:00")],
    ])
  })
})
