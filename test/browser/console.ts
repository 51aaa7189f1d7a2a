import { readdirSync, readFileSync, statSync } from "node:fs"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { build } from "vite"
import { afterAll, expect } from "vitest"
import { type Company, OWNER, startCompany, type World } from "../company.ts"
import { launchBrowser } from "./chromium.ts"

const root = fileURLToPath(new URL("../../", import.meta.url))
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

/** The console as a person has it: the built pages from the real server, in a real Chromium, Chinese, at one width. */
export type Desk = {
  company: Company
  page: Page
  context: BrowserContext
  /** Goes to an address and waits until its heading is drawn and nothing is loading any more. */
  open(path: string): Promise<void>
  /** The same from a page that is open, as a click on a link does it: without loading the console again. */
  walk(path: string): Promise<void>
  /** What the page said to the developer's console that a healthy page does not say. */
  complaints: string[]
}

export async function openDesk(options: World & { width?: number } = {}): Promise<Desk> {
  await buildConsole()
  const company = await startCompany(options)
  const browser: Browser = await launchBrowser()
  afterAll(() => browser.close())
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: 900 },
    locale: "zh-CN",
    timezoneId: "America/New_York",
    reducedMotion: "reduce",
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on("pageerror", (error) => complaints.push(error.message))
  page.on("console", (message) => {
    // Chromium reports every 4xx answer; that of the first question "who am I" is meant.
    if (message.type() === "error" && !/status of 40[139]/.test(message.text()))
      complaints.push(message.text())
  })
  return {
    company,
    page,
    context,
    complaints,
    async open(path) {
      await page.goto(company.origin + path)
      await page.getByRole("heading", { level: 1 }).first().waitFor()
      await settled(page)
    },
    async walk(path) {
      if (page.url() !== company.origin + path)
        await page.evaluate((to) => {
          document.querySelector("h1")?.setAttribute("data-left", "")
          history.pushState(null, "", to)
        }, path)
      await page.locator("h1:not([data-left])").first().waitFor()
      await settled(page)
    },
  }
}

export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector(".state-loading") === null, undefined, {
    timeout: 15_000,
  })
}

/** Signs in by keyboard alone, as somebody who has done it a hundred times. */
export async function signIn(desk: Desk, who = OWNER): Promise<void> {
  await desk.page.goto(desk.company.origin)
  await desk.page.getByLabel("账号").waitFor()
  await desk.page.keyboard.type(who.login)
  await desk.page.keyboard.press("Tab")
  await desk.page.keyboard.type(who.password)
  await desk.page.keyboard.press("Enter")
  await desk.page.getByRole("navigation", { name: "主导航" }).waitFor()
}

/** Findings that keep somebody from using the page; none may be there. */
export async function expectAccessible(page: Page): Promise<void> {
  // A list of choices that a busy machine has not closed yet is no part of the page that is looked at.
  const lists = ".ant-select-dropdown:not(.ant-select-dropdown-hidden)"
  await page.waitForFunction((open) => document.querySelector(open) === null, lists)
  // Evaluated, not added as a script: the page's content policy allows no script of others.
  await page.evaluate(axeSource)
  // A busy machine may be drawing while the page is looked at: what is wrong with the page is wrong for good.
  await expect.poll(() => lookedAt(page), { timeout: 5_000 }).toEqual([])
}

async function lookedAt(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: {
        run(
          options: object,
        ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>
      }
    }
    const { violations } = await axe.run({ resultTypes: ["violations"] })
    return violations
      .filter((v) => v.impact === "serious" || v.impact === "critical")
      .map((v) => `${v.id}: ${v.nodes[0]?.html.slice(0, 160)}`)
  })
}

/** Builds the pages where they are older than their sources. */
async function buildConsole(): Promise<void> {
  const configs = ["vite.config.ts", "vite.sidebar.config.ts"].map((name) => root + name)
  const built = Math.min(mtime(`${root}dist/console/index.html`), mtime(`${root}dist/sidebar/index.html`))
  const sources = ["src/apps/console", "src/apps/sidebar", "src/ui", "src/kernel", "src/modules"].flatMap(
    (folder) =>
      readdirSync(root + folder, { recursive: true, encoding: "utf8" })
        .filter((file) => /\.(tsx?|css|html|svg)$/.test(file) && !file.endsWith(".test.ts"))
        .map((file) => mtime(`${root}${folder}/${file}`)),
  )
  if (built > Math.max(...sources, ...configs.map(mtime))) return
  // As people get it: under a test runner's mode the libraries warn, and give all their dialogs one id.
  const mode = process.env.NODE_ENV
  process.env.NODE_ENV = "production"
  for (const configFile of configs) await build({ configFile, logLevel: "error" })
  process.env.NODE_ENV = mode
}

function mtime(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
