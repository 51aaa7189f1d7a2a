import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { BrowserContext, Page } from "playwright-core"
import { freePort } from "../../src/platform/postgres/index.ts"
import { npmStart } from "../chaos/server.ts"
import { launchBrowser } from "./chromium.ts"
import { DETAILS } from "./page-list.ts"

export const PASSWORD = "owner-password-1"
/** The company's past comes in behind the first page. */
const PAST_MS = 180_000
const SETTLE_MS = 15_000
const HEIGHTS: Record<number, number> = { 390: 844, 1120: 760 }
const CUSTOMERS_KNOWN = 150

export type Look = { width: number; mode: "light" | "dark"; lang: "zh" | "en" }

/** A company to be photographed: one that runs already, or a new busy one that ends with the work. */
export async function withCompany(
  given: { origin?: string | undefined; password?: string | undefined },
  work: (studio: Studio) => Promise<void>,
): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "siyu-shots-"))
  const port = await freePort()
  const company = given.origin
    ? null
    : await npmStart(home, port, { SIYU_OWNER_PASSWORD: PASSWORD, SANDBOX_SCENARIO: "busy" })
  const browser = await launchBrowser()
  const origin = given.origin ?? `http://127.0.0.1:${port}`
  try {
    await work({
      origin,
      async sit(look) {
        const context = await browser.newContext({
          viewport: { width: look.width, height: HEIGHTS[look.width] ?? 900 },
          locale: look.lang === "en" ? "en-GB" : "zh-CN",
          timezoneId: "Asia/Shanghai",
          colorScheme: look.mode,
          reducedMotion: "reduce",
        })
        const page = await context.newPage()
        page.on("pageerror", (error) => process.stderr.write(`${page.url()}: ${error.message}\n`))
        await page.goto(origin)
        await page.locator("input[type=password]").waitFor()
        return { page, signIn: () => signIn(page, context, origin, given.password ?? PASSWORD, look.lang) }
      },
    })
  } finally {
    await browser.close()
    await company?.stop()
    await rm(home, { recursive: true, force: true })
  }
}

export type Studio = {
  origin: string
  /** A browser window at the door, and the way in. */
  sit(look: Look): Promise<{ page: Page; signIn: () => Promise<void> }>
}

async function signIn(
  page: Page,
  context: BrowserContext,
  origin: string,
  password: string,
  lang: Look["lang"],
): Promise<void> {
  await page.locator("input").first().fill("owner")
  await page.locator("input[type=password]").fill(password)
  await page.keyboard.press("Enter")
  await page.locator("input[type=password]").waitFor({ state: "detached" })
  if (lang === "en") await context.addInitScript(() => localStorage.setItem("siyu.language", "en"))
  await pastIsIn(page, origin)
  await furnish(page, origin)
}

/** The list of customers fills while the company's year comes in; a picture of a half-full one shows nothing. */
async function pastIsIn(page: Page, origin: string): Promise<void> {
  const end = Date.now() + PAST_MS
  for (let before = -1; Date.now() < end; ) {
    const list = await page.request.get(`${origin}/api/customers?limit=200&with_total=true`)
    if (list.ok()) {
      const { rows, total } = (await list.json()) as { rows: { traits: object }[]; total: number }
      const known = rows.filter(({ traits }) => Object.values(traits).filter((v) => v !== null).length > 2)
      if (known.length >= Math.min(CUSTOMERS_KNOWN, rows.length) && total === before && total > 0) return
      before = total
    }
    await page.waitForTimeout(1_000)
  }
}

const SEGMENT = {
  name: "久未回来的宝妈",
  rule: {
    all: [
      { offer: "customers.has_paid", version: 1, args: {} },
      { offer: "orders.last_days_ago", version: 1, args: { min: 30, max: 180 } },
    ],
  },
}
const TEXT = "{{name}}，上次带的米粉该用完了吧？今晚八点老客有专属价，需要我留一份吗？"

/** What an operator would have made by the second day: a segment, a send that waits for approval, a draft. */
async function furnish(page: Page, origin: string): Promise<void> {
  const post = async (path: string, data: object = {}) => {
    const answer = await page.request.post(`${origin}${path}`, { data })
    return answer.ok() ? ((await answer.json()) as { id: string }) : null
  }
  const segment = await post("/api/segments", SEGMENT)
  if (!segment) return
  const send_at = new Date(Date.now() + 30 * 3_600_000).toISOString()
  const body = { text: TEXT, segment_id: segment.id, send_at }
  const send = await post("/api/sends", { ...body, name: "囤货提醒" })
  if (send) await post(`/api/sends/${send.id}/submit`)
  await post("/api/sends", { ...body, name: "周末到店礼" })
}

/** Opens a page and waits until nothing on it is loading. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await page.getByRole("heading", { level: 1 }).first().waitFor()
  await page.waitForFunction(() => document.querySelector(".state-loading") === null, undefined, {
    timeout: SETTLE_MS,
  })
  await page.waitForLoadState("networkidle", { timeout: SETTLE_MS }).catch(() => undefined)
}

/** The address of the first thing in a list that has pages of one thing. */
export async function firstOf(page: Page, path: string): Promise<string | null> {
  if (!DETAILS.includes(path)) return null
  const link = page.getByRole("table").getByRole("link").first()
  return (await link.count()) === 0 ? null : link.getAttribute("href")
}
