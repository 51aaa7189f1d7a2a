import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import type { Db } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { bought, came, clicked, note, prepareShop, theatre } from "./plays.fixture.ts"

const HOUR = 3_600_000
const START = new Date("2026-11-02T02:00:00Z").getTime()
const HOURS = 110
const PLAYS = 24

type Node = { kind: string; [field: string]: unknown }
type Shape = {
  kind: "note" | "hours" | "clock" | "listen" | "branch"
  hours: number
  days: number
  other: number
}

const shapes = fc.array(
  fc.record({
    kind: fc.constantFrom("note", "note", "hours", "clock", "listen", "branch") as fc.Arbitrary<
      Shape["kind"]
    >,
    hours: fc.integer({ min: 1, max: 30 }),
    days: fc.integer({ min: 0, max: 3 }),
    other: fc.integer({ min: 1, max: 4 }),
  }),
  { minLength: 1, maxLength: 9 },
)

/** A play whose ways only lead forward. */
function build(list: Shape[]): { first: string; nodes: Record<string, Node> } {
  const name = (i: number) => (i < list.length ? `n${i}` : null)
  const nodes: Record<string, Node> = {}
  list.forEach((shape, i) => {
    const [next, far] = [name(i + 1), name(i + shape.other)]
    nodes[`n${i}`] = {
      note: note(`n${i}`, next),
      hours: { kind: "wait", hours: shape.hours, next },
      clock: {
        kind: "wait",
        from: "anchor",
        days: shape.days,
        at: `${String(shape.hours % 24).padStart(2, "0")}:00`,
        next,
      },
      listen: { kind: "wait_for", fact: "test.clicked", hours: shape.hours, answered: far, otherwise: next },
      branch: { kind: "branch", condition: { offer: "shop.paid", version: 1, args: {} }, yes: far, no: next },
    }[shape.kind] as Node
  })
  return { first: "n0", nodes }
}

type Life = { anchor: number; clicks: number[]; buys: number[]; paid: boolean }

/** What should be done and at which full hour, told naively: one person, one node after the other. */
function told(list: Shape[], life: Life): [string, number][] {
  const out: [string, number][] = []
  let t = Math.ceil(life.anchor / HOUR) * HOUR
  for (let i = 0; i < list.length; ) {
    const shape = list[i]!
    if (shape.kind === "note") {
      const tick = Math.ceil(t / HOUR) * HOUR
      if (life.buys.some((b) => b > life.anchor && b <= tick) || tick > START + HOURS * HOUR) return out
      out.push([`n${i}`, tick])
      i++
    } else if (shape.kind === "hours") {
      t += shape.hours * HOUR
      i++
    } else if (shape.kind === "clock") {
      // Shanghai's midnight of the anchor's day is 16:00 UTC
      const midnight = Math.floor((life.anchor + 8 * HOUR) / (24 * HOUR)) * 24 * HOUR - 8 * HOUR
      let target = midnight + (shape.days * 24 + (shape.hours % 24)) * HOUR
      if (t > target && t < target + 2 * HOUR) target = t
      while (target < t) target += 24 * HOUR
      t = target
      i++
    } else if (shape.kind === "listen") {
      const end = t + shape.hours * HOUR
      const since = t
      const click = life.clicks.find((c) => c > since && c <= end)
      t = click ?? end
      i += click === undefined ? 1 : shape.other
    } else i += life.paid ? shape.other : 1
  }
  return out
}

let db: Db
beforeAll(async () => {
  db = await testDb()
})

describe("any play does exactly what its words say", () => {
  it("random plays and lives come out as a naive reader of the play tells them: never twice, never early, nothing skipped", async () => {
    const stage = await theatre(db)
    const { buyers, others } = await prepareShop(db, stage.world.registry)
    const life = fc.record({
      anchor: fc.integer({ min: 0, max: 8 }),
      clicks: fc.uniqueArray(fc.integer({ min: 0, max: 80 }), { maxLength: 4 }),
      buys: fc.uniqueArray(fc.integer({ min: 30, max: 200 }), { maxLength: 1 }),
    })
    const half = (n: number) => START + n * HOUR + HOUR / 2
    const [lives, plays] = [
      fc.sample(life, { numRuns: 10, seed: 7 }),
      fc.sample(shapes, { numRuns: PLAYS, seed: 7 }),
    ]
    const people = [...buyers, ...others].map((id, i) => ({
      id,
      anchor: half(lives[i]!.anchor),
      clicks: lives[i]!.clicks.map(half).sort((a, b) => a - b),
      buys: lives[i]!.buys.map((n) => half(n) + 1_000),
      paid: buyers.includes(id),
    }))
    for (const list of plays)
      await stage.publish(
        {
          entry: { on: "fact", fact: "test.came" },
          stop: { facts: [{ fact: "test.bought" }] },
          ...build(list),
        },
        new Date(START),
      )
    for (let hour = 1; hour <= HOURS; hour++) {
      const [from, to] = [START + (hour - 1) * HOUR, START + hour * HOUR]
      const within = (at: number) => at > from && at <= to
      const facts = people.flatMap((p) => [
        ...(within(p.anchor)
          ? [came.of({ subject: p.id, occurred_at: new Date(p.anchor), payload: { door: newId() } })]
          : []),
        ...p.clicks
          .filter(within)
          .map((at) => clicked.of({ subject: p.id, occurred_at: new Date(at), payload: {} })),
        ...p.buys
          .filter(within)
          .map((at) => bought.of({ subject: p.id, occurred_at: new Date(at), payload: { fen: 1 } })),
      ])
      await stage.at(new Date(to), facts as never)
    }
    const done = await stage.done()
    for (const p of people) {
      const expected = plays.flatMap((list) => told(list, p))
      const real = done
        .filter((d) => d.customer_id === p.id)
        .map((d): [string, number] => [d.what, d.at.getTime()])
      const order = (list: [string, number][]) =>
        list.map(([what, at]) => `${(at - START) / HOUR}h ${what}`).sort()
      expect(order(real)).toEqual(order(expected))
    }
    expect(done.length).toBeGreaterThan(200)
  }, 120_000)
})
