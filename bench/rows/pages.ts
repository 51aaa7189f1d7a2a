import { spawnSync } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { BrowserContext, Page } from "playwright-core"
import { ROOT } from "../../src/platform/config.ts"
import { freePort } from "../../src/platform/postgres/index.ts"
import { launchBrowser } from "../../test/browser/chromium.ts"
import { fillCustomers } from "../../test/customers.ts"
import { answersOf, type Entry, firstPaintOf, framesWhile, type Pressed, watch } from "../page-watch.ts"
import { type BenchRow, type Measured, median, type Place } from "../row.ts"
import { startServer } from "../server-process.ts"

const CUSTOMERS = 20_000
const PASSWORD = "bench-password-1"
/** As slow as a cheap office machine beside this one. */
const CPU_SLOWER = 4
const LOADS = 3
const PATHS = ["/customers", "/segments/new", "/sends/new", "/data", "/today"]
/** Rows seen by paging through the list, fifty at a time. */
const ROWS_SEEN = 2_000
const PAGE_ROWS = 50
/** So many of the slowest presses are told. */
const TOLD = 12

type Figures = { lcp: number; shift: number; inp: number; fps: number; note: string; slowest: string }
let measured: Promise<Figures> | null = null

/** One server, one company and one browser serve all rows of this file. */
function figures(place: Place): Promise<Figures> {
  measured ??= take(place)
  return measured
}

async function take({ db, url, say }: Place): Promise<Figures> {
  const built = spawnSync(process.execPath, ["tools/build.mjs"], { cwd: ROOT, encoding: "utf8" })
  if (built.status !== 0) throw new Error(`the console could not be built: ${built.stderr}`)
  const home = await mkdtemp(join(tmpdir(), "siyu-bench-home-"))
  const env = {
    SIYU_HOME: home,
    DATABASE_URL: url,
    SIYU_ROLE: "web",
    SIYU_SANDBOX: "off",
    SIYU_SECRET_KEY: "bench-secret-key-1",
    SIYU_OWNER_PASSWORD: PASSWORD,
  }
  const command = [process.execPath, "--import", "tsx", "src/apps/server/main.ts"]
  const first = await startServer(command, await freePort(), env)
  await first.stop()
  await fillCustomers(db, CUSTOMERS)
  const server = await startServer(command, await freePort(), env)
  const browser = await launchBrowser()
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "zh-CN" })
    await watch(context)
    await signIn(context, server.origin)
    const loads = await load(context, server.origin)
    for (const one of loads)
      say(`${one.path}: painted after ${one.ms.toFixed(0)} ms, shift ${one.shift.toFixed(3)}`)
    const worst = loads.toSorted((a, b) => b.ms - a.ms)[0]!
    const page = await slowPage(context)
    const pressed = (await use(page, server.origin)).toSorted((a, b) => b.ms - a.ms)
    for (const one of pressed.slice(0, TOLD))
      say(`${one.name}: ${one.ms} ms, ${one.waited} waiting and ${one.worked} working`)
    const inp = pressed[0]!
    const fps = await pageThrough(page, server.origin)
    return {
      lcp: worst.ms,
      shift: Math.max(...loads.map((one) => one.shift)),
      inp: inp.ms,
      fps,
      note: `Chromium with the processor slowed ${CPU_SLOWER} times, ${CUSTOMERS.toLocaleString("en")} customers, nothing in the browser's cache, server on the same machine`,
      slowest: `slowest page ${worst.path}; slowest press ${inp.name}`,
    }
  } finally {
    await browser.close()
    await server.stop()
    await rm(home, { recursive: true, force: true })
  }
}

async function signIn(context: BrowserContext, origin: string): Promise<void> {
  const answer = await context.request.post(`${origin}/api/session`, {
    data: { login: "owner", password: PASSWORD },
  })
  if (!answer.ok()) throw new Error(`cannot sign in: ${await answer.text()}`)
}

async function slowPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  const wire = await context.newCDPSession(page)
  await wire.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWER })
  return page
}

/** Each page as somebody opens it for the first time: its largest content, and how far things jumped. Medians of loads. */
async function load(context: BrowserContext, origin: string) {
  const found: { path: string; ms: number; shift: number }[] = []
  for (const path of PATHS) {
    const times: Entry[] = []
    for (let n = 0; n < LOADS; n++) {
      const page = await slowPage(context)
      const wire = await context.newCDPSession(page)
      await wire.send("Network.setCacheDisabled", { cacheDisabled: true })
      await page.goto(origin + path)
      await settled(page)
      times.push(await firstPaintOf(page))
      await page.close()
    }
    found.push({
      path,
      ms: median(times.map((one) => one.ms)),
      shift: Math.max(...times.map((one) => one.shift)),
    })
  }
  return found
}

async function settled(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).first().waitFor()
  await page.waitForFunction(() => document.querySelector(".state-loading") === null)
  await page.waitForLoadState("networkidle")
}

/** What an operator does all day: searches, opens filters, selects rows, pages on, walks between pages, types a rule. */
async function use(page: Page, origin: string): Promise<Pressed[]> {
  await page.goto(`${origin}/customers`)
  await settled(page)
  await page.getByLabel("姓名、拼音、手机尾号").click()
  await page.keyboard.type("客户1", { delay: 60 })
  await settled(page)
  await page.getByRole("button", { name: "清除筛选" }).click()
  await settled(page)
  await page.getByRole("combobox", { name: "阶段" }).click()
  await page.keyboard.press("Escape")
  await page.getByRole("checkbox").nth(1).click()
  await page.getByRole("checkbox").first().click()
  await page.getByRole("button", { name: "更早" }).click()
  await settled(page)
  await page.getByRole("table").getByRole("link").first().click()
  await settled(page)
  await page.getByRole("link", { name: "人群" }).first().click()
  await settled(page)
  const listed = await answersOf(page)
  await page.goto(`${origin}/segments/new`)
  await settled(page)
  await page.getByRole("combobox", { name: "添加条件" }).click()
  await page.keyboard.type("地区", { delay: 60 })
  await page.keyboard.press("Enter")
  await settled(page)
  return [...listed, ...(await answersOf(page))]
}

/** Frames a second while the list is scrolled after so many rows have been paged through. */
async function pageThrough(page: Page, origin: string): Promise<number> {
  await page.goto(`${origin}/customers`)
  await settled(page)
  for (let seen = PAGE_ROWS; seen < ROWS_SEEN; seen += PAGE_ROWS) {
    await page.getByRole("button", { name: "更早" }).click()
    await page.waitForFunction(() => document.querySelector(".is-refreshing") === null)
  }
  await settled(page)
  return framesWhile(page, async () => {
    await page.mouse.move(700, 500)
    for (let n = 0; n < 40; n++) await page.mouse.wheel(0, n % 20 < 10 ? 120 : -120)
  })
}

function row(name: string, unit: string, goal: BenchRow["goal"], of: (all: Figures) => number): BenchRow {
  return {
    row: `pages_${name}`,
    unit,
    goal,
    rounds: 1,
    async measure(place): Promise<Measured> {
      const all = await figures(place)
      return { ours: of(all), anchor: null, note: `${all.note}; ${all.slowest}` }
    },
  }
}

export const rows: BenchRow[] = [
  row("largest_paint", "ms", { at_most: 2_500 }, (all) => all.lcp),
  row("layout_shift", "share of the view", { at_most: 0.1 }, (all) => all.shift),
  row("slowest_answer", "ms", { at_most: 200 }, (all) => all.inp),
  row("list_frames", "frames/s", { at_least: 50 }, (all) => all.fps),
]
