import { beforeAll, describe, expect, it } from "vitest"
import { dayNumber } from "../../../kernel/day.ts"
import { newId } from "../../../kernel/ids.ts"
import { type Db, rows, tx } from "../../../platform/db.ts"
import { testDb } from "../../../platform/testkit/index.ts"
import { createRegistry } from "../../../spine/offers/index.ts"
import { enrolCustomers, prepareTraits } from "../../../spine/traits/index.ts"
import { offers } from "../index.ts"
import { disputeVerdict, drawWeek, giveVerdict } from "./commands.ts"
import { scoreOf, weekOf } from "./rules.ts"
import { claim, draw, left, scores } from "./store.ts"

let db: Db
const monday = new Date("2026-11-02T01:00:00Z")
const later = (ms: number) => new Date(monday.getTime() + ms)
const [DAY, MINUTE] = [86_400_000, 60_000]
const [lin, zhou, wu] = [newId(), newId(), newId()]
const everybody = (id: string) => ({ id, scope: null })

beforeAll(async () => {
  db = await testDb()
  await prepareTraits(db, createRegistry([offers]))
  // lin and zhou look after 40 customers each; zhou and wu inspect
  const list = Array.from({ length: 80 }, (_, i) => ({
    customer_id: newId(),
    number: i,
    scope_id: i % 2 === 0 ? lin : zhou,
  }))
  await tx(db, (t) => enrolCustomers(t, list))
})

const take = (who: string, at: Date) =>
  tx(db, (t) => claim(t, everybody(who), at, new Date(at.getTime() + 30 * MINUTE)))
const say = (id: string, who: string, verdict: string, at: Date) =>
  tx(db, (t) => giveVerdict(t, id, { verdict, note: "" }, everybody(who), at))

describe("a month with two inspectors", () => {
  it("five customers a week and operator are drawn once, each is judged once, nobody judges their own", async () => {
    for (let week = 0; week < 4; week++) {
      const at = later(week * 7 * DAY)
      const drawn = await Promise.all([drawWeek(db, at), drawWeek(db, at)])
      expect(drawn.sort()).toEqual([0, 10])
      const judged: string[] = []
      for (let round = 0; round < 12; round++) {
        // both at the same moment
        const got = await Promise.all([take(zhou, at), take(wu, at)])
        const ids = got.flatMap((one) => (one ? [one.id] : []))
        expect(new Set(ids).size).toBe(ids.length)
        for (const [i, one] of got.entries()) {
          if (!one) continue
          const verdict = (["right", "right", "wrong", "missing"] as const)[(round + i) % 4]!
          expect(await say(one.id, [zhou, wu][i]!, verdict, at)).toHaveProperty("left")
          judged.push(one.id)
        }
      }
      expect(new Set(judged).size).toBe(10)
    }
    const board = await scores(db, weekOf(dayNumber(monday)), null)
    expect(board).toHaveLength(8)
    for (const s of board) expect([s.drawn, s.right + s.wrong + s.missing]).toEqual([5, 5])
    expect(
      await rows(db, "select 1 from tags_inspections where judged_by = staff_id or verdict is null"),
    ).toEqual([])
    expect(await left(db, everybody(wu))).toBe(0)
  })
})

describe("what is on a desk", () => {
  it("is refused to another until its time is over; one's own and what was judged are refused for good", async () => {
    const at = later(28 * DAY)
    await drawWeek(db, at)
    const mine = (await take(wu, at))!
    expect((await take(wu, at))!.id).toBe(mine.id)
    const of = mine.staff_id === zhou ? lin : zhou
    expect(await say(mine.id, of, "right", at)).toMatchObject({ refused: "on_another_desk" })
    expect(await say(mine.id, mine.staff_id, "right", at)).toMatchObject({ refused: "own_customer" })
    expect(await say(mine.id, of, "right", new Date(at.getTime() + 31 * MINUTE))).toHaveProperty("left")
    expect(await say(mine.id, wu, "wrong", at)).toMatchObject({ refused: "already_judged" })
    const team = { id: wu, scope: [zhou] }
    const next = await tx(db, (t) => claim(t, team, later(29 * DAY), later(30 * DAY)))
    expect(next?.staff_id).toBe(zhou)
    const other = (
      await rows<{ id: string }>(db, "select id from tags_inspections where staff_id = $1", [lin])
    )[0]!
    expect(
      await tx(db, (t) => giveVerdict(t, other.id, { verdict: "right", note: "" }, team, at)),
    ).toMatchObject({ refused: "not_found" })
  })
})

