import type { Locator, Page } from "playwright-core"
import { beforeAll, describe, expect, it } from "vitest"
import { createSegment } from "../../src/modules/segments/contract.ts"
import { createSendEndpoint, sendBody, submitSend } from "../../src/modules/sends/contract.ts"
import { readSession } from "../../src/modules/staff/contract.ts"
import { rows } from "../../src/platform/db.ts"
import { QUOTED_LETTERS } from "../../src/spine/outbox/limits.ts"
import { type Desk, openDesk, settled, signIn } from "./console.ts"
import { DETAILS, PAGES } from "./page-list.ts"

/** Columns in which people write, or names that come in from outside: shown as they are, in whatever language. */
const TYPED = [
  "select name, region, source_code from customers_customers",
  "select remark, state from customers_contacts",
  "select name, position, login from staff_members",
  "select name from staff_teams",
  "select name, channel_ref from accounts_accounts",
  "select name from tags_tags",
  "select name from tags_groups",
  "select name from groups_groups",
  "select name from groups_members",
  "select text from groups_messages",
  "select name, welcome_text from codes_codes",
  "select name from segments_segments",
  "select name, text from sends_sends",
  "select text from accounts_scripts",
  "select name from orders_lines",
  "select name from orders_sources where name <> 'shop'",
  "select name from plays_plays",
  "select title, script, reason from outbox_assignments",
  // What plays say and write is their author's.
  "select x #>> '{}' as said from plays_versions, jsonb_path_query(definition, 'strict $.** ? (@.type() == \"string\")') x",
]

/** Proper names and units that stand in a Chinese sentence as they are. */
const NAMES = new Set([
  "API",
  "RFM",
  "GMV",
  "CSV",
  "TSV",
  "XLSX",
  "UTF",
  "GB",
  "MB",
  "KB",
  "ID",
  "Ctrl",
  "English",
])

/** Every page with all that it opens, on a machine that has other things to do. */
const CRAWL_MS = 300_000

let desk: Desk
let typed: string[]

beforeAll(async () => {
  desk = await openDesk({ size: 80 })
  const owner = await desk.company.as()
  const rule = { offer: "customers.has_paid", version: 1, args: {} }
  await owner(createSegment, { body: { name: "付过费的人", rule } })
  const { shop_now } = await owner(readSession, {})
  const send_at = new Date(new Date(shop_now).getTime() + 3_600_000).toISOString()
  const { id } = await owner(createSendEndpoint, {
    body: sendBody.parse({ name: "今晚返场", text: "今晚八点见", rule, send_at }),
  })
  await owner(submitSend, { params: { id } })
  await signIn(desk)
}, 120_000)

/** Everything that a page says: text in sight, and what it is called for those who cannot see it. */
function saidBy(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const said: string[] = []
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const parent = node.parentElement
      if (!parent || /^(SCRIPT|STYLE)$/.test(parent.tagName) || !parent.checkVisibility()) continue
      if (parent.closest("pre, code, [lang]:not(html)")) continue
      // The library writes a choice's value where its label is read aloud instead.
      if (parent.matches("[role=option][aria-label]")) continue
      said.push(node.textContent ?? "")
    }
    for (const one of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]")) {
      if (one.closest("svg, .anticon, [aria-hidden=true], [lang]:not(html)")) continue
      for (const name of ["aria-label", "title", "placeholder", "alt"])
        said.push(one.getAttribute(name) ?? "")
    }
    return [...new Set(said.map((text) => text.trim()).filter((text) => text !== ""))]
  })
}

/** What is left of a text once all that people wrote is taken out. */
const withoutTyped = (text: string) =>
  typed
    .reduce((left, one) => left.replaceAll(one, " "), text)
    .replace(ADDRESS, " ")
    .replace(PERMISSION, " ")
/** What somebody who makes a token types. */
const PERMISSION = /\b[a-z_]+\.(read|write)\b/g
/** Where a platform's rule stands. */
const ADDRESS = /\b[\w-]+(\.[\w-]+)+\/\S*/g

const foreign = {
  zh: (text: string) =>
    (withoutTyped(text).match(/[A-Za-z][A-Za-z_]+/g) ?? []).filter((word) => !NAMES.has(word)),
  en: (text: string) => withoutTyped(text).match(/\p{Script=Han}+/gu) ?? [],
}

async function crawl(language: "zh" | "en"): Promise<string[]> {
  const { page, company } = desk
  await page.evaluate((chosen) => localStorage.setItem("siyu.language", chosen), language)
  typed = (await Promise.all(TYPED.map((sql) => rows<Record<string, string | null>>(company.db, sql))))
    .flat()
    .flatMap((row) => Object.values(row))
    .flatMap((text) =>
      text && text.length > QUOTED_LETTERS ? [text, text.slice(0, QUOTED_LETTERS)] : [text],
    )
    .filter((text): text is string => !!text && text.trim() !== "" && !/^[A-Za-z]$/.test(text))
    .sort((a, b) => b.length - a.length)
  const found: string[] = []
  const look = async (where: string) => {
    await settled(page)
    for (const text of await saidBy(page)) {
      const words = foreign[language](text)
      if (words.length > 0) found.push(`${where}: ${words.join(" ")} ← ${text.slice(0, 120)}`)
    }
  }
  await desk.open("/")
  for (const [path] of PAGES) {
    await desk.walk(path)
    await look(path)
    await openAll(page, () => look(`${path} opened`))
    if (!DETAILS.includes(path)) continue
    const href = await page.getByRole("table").getByRole("link").first().getAttribute("href")
    await desk.walk(href ?? path)
    await look(`${path}/one`)
    const tabs = page.getByRole("tab")
    for (let n = 0; n < (await tabs.count()); n++) {
      await tabs.nth(n).click()
      await look(`${path}/one tab ${n + 1}`)
    }
  }
  return [...new Set(found)]
}

/** Opens each list of choices and each form that a page offers, one after the other. */
async function openAll(page: Page, look: () => Promise<void>): Promise<void> {
  const choices = page.getByRole("main").getByRole("combobox")
  for (let n = 0; n < (await choices.count()); n++) {
    await choices.nth(n).click()
    await page.locator(".ant-select-dropdown, .ant-picker-dropdown").last().waitFor()
    await look()
    await page.keyboard.press("Escape")
  }
  const buttons = page.locator(".page-actions button:not(a button)")
  for (let n = 0; n < (await buttons.count()); n++) {
    await buttons.nth(n).click()
    const form = page.locator(".ant-drawer-open, .ant-modal").last()
    if (!(await appears(form))) continue
    await look()
    await form.getByRole("button").first().click()
    await form.waitFor({ state: "hidden" })
  }
}

const appears = (form: Locator) =>
  form.waitFor({ timeout: 2_000 }).then(
    () => true,
    () => false,
  )

describe("one language at a time", () => {
  it(
    "the Chinese pages hold no English beside names, and none of the server's codes",
    async () => {
      expect(await crawl("zh")).toEqual([])
    },
    CRAWL_MS,
  )

  it(
    "the English pages hold no Chinese beside what people wrote",
    async () => {
      expect(await crawl("en")).toEqual([])
    },
    CRAWL_MS,
  )
})
