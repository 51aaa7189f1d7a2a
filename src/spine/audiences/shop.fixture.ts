import fc from "fast-check"
import { z } from "zod"
import { newId } from "../../kernel/ids.ts"
import type { ConditionTree } from "../../kernel/tree.ts"
import { type Db, run, tx } from "../../platform/db.ts"
import { createRegistry, defineCondition, type Offers } from "../offers/index.ts"
import { enrolCustomers, type Published, publish, type TraitValue } from "../traits/index.ts"

/** A little shop that offers one trait of each kind: what tests of audiences are played with. */
const words = (zh: string, en: string) => ({ zh, en })
const simple = <A>(name: string, zh: string, args: z.ZodType<A>) => ({
  name,
  version: 1,
  label: words(zh, name),
  args,
})

export const shopOffers: Offers = {
  module: "shop",
  traits: [
    { name: "shop.spent_fen", kind: "number", label: words("消费", "spent"), unit: "fen" },
    { name: "shop.last_day", kind: "day", label: words("最近一次购买", "last order") },
    {
      name: "shop.step",
      kind: "text",
      label: words("阶段", "step"),
      values: { prospect: words("潜客", "prospect"), customer: words("客户", "customer") },
    },
    { name: "shop.tags", kind: "tags", label: words("标签", "tags") },
    { name: "shop.in_group", kind: "boolean", label: words("在群", "in a group") },
  ],
  views: [{ name: "shop_orders_view", columns: { day: "number", fen: "number", sku: "text" } }],
  names: [
    {
      kind: "tag",
      lookup: async (_, ids) =>
        new Map(
          ids
            .filter((id) => id !== "deleted")
            .map((id) => [
              id,
              id === "old"
                ? { name: "旧", current: "mum" }
                : { name: ({ mum: "宝妈", ip: "IP" } as Record<string, string>)[id] ?? id },
            ]),
        ),
    },
  ],
  conditions: [
    defineCondition({
      ...simple("shop.paid", "已付费", z.strictObject({})),
      compile: () => ({ trait: "shop.step", op: "is", value: "customer" }),
      sentence: () => "已付费",
      sentence_en: () => "has paid",
    }),
    defineCondition({
      ...simple(
        "shop.spent",
        "消费",
        z.strictObject({ min: z.number().nullable(), max: z.number().nullable() }),
      ),
      compile: ({ min, max }) => ({ trait: "shop.spent_fen", op: "between", min, max }),
      sentence: ({ min, max }) => `消费 ${min}–${max} 分`,
      sentence_en: ({ min, max }) => `spent ${min}–${max} fen`,
    }),
    defineCondition({
      ...simple("shop.last", "最近一次购买", z.strictObject({ from: z.number(), to: z.number() })),
      version: 2,
      upcasts: { 1: (args) => ({ from: 0, to: (args as { within: number }).within }) },
      compile: ({ from, to }, { day }) => ({
        trait: "shop.last_day",
        op: "between",
        min: day - to,
        max: day - from,
      }),
      sentence: ({ from, to }) => `最近一次购买在 ${from}–${to} 天前`,
      sentence_en: ({ from, to }) => `last order ${from}–${to} days ago`,
    }),
    defineCondition({
      ...simple("shop.tag", "有标签", z.strictObject({ tag: z.string() })),
      refs: ({ tag }) => [{ kind: "tag", id: tag }],
      compile: ({ tag }, _, names) => ({ trait: "shop.tags", op: "has", tag: names.current("tag", tag) }),
      sentence: ({ tag }, names) => `有标签「${names.of("tag", tag)}」`,
      sentence_en: ({ tag }, names) => `has tag “${names.of("tag", tag)}”`,
    }),
    defineCondition({
      ...simple("shop.any_tag", "有任一标签", z.strictObject({ tags: z.array(z.string()) })),
      compile: ({ tags }) => ({ trait: "shop.tags", op: "in", values: tags }),
      sentence: ({ tags }) => `有标签之一:${tags.join("、")}`,
      sentence_en: ({ tags }) => `has one of ${tags.join(", ")}`,
    }),
    defineCondition({
      ...simple("shop.grouped", "在任一群", z.strictObject({})),
      compile: () => ({ trait: "shop.in_group", op: "is", value: true }),
      sentence: () => "在任一群",
      sentence_en: () => "in a group",
      sentence_not: () => "不在任何群",
      sentence_not_en: () => "in no group",
    }),
    defineCondition({
      ...simple("shop.known", "买过", z.strictObject({})),
      compile: () => ({ trait: "shop.last_day", op: "known" }),
      sentence: () => "买过",
      sentence_en: () => "has bought",
    }),
    defineCondition({
      ...simple("shop.bought", "一段时间内买过", z.strictObject({ days: z.number(), times: z.number() })),
      compile: ({ days, times }, { day }) => ({
        view: "shop_orders_view",
        where: [{ column: "day", op: "between", min: day - days }],
        at_least: { of: "count", min: times },
      }),
      sentence: ({ days, times }) => `${days} 天内买过 ${times} 次`,
      sentence_en: ({ days, times }) => `bought ${times} times in ${days} days`,
    }),
  ],
}

