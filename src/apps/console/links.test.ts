import { readdirSync, readFileSync } from "node:fs"
import { expect, it } from "vitest"

const HERE = "src/apps/console"

it("no link or button of a page leads to an address that is no page", () => {
  const router = readFileSync(`${HERE}/router.tsx`, "utf8")
  const pages = new Set([...router.matchAll(/(?:page|personal)\("([^"]+)"/g)].map(([, path]) => path))
  expect(pages.size).toBeGreaterThan(40)
  const dead: string[] = []
  for (const file of readdirSync(HERE, { recursive: true, encoding: "utf8" })) {
    if (!/\.tsx?$/.test(file) || file.endsWith(".test.ts")) continue
    const text = readFileSync(`${HERE}/${file}`, "utf8")
    for (const [, to = ""] of text.matchAll(/\bto[=:]\s*\{?"(\/[^"]*)"/g))
      if (to !== "/" && !pages.has(to)) dead.push(`${file}: ${to}`)
  }
  expect(dead).toEqual([])
})
