import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { ALL_ON, createNormaliser } from "./normalise.ts"

const read = createNormaliser()

describe("a text as it is read", () => {
  it("is one way of writing: width, case, traditional, invisible, marks between letters, letters repeated", () => {
    expect(read("Ｖ❤Ｘ：𝐀𝐁𝐂①②❸🅰").text).toBe("vxabc123a")
    expect(read("優\u200b惠 活-動").text).toBe("优惠活动")
    expect(read("加加加加微微微信，13888888888").text).toBe("加微信13888888888")
    expect(read("谢谢").text).toBe("谢谢")
    expect(read("好。的").text).toBe("好\n的")
  })

  it("each switch can be off by itself", () => {
    const off = (over: Partial<typeof ALL_ON>) => createNormaliser({ ...ALL_ON, ...over })
    expect(off({ width: false })("Ａ①").text).toBe("ａ①")
    expect(off({ case: false })("Vx").text).toBe("Vx")
    expect(off({ traditional: false })("優惠").text).toBe("優惠")
    expect(off({ marks: false })("优-惠").text).toBe("优 惠")
    expect(off({ repeats: false })("加加加微").text).toBe("加加加微")
    expect(off({ zero_width: false, marks: false })("优\u200b惠").text).toBe("优 惠")
  })

  it("says of each letter where it stood: in order, within the text, and what it came from reads as that letter", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 120 }), (text) => {
        const { text: letters, from, to } = read(text)
        expect([from.length, to.length]).toEqual([letters.length, letters.length])
        for (let i = 0; i < letters.length; i++) {
          expect(from[i]!).toBeLessThan(to[i]!)
          expect(to[i]!).toBeLessThanOrEqual(text.length)
          if (i > 0) expect(from[i]!).toBeGreaterThanOrEqual(from[i - 1]!)
          const alone = read(text.slice(from[i], to[i])).text
          if (letters[i] !== "\n") expect(alone).toContain(letters[i])
        }
      }),
    )
  })
})
