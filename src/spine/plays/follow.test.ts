import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { dayNumber } from "../../kernel/day.ts"
import { type Db, oneRow, run, tx } from "../../platform/db.ts"
import { testDb, until } from "../../platform/testkit/index.ts"
import { leaf, newCustomers, setValues } from "../audiences/shop.fixture.ts"
import { prepareTraits, pruneChanges } from "../traits/index.ts"
import { createPlay, followAudiences, publishVersion, saveDraft, setRunning, stepPlays } from "./index.ts"
import { note, theatre } from "./plays.fixture.ts"

/** Longer than any test holds a transaction open. */
const OTHERS_MS = 30_000
let db: Db
let stage: Awaited<ReturnType<typeof theatre>>
beforeAll(async () => {
  db = await testDb()
  stage = await theatre(db)
  await prepareTraits(db, stage.world.registry)
})
beforeEach(async () => {
  await run(db, "update plays_plays set running = false")
  await run(db, "truncate test_done")
})

const at = (day: number, clock: string) =>
  new Date(`2026-11-${String(day).padStart(2, "0")}T${clock}:00+08:00`)
const welcome = (tree: unknown, more: object = {}) => ({
  entry: { on: "audience", tree, at: "entering" },
  first: "a",
  nodes: { a: note("hi") },
  ...more,
})
const is = (step: string | null, last: number | null = null) => ({
  spent: null,
  last,
  step,
  tags: [],
  grouped: null,
})
const put = (ids: readonly string[], value: ReturnType<typeof is>) =>
  setValues(
    db,
    ids.map((id) => [id, value] as const),
    at(1, "00:00"),
  )
/** Two workers look at once; then everybody who is due moves. */
async function look(now: Date): Promise<number> {
  const came = await Promise.all([1, 2].map(() => followAudiences(db, stage.world.registry, now)))
  await stepPlays(db, stage.world, now)
  return came[0]! + came[1]!
}
const greeted = async () => (await stage.done()).map((d) => d.customer_id).sort()

describe("a play for whoever comes to match", () => {
  it("greets each who comes once, whoever works; who matched before it was published is left alone", async () => {
    const [before, ...others] = await newCustomers(db, 6)
    await put([before!], is("customer"))
    await stage.publish(welcome(leaf("shop.paid")), at(2, "09:00"))
    expect(await look(at(2, "09:01"))).toBe(0)
    await put(others.slice(0, 3), is("customer"))
    expect(await look(at(2, "09:02"))).toBe(3)
    await put(others, is("customer"))
    expect(await look(at(2, "09:03"))).toBe(2)
    await look(at(2, "09:04"))
    expect(await greeted()).toEqual([...others].sort())
  })

  it("days that go by bring people in too: the fortieth day after the last order, without anything happening", async () => {
    const [early, late] = await newCustomers(db, 2)
    await put([early!], is("customer", dayNumber(at(2, "00:00")) - 38))
    await put([late!], is("customer", dayNumber(at(2, "00:00")) - 30))
    await stage.publish(
      welcome({ offer: "shop.last", version: 2, args: { from: 40, to: 60 } }),
      at(2, "09:00"),
    )
    expect(await look(at(3, "09:00"))).toBe(0)
    expect(await look(at(4, "09:00"))).toBe(1)
    expect(await look(at(5, "09:00"))).toBe(0)
    expect(await greeted()).toEqual([early])
  })

  it("who leaves and comes again enters again only where the play allows it", async () => {
    const [once, again] = await newCustomers(db, 2)
    await stage.publish(welcome(leaf("shop.paid")), at(2, "09:00"))
    const second = await stage.publish(
      welcome(leaf("shop.paid"), { reentry: { policy: "after_end", days: 1 } }),
      at(2, "09:00"),
    )
    for (const day of [3, 5]) {
      await put([once!, again!], is("customer"))
      await look(at(day, "10:00"))
      await put([once!, again!], is("prospect"))
      await look(at(day, "11:00"))
    }
    const keys = (await stage.done()).map((d) => d.customer_id)
    expect(keys.filter((id) => id === once)).toHaveLength(1 + 2)
    const { rows } = await db.query(
      "select count(*)::int as n from plays_enrolments where play_id = $1 group by customer_id",
      [second],
    )
    expect(rows).toEqual([{ n: 2 }, { n: 2 }])
  })

  it("who came while it was switched off, or while the changes were thrown away, does not enter", async () => {
    const [off, lost, on] = await newCustomers(db, 3)
    const play = await stage.publish(welcome(leaf("shop.paid")), at(2, "09:00"))
    await tx(db, (t) => setRunning(t, play, false, at(2, "10:00")))
    await put([off!], is("customer"))
    await look(at(2, "10:01"))
    await tx(db, (t) => setRunning(t, play, true, at(2, "10:02")))
    await look(at(2, "10:03"))
    await put([lost!], is("customer"))
    await tx(db, (t) => pruneChanges(t, new Date(Date.now() + 60_000)))
    // What was thrown away here is no day old: while a transaction of another database is older, every place looks lost.
    await until(async () => {
      const { past } = await oneRow<{ past: boolean }>(
        db,
        "select pg_snapshot_xmin(pg_current_snapshot()) >= tx as past from traits_floor",
      )
      return past
    }, OTHERS_MS)
    await look(at(2, "10:04"))
    await put([on!], is("customer"))
    await look(at(2, "10:05"))
    expect(await greeted()).toEqual([on])
  })

  it("a rule that cannot be followed, or asks something deleted, is refused before anybody relies on it", async () => {
    const save = (tree: unknown) =>
      tx(db, async (t) => {
        const play_id = await createPlay(t, { name: "戏" }, at(2, "09:00"))
        const draft = { play_id, definition: welcome(tree), author_id: null }
        return saveDraft(t, stage.world.registry, draft, at(2, "09:00"))
      })
    expect(await save({ offer: "shop.bought", version: 1, args: { days: 3, times: 1 } })).toMatchObject({
      refused: "play_not_followed",
      field: "entry.tree",
    })
    expect(await save(leaf("shop.tag", { tag: "deleted" }))).toMatchObject({ refused: "condition_broken" })
  })

  it("a new version goes on from its own publishing", async () => {
    const [first, second] = await newCustomers(db, 2)
    const play = await stage.publish(welcome(leaf("shop.paid")), at(2, "09:00"))
    await put([first!], is("customer"))
    await tx(db, async (t) => {
      const draft = { play_id: play, definition: welcome(leaf("shop.paid")), author_id: null }
      const saved = await saveDraft(t, stage.world.registry, draft, at(2, "09:05"))
      if ("refused" in saved) throw new Error(saved.refused)
      await publishVersion(t, play, saved.version, at(2, "09:05"))
    })
    await put([second!], is("customer"))
    await look(at(2, "09:06"))
    expect(await greeted()).toEqual([second])
  })
})
