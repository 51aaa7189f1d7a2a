import { describe, expect, it } from "vitest"
import { bodyOf, draftOf, missingIn, newDraft, type StoredSend } from "./draft.ts"

const NOON = Date.parse("2026-11-23T04:00:00Z")
const stored = (over: Partial<StoredSend> = {}): StoredSend => ({
  id: "s",
  name: "双十一返场",
  text: "今晚八点",
  nature: "service",
  rule: { all: [] },
  segment_id: "seg",
  account_function: "sales",
  // as it comes off the wire
  send_at: "2026-11-24T12:30:00.000Z" as unknown as Date,
  expires_at: "2026-11-27T12:30:00.000Z" as unknown as Date,
  author_id: "a",
  approver_id: null,
  state: "draft",
  problem: null,
  revision: 1,
  created_at: "2026-11-23T04:00:00.000Z" as unknown as Date,
  ...over,
})

describe("a send while it is written", () => {
  it("is proposed for this evening, or tomorrow's where nobody could approve it any more", () => {
    expect(newDraft(NOON, null).at).toBe("2026-11-23 20:00")
    expect(newDraft(Date.parse("2026-11-23T11:30:00Z"), null).at).toBe("2026-11-24 20:00")
    // still the 23rd in the shop's zone
    expect(newDraft(Date.parse("2026-11-23T15:59:00Z"), null).at).toBe("2026-11-24 20:00")
  })

  it("opened again and saved untouched, says the same as before", () => {
    expect(bodyOf(draftOf(stored(), NOON))).toEqual({
      name: "双十一返场",
      text: "今晚八点",
      nature: "service",
      segment_id: "seg",
      rule: null,
      account_function: "sales",
      send_at: "2026-11-24T20:30:00+08:00",
      life_days: 3,
    })
  })

  it("keeps a rule that came without a segment, until a segment is chosen", () => {
    const rule = { all: [] }
    const draft = draftOf(stored({ segment_id: null, rule }), NOON)
    expect(missingIn(draft, "audience")).toBeNull()
    expect(bodyOf(draft).rule).toEqual(rule)
    expect(bodyOf({ ...draft, segment_id: "other" }).rule).toBeNull()
  })

  it("copied from one that is long over, is not sent in the past", () => {
    const old = stored({
      send_at: "2026-11-01T12:00:00.000Z" as unknown as Date,
      expires_at: "2026-11-08T12:00:00.000Z" as unknown as Date,
    })
    expect(draftOf(old, NOON)).toMatchObject({ at: "2026-11-23 20:00", life_days: 7 })
  })

  it("says what each step still wants", () => {
    const empty = newDraft(NOON, null)
    expect(missingIn(empty, "audience")).toBe("sends.no_segment")
    expect(missingIn({ ...empty, name: "  " }, "content")).toBe("sends.name_empty")
    expect(missingIn({ ...empty, name: "返场" }, "content")).toBe("sends.text_empty")
    expect(missingIn({ ...empty, at: undefined }, "time")).toBe("sends.at_missing")
    for (const life_days of [0, 32, 1.5, Number.NaN])
      expect(missingIn({ ...empty, life_days }, "time")).toBe("sends.life_odd")
    expect(missingIn({ ...empty, life_days: 31 }, "time")).toBeNull()
  })
})
