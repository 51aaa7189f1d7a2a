import { describe, expect, it } from "vitest"
import type { ConditionTree } from "../../kernel/tree.ts"
import { shopOffers } from "../audiences/shop.fixture.ts"
import { createRegistry } from "../offers/index.ts"
import { changesBetween } from "./changes.ts"
import { playDefinition } from "./definition.ts"
import { inOrder, type SaidPlay, sayPlay } from "./sentence.ts"

const registry = createRegistry([
  shopOffers,
  {
    module: "test",
    traits: [
      {
        name: "test.stage",
        kind: "text",
        label: { zh: "阶段", en: "Stage" },
        values: { member: { zh: "会员", en: "member" } },
      },
    ],
    facts: [
      { type: "test.classed", label: { zh: "分类变化", en: "Class changed" } },
      {
        type: "test.came",
        label: { zh: "加为好友", en: "Became a contact" },
        fields: {
          first: {
            label: { zh: "第几次", en: "Time" },
            values: { true: { zh: "第一次", en: "first time" }, false: { zh: "再次", en: "again" } },
          },
          tag_id: { label: { zh: "标签", en: "Tag" }, kind: "tag" },
        },
      },
    ],
  },
])
const speech = {
  registry,
  names: { of: (_kind: string, id: string) => `名${id}`, current: (_kind: string, id: string) => id },
  rule: (tree: ConditionTree) => ({ zh: `规则${JSON.stringify(tree).length}`, en: "the rule" }),
}
const say = (over: object): SaidPlay =>
  sayPlay(
    playDefinition.parse({ entry: { on: "request" }, first: "a", nodes: { a: { kind: "stop" } }, ...over }),
    speech,
  )
const node = (over: object) => say({ nodes: { a: over } }).steps[0]!.words
const everybody = { all: [] }

describe("a play as people read it", () => {
  it("says who enters, on each of the five ways in", () => {
    const entry = (e: object) => say({ entry: e }).entry
    expect(entry({ on: "fact", fact: "test.came", where: { first: true } })).toEqual({
      zh: "客户「加为好友（第一次）」时进入",
      en: "Whoever “Became a contact (first time)” enters",
    })
    expect(entry({ on: "fact", fact: "test.came", where: { tag_id: "7" } }).zh).toContain("标签：名7")
    expect(entry({ on: "fact", fact: "test.classed", where: { to: "member", trait: "test.stage" } })).toEqual(
      {
        zh: "客户「分类变化（阶段变成会员）」时进入",
        en: "Whoever “Class changed (stage becomes member)” enters",
      },
    )
    expect(entry({ on: "audience", tree: everybody, at: "09:00" }).zh).toMatch(
      /^每天 09:00，符合的人进入：规则/,
    )
    expect(entry({ on: "audience", tree: everybody, at: "2026-11-11T12:00:00Z" }).zh).toMatch(
      /^2026-11-11 20:00 进入一次/,
    )
    expect(entry({ on: "audience", tree: everybody, at: "entering" }).zh).toMatch(
      /^从发布起，谁刚变成符合就进入/,
    )
    expect(entry({ on: "request" }).en).toContain("by hand")
  })

  it("says waits by what they are counted from, and a clock time as a clock time", () => {
    const wait = (over: object) => node({ kind: "wait", next: null, ...over })
    expect(wait({ from: "anchor", days: 1, at: "10:00" }).zh).toBe("等到触发后第 1 天 10:00")
    expect(wait({ from: "anchor", at: "09:00" }).zh).toBe("等到触发当天 09:00")
    expect(wait({ from: "here", at: "20:00" }).zh).toBe("等到最近的 20:00")
    expect(wait({ from: "here", days: 2, hours: 3 })).toEqual({
      zh: "等 2 天 3 小时",
      en: "Wait 2 days 3 hours",
    })
    expect(wait({ from: "here", hours: 48 }).zh).toBe("等 2 天")
    expect(node({ kind: "wait_for", fact: "test.came", hours: 1, answered: null, otherwise: null }).en).toBe(
      "Wait for “Became a contact”, at most 1 hour",
    )
  })

  it("an action that nobody offers any more, or that is not filled in, says so and breaks nothing", () => {
    const action = (offer: string) =>
      node({ kind: "action", action: { offer, version: 1, args: {} }, next: null })
    expect(action("gone.away").zh).toContain("不认识")
  })

  it("says re-entry, what stops it and what happens to the late", () => {
    expect(say({}).reentry.zh).toBe("每个人只走一次")
    expect(say({ reentry: { policy: "after_end", days: 30 } }).reentry.zh).toBe("走完 30 天后可以再进")
    const stop = say({ stop: { facts: [{ fact: "test.came" }], condition: everybody } }).stop
    expect(stop.map((s) => s.zh)).toEqual([
      "一旦「加为好友」就停，没发的不再发",
      expect.stringMatching(/^一旦符合就停/),
    ])
    expect(say({ when_window_passed: "report", window_minutes: 30 }).late.zh).toContain("超过 30 分钟就不做")
  })

  it("lists the steps in the order in which people come to them, each once, whatever goes round", () => {
    const nodes = {
      ask: { kind: "branch", condition: everybody, yes: "hello", no: "bye" },
      bye: { kind: "stop" },
      hello: { kind: "wait", from: "here", hours: 1, next: "ask" },
      lost: { kind: "stop" },
    }
    const play = playDefinition.parse({ entry: { on: "request" }, first: "ask", nodes })
    expect(inOrder(play)).toEqual(["ask", "hello", "bye"])
    expect(sayPlay(play, speech).steps[0]!.ways).toEqual([
      { on: "yes", to: "hello" },
      { on: "no", to: "bye" },
    ])
  })
})

describe("what changed between two versions", () => {
  const wait = (hours: number, next: string | null) => ({ kind: "wait", from: "here", hours, next })
  const base = { first: "a", nodes: { a: wait(1, "b"), b: wait(2, null) } }
  it("is nothing where nothing reads otherwise", () => {
    expect(changesBetween(say(base), say(base))).toEqual([])
  })

  it("names a step that is new, gone or other, and a rule that is other, before and after", () => {
    const after = { first: "a", nodes: { a: wait(3, "c"), c: wait(9, null) } }
    const changes = changesBetween(say(base), say({ ...after, reentry: { policy: "after_end" } }))
    expect(changes.map((c) => [c.part, c.before?.zh ?? null, c.after?.zh ?? null])).toEqual([
      ["reentry", "每个人只走一次", "走完可以再进"],
      ["step", "等 1 小时", "等 3 小时"],
      ["step", null, "等 9 小时"],
      ["step", "等 2 小时", null],
    ])
  })

  it("tells that only the order is other", () => {
    const turned = { first: "b", nodes: { a: wait(1, null), b: wait(2, "a") } }
    expect(changesBetween(say(base), say(turned))).toEqual([{ part: "order", before: null, after: null }])
  })

  it("tells a stop rule that came and one that went", () => {
    const [came] = changesBetween(say(base), say({ ...base, stop: { facts: [{ fact: "test.came" }] } }))
    expect(came).toMatchObject({
      part: "stop",
      before: null,
      after: { zh: expect.stringContaining("加为好友") },
    })
  })
})