export const shop = createRegistry([shopOffers])
export const TODAY = 20_780
const TAGS = ["mum", "ip", "seeker", "nobody_has_this"]

export const leaf = (offer: string, args: Record<string, unknown> = {}): ConditionTree => ({
  offer,
  version: shop.conditions.get(offer)!.version,
  args,
})

export async function makeView(db: Db): Promise<void> {
  await run(db, "create table shop_orders (customer_id uuid, day int, fen bigint, sku text)")
  await run(db, "create view shop_orders_view as select * from shop_orders")
}

/** New customers with dense numbers. */
export async function newCustomers(db: Db, n: number, scope_id: string | null = null): Promise<string[]> {
  const { rows } = await db.query("select coalesce(max(number), -1) as top from traits_customers")
  const top = (rows[0] as { top: number }).top
  const list = Array.from({ length: n }, (_, i) => ({ customer_id: newId(), number: top + 1 + i, scope_id }))
  await tx(db, (t) => enrolCustomers(t, list))
  return list.map((c) => c.customer_id)
}

export type ShopValues = {
  spent: number | null
  last: number | null
  step: string | null
  tags: string[]
  grouped: boolean | null
}

export const shopValues: fc.Arbitrary<ShopValues> = fc.record({
  spent: fc.option(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 9_000_000_000 }))),
  last: fc.option(fc.integer({ min: TODAY - 40, max: TODAY })),
  step: fc.option(fc.constantFrom("prospect", "customer")),
  tags: fc.subarray(TAGS.slice(0, 3)),
  grouped: fc.option(fc.boolean()),
})

export function published(list: readonly (readonly [string, ShopValues])[]): Published {
  const of = (pick: (v: ShopValues) => TraitValue) =>
    list.map(([customer_id, v]) => ({ customer_id, value: pick(v) }))
  return {
    "shop.spent_fen": of((v) => v.spent),
    "shop.last_day": of((v) => v.last),
    "shop.step": of((v) => v.step),
    "shop.tags": of((v) => v.tags),
    "shop.in_group": of((v) => v.grouped),
  }
}

export const setValues = (db: Db, list: readonly (readonly [string, ShopValues])[], now: Date) =>
  tx(db, (t) => publish(t, published(list), now))

/** Any rule of this shop, without the questions that only rows answer. */
export const shopTree: fc.Arbitrary<ConditionTree> = fc.letrec<{ tree: ConditionTree; leaf: ConditionTree }>(
  (tie) => ({
    leaf: fc.oneof(
      fc.constantFrom(leaf("shop.paid"), leaf("shop.grouped"), leaf("shop.known")),
      fc
        .tuple(
          fc.option(fc.integer({ min: 0, max: 20 })),
          fc.option(fc.integer({ min: 0, max: 9_000_000_000 })),
        )
        .map(([min, max]) => leaf("shop.spent", { min, max })),
      fc
        .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }))
        .map(([from, to]) => leaf("shop.last", { from, to })),
      fc.constantFrom(...TAGS).map((tag) => leaf("shop.tag", { tag })),
      fc.subarray(TAGS).map((tags) => leaf("shop.any_tag", { tags })),
    ),
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      tie("leaf"),
      fc.array(tie("tree"), { maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie("tree"), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
      tie("tree").map((not) => ({ not })),
    ),
  }),
).tree
