import { pinyin } from "pinyin-pro"
import { describe, expect, it } from "vitest"
import { nav, search_actions } from "../../words/zh/frame.ts"
import { readings } from "./readings.ts"

const read = (text: string) =>
  pinyin(text, { toneType: "none", type: "array", nonZh: "consecutive" })
    .map((syllable) => syllable.trim().toLowerCase())
    .filter((syllable) => syllable !== "")
    .join(" ")

describe("how pages and actions are read", () => {
  it("each is found by the pinyin of its name as it stands now", () => {
    const wanted = Object.fromEntries(
      Object.entries({ ...nav, ...search_actions }).map(([word, text]) => [word, read(text)]),
    )
    expect(readings).toEqual(wanted)
  })
})
