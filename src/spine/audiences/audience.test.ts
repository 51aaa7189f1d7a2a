import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { invariant } from "../../kernel/invariant.ts"
import { isRefused } from "../../kernel/result.ts"
import { type ConditionTree, TREE_MAX_DEPTH, TREE_MAX_LEAVES } from "../../kernel/tree.ts"
import { type Db, run, tx } from "../../platform/db.ts"
import { testDb } from "../../platform/testkit/index.ts"
import { prepareTraits, publish } from "../traits/index.ts"
import {
  type Audience,
  atMoment,
  audiencePage,
  countAudience,
  explain,
  holds,
  matching,
  readAudience,
  sentence,
} from "./index.ts"
import { leaf, makeView, newCustomers, setValues, shop, shopTree, shopValues, TODAY } from "./shop.fixture.ts"

let db: Db
const now = new Date("2026-11-23T04:00:00Z")
const read = async (tree: unknown, day = TODAY): Promise<Audience> => {
  const audience = await readAudience(db, shop, tree, { day })
  invariant(!isRefused(audience), `refused: ${JSON.stringify(audience)}`)
  return audience
}
const refusal = (tree: unknown) => readAudience(db, shop, tree, { day: TODAY })

beforeAll(async () => {
  db = await testDb()
  await makeView(db)
  await prepareTraits(db, shop)
})

