import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { SITUATIONS } from "../../../modules/accounts/contract.ts"
import { NEXT_STEPS } from "../../../modules/sidebar/contract.ts"
import { situation } from "../../console/words/zh/scripts.ts"
import { en } from "./en.ts"
import { zh } from "./zh.ts"

const holes = (text: string) => [...text.matchAll(/\{\{\w+\}\}/g)].map(String).sort()
const pairs = Object.entries(zh).map(
  ([key, text]) => [text, (en as Record<string, string>)[key] ?? ""] as const,
)

describe("the words beside a chat", () => {
  it("are there in both languages, with the same holes, each in its own script", () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh))
    for (const [chinese, english] of pairs) {
      expect(holes(english), chinese).toEqual(holes(chinese))
      expect(english).not.toMatch(/\p{Script=Han}/u)
      expect(chinese.replace(/\{\{\w+\}\}/g, "")).not.toMatch(/[a-z]{3,}/)
    }
  })

  it("name every next step and every situation", () => {
    const keys = new Set<string>(Object.keys(zh))
    for (const step of NEXT_STEPS)
      expect([`next_${step}`, `next_${step}_text`].filter((key) => !keys.has(key))).toEqual([])
    expect(Object.keys(situation)).toEqual([...SITUATIONS])
  })

  it("stand in the lists alone: no file of the page writes Chinese", () => {
    const folder = "src/apps/sidebar"
    const wrong = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => {
      if (!/\.tsx?$/.test(file) || /words\/|\.test\./.test(file)) return false
      const text = readFileSync(`${folder}/${file}`, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
      return /[\p{Script=Han}、，。；]/u.test(text)
    })
    expect(wrong).toEqual([])
  })
})