describe("a verdict that is disputed", () => {
  it("is by whose work it was alone, once and within seven days; somebody else than the first has the last word, and that one counts", async () => {
    const at = later(35 * DAY)
    await drawWeek(db, at)
    const wang = newId()
    const one = (
      await rows<{ id: string }>(
        db,
        "select id from tags_inspections where staff_id = $1 and verdict is null order by week desc, id limit 1",
        [lin],
      )
    )[0]!
    const object = (who: string, when: Date) =>
      tx(db, (t) => disputeVerdict(t, one.id, { reason: "客户上周改口了" }, everybody(who), when))
    expect(await object(lin, at)).toMatchObject({ refused: "not_judged" })
    await say(one.id, wu, "wrong", at)
    const week = weekOf(dayNumber(at))
    const tally = async () => (await scores(db, week, null)).find((s) => s.staff_id === lin)
    expect(await tally()).toMatchObject({ wrong: 1, right: 0, disputed: 0 })
    expect(await object(zhou, at)).toMatchObject({ refused: "not_own_work" })
    expect(await object(lin, later(43 * DAY))).toMatchObject({ refused: "dispute_over", detail: { days: 7 } })
    const [of_wu, of_wang] = [await left(db, everybody(wu)), await left(db, everybody(wang))]
    const twice = await Promise.all([object(lin, later(42 * DAY)), object(lin, later(42 * DAY))])
    expect(twice).toContainEqual({ id: one.id })
    expect(twice).toContainEqual(expect.objectContaining({ refused: "already_disputed" }))
    // not for the one whose work it is, nor for the one who judged first, however often they ask
    expect(await say(one.id, lin, "right", later(42 * DAY))).toMatchObject({ refused: "own_customer" })
    expect(await say(one.id, wu, "wrong", later(42 * DAY))).toMatchObject({ refused: "own_verdict" })
    expect([await left(db, everybody(wu)), await left(db, everybody(wang))]).toEqual([of_wu, of_wang + 1])
    const got = await Promise.all([take(zhou, later(42 * DAY)), take(wang, later(42 * DAY))])
    expect(got.filter((g) => g?.id === one.id)).toHaveLength(1)
    const who = got[0]?.id === one.id ? zhou : wang
    expect(await say(one.id, who, "right", later(42 * DAY))).toHaveProperty("left")
    expect(await tally()).toMatchObject({ wrong: 0, right: 1, disputed: 1 })
    expect(await say(one.id, wang, "wrong", later(42 * DAY))).toMatchObject({ refused: "already_judged" })
    expect(await object(lin, later(42 * DAY))).toMatchObject({ refused: "already_disputed" })
    expect(
      await rows(
        db,
        "select verdict, judged_by, second_verdict, second_by from tags_inspections where id = $1",
        [one.id],
      ),
    ).toEqual([{ verdict: "wrong", judged_by: wu, second_verdict: "right", second_by: who }])
  })

  it("is none where it was judged right", async () => {
    const one = (
      await rows<{ id: string; staff_id: string }>(
        db,
        "select id, staff_id from tags_inspections where verdict = 'right' and disputed_at is null limit 1",
      )
    )[0]!
    expect(
      await tx(db, (t) => disputeVerdict(t, one.id, { reason: "不服" }, everybody(one.staff_id), monday)),
    ).toMatchObject({ refused: "nothing_to_dispute" })
  })
})

describe("the draw", () => {
  it("of one seed is the same whenever it is told again", async () => {
    const drawn = (week: number) =>
      rows(db, "select customer_id from tags_inspections where week = $1 order by customer_id", [week])
    for (const week of [7, 14]) await tx(db, (t) => draw(t, week, "one seed", 3))
    expect(await drawn(7)).toHaveLength(6)
    expect(await drawn(14)).toEqual(await drawn(7))
    await tx(db, (t) => draw(t, 21, "another seed", 3))
    expect(await drawn(21)).not.toEqual(await drawn(7))
  })

  it("of somebody who gets customers only on Wednesday is made then, and goes no further than the week's number", async () => {
    const late = newId()
    const wednesday = later(58 * DAY)
    await drawWeek(db, later(56 * DAY))
    const get = (n: number, from: number) =>
      tx(db, (t) =>
        enrolCustomers(
          t,
          Array.from({ length: n }, (_, i) => ({
            customer_id: newId(),
            number: 1_000 + from + i,
            scope_id: late,
          })),
        ),
      )
    await get(3, 0)
    expect(await drawWeek(db, wednesday)).toBe(3)
    await get(10, 3)
    const workers = await Promise.all(Array.from({ length: 8 }, () => drawWeek(db, wednesday)))
    expect(workers.sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 2])
    expect(await drawWeek(db, wednesday)).toBe(0)
    expect((await scores(db, weekOf(dayNumber(wednesday)), null)).map((s) => s.drawn)).toEqual([5, 5, 5])
  })

  it("begins a week on Monday, and a score is the share that was right", () => {
    const day = dayNumber(monday)
    expect([0, 1, 6].map((n) => weekOf(day + n))).toEqual([day, day, day])
    expect(weekOf(day - 1)).toBe(day - 7)
    expect(scoreOf({ right: 2, wrong: 1, missing: 0 })).toBe(667)
    expect(scoreOf({ right: 0, wrong: 0, missing: 0 })).toBeNull()
  })
})
