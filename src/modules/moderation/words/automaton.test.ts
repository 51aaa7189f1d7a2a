import { describe, expect, it } from "vitest"
import { chance } from "../../../kernel/chance.ts"
import { createAutomaton } from "./automaton.ts"

function scanned(words: string[], text: string) {
  const hits: [string, number][] = []
  createAutomaton(words).scan(text, (word, end) => hits.push([words[word]!, end]))
  return hits
}
const naive = (words: string[], text: string) =>
  Array.from({ length: text.length }, (_, i) => i + 1).flatMap((end) =>
    [...new Set(words)]
      .filter((w) => text.slice(0, end).endsWith(w))
      .sort((a, b) => b.length - a.length)
      .map((w): [string, number] => [w, end]),
  )

describe("finding all words of a list", () => {
  it("tells every occurrence, also of words within words, with its exact end", () => {
    expect(scanned(["代办", "代办信用卡", "信用", "卡"], "可代办信用卡")).toEqual([
      ["代办", 3],
      ["信用", 5],
      ["代办信用卡", 6],
      ["卡", 6],
    ])
  })

  it("finds what a naive reader finds, whatever the words and the text", () => {
    let asked = 0
    const draw = (n: number) => Math.floor(chance(7, asked++) * n)
    const letters = ["a", "b", "c", "微", "信"]
    const random = (most: number) =>
      Array.from({ length: 1 + draw(most) }, () => letters[draw(letters.length)]).join("")
    for (let round = 0; round < 300; round++) {
      const words = Array.from({ length: 1 + draw(30) }, () => random(5))
      const text = random(60)
      expect(scanned(words, text)).toEqual(naive(words, text))
    }
  })

  it("is not confused by units that no word has, nor by halves of pairs", () => {
    expect(scanned(["加微"], "加\ud83d加微\uffff加微")).toEqual([
      ["加微", 4],
      ["加微", 7],
    ])
    expect(() => createAutomaton([""])).toThrow()
    expect(scanned([], "随便说说")).toEqual([])
  })
})
