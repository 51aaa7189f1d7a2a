// npm run shots [-- --out DIR --widths 1440,390 --modes light --lang en PATH…]: a picture of every page of a running company, to
// be looked at. The pages of docs/pages.md are made with it too.
import { mkdirSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import type { BrowserContext, Page } from "playwright-core"
import { freePort } from "../../src/platform/postgres/index.ts"
import { npmStart } from "../chaos/server.ts"
import { launchBrowser } from "./chromium.ts"
import { DETAILS, PAGES } from "./page-list.ts"

const PASSWORD = "owner-password-1"
/** The company's past comes in behind the first page. */
const PAST_MS = 120_000
const SETTLE_MS = 15_000
const HEIGHTS: Record<string, number> = { "390": 844 }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string", default: "test-results/shots" },
    widths: { type: "string", default: "1440,1024,390" },
    modes: { type: "string", default: "light,dark" },
    lang: { type: "string", default: "zh" },
    /** A company that runs already, with its owner's password: none is started then. */
    origin: { type: "string" },
    password: { type: "string", default: PASSWORD },
  },
})
const out = values.out
mkdirSync(out, { recursive: true })

const home = await mkdtemp(join(tmpdir(), "siyu-shots-"))
const port = await freePort()
const company = values.origin
  ? null
  : await npmStart(home, port, { SIYU_OWNER_PASSWORD: PASSWORD, SANDBOX_SCENARIO: "busy" })
const origin = values.origin ?? `http://127.0.0.1:${port}`
const browser = await launchBrowser()
try {
  for (const width of values.widths.split(","))
    for (const mode of values.modes.split(",")) await shoot(width, mode as "light" | "dark")
} finally {
  await browser.close()
  await company?.stop()
  await rm(home, { recursive: true, force: true })
}

async function shoot(width: string, mode: "light" | "dark"): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: Number(width), height: HEIGHTS[width] ?? 900 },
    locale: values.lang === "en" ? "en-GB" : "zh-CN",
    timezoneId: "Asia/Shanghai",
    colorScheme: mode,
    reducedMotion: "reduce",
  })
  const page = await context.newPage()
  page.on("pageerror", (error) => process.stderr.write(`${page.url()}: ${error.message}\n`))
  await page.goto(origin)
  await page.locator("input[type=password]").waitFor()
  await save(page, "sign-in", width, mode)
  await signIn(page, context)
  await pastIsIn(page)
  for (const path of positionals.length > 0 ? positionals : PAGES.map(([path]) => path)) {
    await open(page, path)
    await save(page, path, width, mode)
    if (!DETAILS.includes(path)) continue
    const link = page.getByRole("table").getByRole("link").first()
    if ((await link.count()) === 0) continue
    await open(page, (await link.getAttribute("href")) ?? path)
    await save(page, `${path}/one`, width, mode)
  }
  await context.close()
}

async function signIn(page: Page, context: BrowserContext): Promise<void> {
  await page.locator("input").first().fill("owner")
  await page.locator("input[type=password]").fill(values.password)
  await page.keyboard.press("Enter")
  await page.locator("input[type=password]").waitFor({ state: "detached" })
  if (values.lang === "en") await context.addInitScript(() => localStorage.setItem("siyu.language", "en"))
}

/** The list of customers fills while the company's year comes in; a picture of a half-full one shows nothing. */
async function pastIsIn(page: Page): Promise<void> {
  const end = Date.now() + PAST_MS
  for (let before = -1; Date.now() < end; ) {
    const answer = await page.request.get(`${origin}/api/orders?limit=1`)
    const count = answer.ok() ? JSON.stringify(await answer.json()).length : 0
    const list = await page.request.get(`${origin}/api/customers?limit=200`)
    const { rows } = (list.ok() ? await list.json() : { rows: [] }) as { rows: { traits: object }[] }
    const known = (row: { traits: object }) => Object.values(row.traits).filter((value) => value !== null)
    const customers = rows.filter((row) => known(row).length > 1).length
    if (count > 60 && customers >= 150 && count === before) return
    before = count
    await page.waitForTimeout(1_000)
  }
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(origin + path)
  await page.getByRole("heading", { level: 1 }).first().waitFor()
  await page.waitForFunction(() => document.querySelector(".state-loading") === null, undefined, {
    timeout: SETTLE_MS,
  })
  await page.waitForLoadState("networkidle", { timeout: SETTLE_MS }).catch(() => undefined)
}

async function save(page: Page, path: string, width: string, mode: string): Promise<void> {
  const name = path.replace(/^\//, "").replaceAll("/", "-") || "home"
  const file = join(out, `${name}-${width}-${mode}.png`)
  await page.screenshot({ path: file })
  process.stdout.write(`${file}\n`)
}