describe("reading a rule", () => {
  it("a rule that points at a deleted tag is refused, naming the place", async () => {
    const tree = { all: [leaf("shop.paid"), { not: { any: [leaf("shop.tag", { tag: "deleted" })] } }] }
    expect(await refusal(tree)).toEqual({
      refused: "condition_broken",
      field: "all.1.not.any.0",
      detail: { kind: "tag", id: "deleted" },
    })
  })

  it("rules nested too deeply, too large or malformed get one clear refusal each, and nothing throws", async () => {
    let deep: unknown = leaf("shop.paid")
    for (let i = 0; i < TREE_MAX_DEPTH; i++) deep = { not: deep }
    let bottomless: unknown = leaf("shop.paid")
    for (let i = 0; i < 20_000; i++) bottomless = { all: [bottomless] }
    const wide = { all: Array.from({ length: TREE_MAX_LEAVES + 1 }, () => leaf("shop.paid")) }
    const code = async (tree: unknown) => ((await refusal(tree)) as { refused?: string }).refused
    expect(await code(deep)).toBe("tree_too_deep")
    expect(await code(bottomless)).toBe("tree_too_deep")
    expect(await code(wide)).toBe("tree_too_large")
    for (const bad of [null, 1, "x", [], {}, { any: [] }, { all: 1 }, { all: [], any: [] }, { not: null }])
      expect(await code(bad)).toBe("tree_invalid")
    expect(await code({ offer: "shop.paid", version: 1, args: {}, more: 1 })).toBe("tree_invalid")
    expect(await code({ offer: "shop.gone", version: 1, args: {} })).toBe("condition_unknown")
    expect(await code({ offer: "shop.paid", version: 9, args: {} })).toBe("condition_unknown")
    expect(await code({ offer: "shop.spent", version: 1, args: { min: "much" } })).toBe("condition_invalid")
  })

  it("any JSON gets a rule or a refusal", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        expect(isRefused(await refusal(value))).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it("arguments stored by an older version are raised to the present one", async () => {
    const audience = await read({ offer: "shop.last", version: 1, args: { within: 30 } })
    expect(audience.tree).toEqual({ offer: "shop.last", version: 2, args: { from: 0, to: 30 } })
  })

  it("a retired tag stands for the one it maps to", async () => {
    expect((await read(leaf("shop.tag", { tag: "old" }))).conditional).toMatchObject({ tag: "mum" })
  })

  it("the same rule on another day asks for other days", async () => {
    const audience = await read(leaf("shop.last", { from: 60, to: 120 }))
    expect(atMoment(audience, { day: TODAY + 1 }).conditional).toMatchObject({
      min: TODAY + 1 - 120,
      max: TODAY + 1 - 60,
    })
  })
})

describe("a rule as a sentence", () => {
  const said = async (tree: ConditionTree, language: "zh" | "en" = "zh") =>
    sentence(shop, tree, (await read(tree)).names, language)

  it("reads as a manager would say it", async () => {
    const tree = {
      all: [
        leaf("shop.paid"),
        leaf("shop.last", { from: 60, to: 120 }),
        leaf("shop.tag", { tag: "mum" }),
        { not: leaf("shop.grouped") },
      ],
    }
    expect(await said(tree)).toBe("已付费，且最近一次购买在 60–120 天前，且有标签「宝妈」，且不在任何群")
    expect(await said(tree, "en")).toBe(
      "has paid, and last order 60–120 days ago, and has tag “宝妈”, and in no group",
    )
  })

  it("groups in groups stand in brackets, and what has no opposite of its own is negated whole", async () => {
    expect(
      await said({
        all: [
          { any: [leaf("shop.paid"), leaf("shop.known")] },
          { not: { all: [leaf("shop.paid"), leaf("shop.known")] } },
        ],
      }),
    ).toBe("（已付费，或买过），且并非（已付费，且买过）")
    expect(await said({ not: leaf("shop.paid") })).toBe("并非（已付费）")
    expect(await said({ not: { not: leaf("shop.paid") } })).toBe("已付费")
    expect(await said({ all: [] })).toBe("所有客户")
  })
})

describe("a rule as SQL", () => {
  it("says the same as the rule itself, for every rule and everything known or unknown", async () => {
    const ids = await newCustomers(db, 40)
    const known = fc.sample(shopValues, { numRuns: 40, seed: 7 })
    await setValues(
      db,
      ids.map((id, i) => [id, known[i]!] as const),
      now,
    )
    await fc.assert(
      fc.asyncProperty(shopTree, async (tree) => {
        const audience = await read(tree)
        const expected = ids.filter((_, i) =>
          holds(audience.conditional, {
            "shop.spent_fen": known[i]!.spent,
            "shop.last_day": known[i]!.last,
            "shop.step": known[i]!.step,
            "shop.tags": known[i]!.tags,
            "shop.in_group": known[i]!.grouped,
          }),
        )
        expect(await matching(db, audience, ids)).toEqual(new Set(expected))
      }),
      { numRuns: 300 },
    )
  })

  it("counts and pages only the customers of those whose data may be seen", async () => {
    const [mine, other] = ["00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"]
    const ids = await newCustomers(db, 5, mine)
    await newCustomers(db, 3, other)
    const everybody = await read({ all: [] })
    expect(await countAudience(db, everybody, [mine])).toBe(5)
    expect(await countAudience(db, everybody, [mine, other])).toBe(8)
    expect(await countAudience(db, everybody, [])).toBe(0)
    const first = await audiencePage(db, everybody, { limit: 2, scope: [mine] })
    const rest = await audiencePage(db, everybody, { limit: 9, scope: [mine], after: first[1]!.number })
    expect([...first, ...rest].map((m) => m.customer_id)).toEqual(ids)
  })

  it("asks the rows that a module publishes where traits do not tell", async () => {
    const [often, once, never] = await newCustomers(db, 3)
    for (const [id, day] of [
      [often, 1],
      [often, 5],
      [once, 2],
      [never, 90],
    ] as const)
      await run(db, "insert into shop_orders values ($1, $2, 100, 'a')", [id, TODAY - day])
    const audience = await read(leaf("shop.bought", { days: 30, times: 2 }))
    expect(await matching(db, audience, [often!, once!, never!])).toEqual(new Set([often]))
    const reasons = await explain(db, audience, [often!, once!])
    expect(reasons.get(often!)![0]!.holds).toBe(true)
    expect(reasons.get(once!)![0]!.holds).toBe(false)
  })
})

describe("why a customer matches", () => {
  it("tells each condition with the value, since when it is so and what decided", async () => {
    const [id] = await newCustomers(db, 1)
    const why = { rule: "first order", orders: 1 }
    await tx(db, (t) =>
      publish(
        t,
        {
          "shop.step": [{ customer_id: id!, value: "customer", why }],
          "shop.tags": [{ customer_id: id!, value: ["ip"] }],
        },
        now,
      ),
    )
    const audience = await read({ all: [leaf("shop.paid"), { not: leaf("shop.tag", { tag: "mum" }) }] })
    expect((await explain(db, audience, [id!])).get(id!)).toMatchObject([
      {
        path: "all.0",
        sentence: "已付费",
        sentence_en: "has paid",
        holds: true,
        values: [{ trait: "shop.step", value: "customer", since: now, why }],
      },
      { path: "all.1.not", holds: false, values: [{ trait: "shop.tags", value: ["ip"], since: null }] },
    ])
  })
})
