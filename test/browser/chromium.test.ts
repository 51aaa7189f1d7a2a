import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { bundledLibraries, findChromium, launchBrowser } from "./chromium.ts"

const PAGE = `<!doctype html><meta charset="utf-8"><style>body{margin:0;font:64px sans-serif}span{white-space:pre}</style>
<span id="a">私域</span><span id="b">运营</span><span id="smile">😊</span><span id="flower">🌸</span><span id="none">\uE123\uE123</span>
<canvas id="c" width="200" height="100"></canvas>`

describe("the browser of the tests", { timeout: 120_000 }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  }, 120_000)
  afterAll(() => browser?.close())

  it("really draws Chinese and emoji, on the page and on a canvas: different words look different", async () => {
    const page = await browser.newPage({ viewport: { width: 600, height: 200 } })
    await page.setContent(PAGE)
    const shots = new Map<string, string>()
    for (const id of ["a", "b", "smile", "flower", "none"])
      shots.set(id, (await page.locator(`#${id}`).screenshot()).toString("base64"))
    expect(new Set(shots.values()).size).toBe(5)
    // Both are functions of the page; as text, since this file is checked without a browser's globals in mind.
    const inked = (text: string) =>
      page.evaluate<number>(`(() => {
        const g = document.getElementById("c").getContext("2d")
        g.clearRect(0, 0, 200, 100); g.font = "64px sans-serif"; g.fillText(${JSON.stringify(text)}, 0, 80)
        return g.getImageData(0, 0, 200, 100).data.filter((v, i) => i % 4 === 3 && v > 0).length
      })()`)
    const [one, many] = [await inked("一"), await inked("囊")]
    expect(one).toBeGreaterThan(50)
    expect(many).toBeGreaterThan(one * 3)
    await page.close()
  })

  it("is found where it is named, and comes with its libraries from npm on a bare machine", async () => {
    expect(await findChromium({ CHROMIUM_PATH: "/some/where" })).toEqual({
      executablePath: "/some/where",
      libraries: null,
    })
    expect(existsSync(join(bundledLibraries(), "libnss3.so"))).toBe(true)
    const packed = await findChromium({ CHROMIUM: "npm" })
    expect(existsSync(packed.executablePath)).toBe(true)
  })
})
