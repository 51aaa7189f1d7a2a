import { describe, expect, it } from "vitest"
import { compare, type Ours, planPush, type Theirs, type Verdict } from "./rules.ts"

const ours = (name: string, more: Partial<Ours> = {}): Ours => ({
  ...{ id: "o", name, retired: false, from_channel: false },
  ...more,
})
const theirs = (name: string, agreed: string | null, gone = false): Theirs => ({ name, agreed, gone })
const short = (v: Verdict) => (v.is === "same" ? v.is : `${v.is} ${v.is === "conflict" ? v.kind : v.what}`)

describe("one tag on both sides", () => {
  const own = { from_channel: true }
  it.each([
    ["nobody changed it", ours("甲"), theirs("甲", "甲"), "same"],
    ["both came to one name by themselves", ours("乙"), theirs("乙", "甲"), "same"],
    ["only we renamed it", ours("乙"), theirs("甲", "甲"), "push rename"],
    ["only we renamed one that was made there", ours("乙", own), theirs("甲", "甲"), "push rename"],
    ["only they renamed the team's", ours("甲"), theirs("乙", "甲"), "conflict renamed_there"],
    ["only they renamed their own", ours("甲", own), theirs("乙", "甲"), "adopt rename"],
    ["both renamed it", ours("乙"), theirs("丙", "甲"), "conflict renamed_both"],
    ["both never agreed", ours("乙"), theirs("丙", null), "conflict renamed_both"],
    ["they deleted the team's", ours("甲"), theirs("甲", "甲", true), "conflict deleted_there"],
    ["they deleted their own", ours("甲", own), theirs("甲", "甲", true), "adopt remove"],
    [
      "they deleted their own that we renamed",
      ours("乙", own),
      theirs("甲", "甲", true),
      "conflict deleted_there",
    ],
    ["we retired it", ours("甲", { retired: true }), theirs("甲", "甲"), "push remove"],
    [
      "we retired what they renamed",
      ours("甲", { retired: true }),
      theirs("乙", "甲"),
      "conflict retired_here",
    ],
    ["it is gone on both sides", ours("甲", { retired: true }), theirs("甲", "甲", true), "same"],
  ])("%s", (_, mine, other, verdict) => {
    expect(short(compare(mine, other))).toBe(verdict)
  })
})

describe("what is brought to the channel", () => {
  const group = (pushed: boolean, channel_ref: string | null = "g") => ({
    id: "g1",
    name: "人群",
    pushed,
    channel_ref,
  })
  const tag = (id: string, name: string, more: Partial<Ours & { channel_ref: string | null }> = {}) => ({
    ...{ ...ours(name), id, group_id: "g1", channel_ref: null },
    ...more,
  })
  const there = (ref: string, ours_id: string, name: string, more: object = {}) => ({
    ...{ ...theirs(name, name), ref, of: "tag" as const, group_ref: "g", ours_id },
    ...{ made_by_us: true, refused_name: null },
    ...more,
  })
  const home = { ...there("g", "g1", "那边的人群"), of: "group" as const, made_by_us: false }

  it("are new tags of chosen groups, under the name that the group has there, so many at once", () => {
    const tags = [tag("a", "甲"), tag("b", "乙"), tag("c", "丙"), tag("d", "丁", { retired: true })]
    expect(planPush([group(false)], tags, [home], new Set(), 2)).toEqual([])
    expect(planPush([group(true)], tags, [home], new Set(["b"]), 2)).toEqual([
      {
        ...{ do: "create", group_id: "g1", group_name: "那边的人群" },
        tags: [
          { id: "a", name: "甲" },
          { id: "c", name: "丙" },
        ],
      },
    ])
  })

  it("are names and ends of what was made through us, but not what is asked about or was refused", () => {
    const tags = [
      tag("a", "新甲", { channel_ref: "ra" }),
      tag("b", "新乙", { channel_ref: "rb" }),
      tag("c", "新丙", { channel_ref: "rc" }),
      tag("d", "新丁", { channel_ref: "rd" }),
      tag("e", "戊", { retired: true }),
    ]
    const all = [
      there("ra", "a", "甲"),
      there("rb", "b", "乙", { made_by_us: false }),
      there("rc", "c", "丙", { refused_name: "新丙" }),
      there("rd", "d", "丁"),
      there("re", "e", "戊"),
    ]
    expect(planPush([group(true)], tags, all, new Set(["d"]), 100)).toEqual([
      { do: "remove", refs: ["re"] },
      { do: "rename", ref: "ra", name: "新甲" },
    ])
  })
})
