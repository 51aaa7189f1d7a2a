import { describe, expect, it } from "vitest"
import { DAY_MS } from "../../kernel/day.ts"
import { newId } from "../../kernel/ids.ts"
import { accountOfChat, causeOf, friendshipOf, nextStep, type Seen } from "./rules.ts"

const now = new Date("2026-11-23T04:00:00Z")
const ago = (days: number) => new Date(now.getTime() - days * DAY_MS)
const seen = (over: Partial<Seen> = {}): Seen => ({
  friend: true,
  added_at: ago(30),
  opted_out: false,
  stage: "prospect",
  standing: "general",
  activity: "prospect",
  assignment_id: null,
  ...over,
})

describe("the next step", () => {
  it.each<[string, Partial<Seen>, string, string | null]>([
    ["a newcomer is greeted", { added_at: ago(1) }, "greet", "opening"],
    ["a week later their need is asked for", { added_at: ago(7) }, "find_need", "ice"],
    ["interest is taken up", { standing: "interested" }, "close", "closing"],
    ["who bought is cared for", { stage: "customer", standing: "paid" }, "care", "after_sale"],
    [
      "who bought again is offered membership",
      { stage: "customer", standing: "repeat" },
      "member",
      "closing",
    ],
    ["a member is cared for", { stage: "member", standing: "repeat" }, "care", "after_sale"],
    ["a partner is supported", { stage: "partner" }, "support", "trust"],
    [
      "who fell silent is woken before anything else",
      { stage: "member", activity: "lost" },
      "revive",
      "revival",
    ],
    ["who asked to be left alone is", { opted_out: true, standing: "interested" }, "opted_out", null],
    ["who is no friend cannot be written to", { friend: false, assignment_id: "a" }, "not_a_friend", null],
    [
      "nothing is known yet",
      { stage: null, standing: null, activity: null, added_at: null },
      "find_need",
      "ice",
    ],
  ])("%s", (_, over, step, situation) => {
    expect(nextStep(seen(over), now)).toMatchObject({ step, situation, assignment_id: null })
  })

  it("what somebody was asked to do comes before the classes, with the words that fit the classes", () => {
    expect(nextStep(seen({ assignment_id: "a", activity: "quiet" }), now)).toEqual({
      step: "assignment",
      situation: "revival",
      assignment_id: "a",
    })
  })
})

describe("whose chat it is", () => {
  const contact = (account_id: string, days: number, removed_by: string | null = null) => ({
    account_id,
    added_at: ago(days),
    removed_at: removed_by ? ago(1) : null,
    removed_by,
  })
  it("the account that was asked for; else mine that has the friend, any that has, the last that had", () => {
    const some = [contact("old", 90), contact("mine", 60), contact("ended", 10, "customer")]
    expect(accountOfChat(some, "asked", new Set(["mine"]))).toBe("asked")
    expect(accountOfChat(some, undefined, new Set(["mine", "ended"]))).toBe("mine")
    expect(accountOfChat(some, undefined, new Set(["ended"]))).toBe("old")
    expect(accountOfChat([contact("a", 9, "staff"), contact("b", 5, "staff")], undefined, new Set())).toBe(
      "b",
    )
    expect(accountOfChat([], undefined, new Set())).toBeNull()
  })

  it("is told as a friendship, as one that ended and by whom, or as none", () => {
    const some = [
      contact("a", 9),
      contact("b", 9, "customer"),
      contact("c", 9, "transfer"),
      contact("d", 9, "staff"),
    ]
    expect(some.map((one) => friendshipOf(some, one.account_id).state)).toEqual([
      "friend",
      "left_us",
      "transferred",
      "removed",
    ])
    expect(friendshipOf(some, "e")).toEqual({ state: "never", since: null, until: null })
  })
})

describe("what an assignment comes from", () => {
  it("an enrolment in a play or a send, read from its key; anything else is nothing", () => {
    const id = newId()
    expect(causeOf(`play:${id}/greet/0`)).toEqual({ kind: "play", id })
    expect(causeOf(`touch:play/${id}/1/2026-11-01/${newId()}`)).toEqual({ kind: "play", id })
    expect(causeOf(`touch:send/${id}/1/2026-11-01/${newId()}`)).toEqual({ kind: "send", id })
    for (const other of [`introduction:${id}:sales`, `deed:${id}`, "play:", "test:1"])
      expect(causeOf(other), other).toBeNull()
  })
})
