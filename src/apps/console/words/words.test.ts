import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { en } from "./en/index.ts"
import { zh } from "./zh/index.ts"

type Tree = { [key: string]: string | Tree }

function flat(tree: Tree, path = ""): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === "string" ? [[`${path}${key}`, value] as const] : [...flat(value, `${path}${key}.`)],
    ),
  )
}

const chinese = flat(zh as unknown as Tree)
const english = flat(en as unknown as Tree)
const holes = (text: string) => [...text.matchAll(/\{\{\w+\}\}/g)].map(String).sort()

describe("words", () => {
  it("every word is there in both languages, with the same holes to fill", () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
    const torn = [...chinese].filter(
      ([key, text]) => String(holes(text)) !== String(holes(english.get(key) ?? "")),
    )
    expect(torn).toEqual([])
  })

  it("no English stands in the Chinese page and no Chinese in the English one", () => {
    expect(
      [...english].filter(([key, text]) => /\p{Script=Han}/u.test(text) && !key.endsWith("_example")),
    ).toEqual([])
    const latin = [...chinese].filter(
      ([, text]) => !/\p{Script=Han}/u.test(text) && /[a-z]{3,}/.test(text.replace(/\{\{\w+\}\}/g, "")),
    )
    expect(latin).toEqual([])
  })

  it("no page writes Chinese, or joins with a Chinese comma, beside the word lists", () => {
    const folders = ["src/apps/console", "src/ui"]
    const wrong: string[] = []
    for (const folder of folders)
      for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        if (!/\.tsx?$/.test(file) || /words\/|\.test\.|format\.ts$/.test(file)) continue
        const text = readFileSync(`${folder}/${file}`, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
        if (/[\p{Script=Han}、，。；]/u.test(text)) wrong.push(file)
      }
    expect(wrong).toEqual([])
  })
})
