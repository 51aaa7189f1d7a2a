// npm run docs:pages: docs/pages.md and docs/pages.zh-CN.md with a picture of each page, from a company that this run starts. What a
// page is for stands on the page itself and is taken from there.
import { mkdir, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { ROOT } from "../../src/platform/config.ts"
import { PAGES } from "./page-list.ts"
import { firstOf, open, withCompany } from "./picture.ts"

type Shown = { path: string; heading: string; purpose: string; picture: string }
const WIDTH = 1_120
const QUALITY = 55
const WORDS = {
  en: {
    file: "pages.md",
    title: "The pages of the console",
    intro:
      "One after the other as the navigation has them, on the sandbox company. The pictures are made by `npm run docs:pages`; the main job by clicking stands in [first-hour.md](first-hour.md).",
  },
  zh: {
    file: "pages.zh-CN.md",
    title: "控制台的每一页",
    intro:
      "按导航的顺序，用的是沙盒公司。图由 `npm run docs:pages` 生成；点着走完一遍主要工作，见 [first-hour.zh-CN.md](first-hour.zh-CN.md)。",
  },
} as const

await withCompany({}, async (studio) => {
  for (const lang of ["zh", "en"] as const) {
    const folder = join(ROOT, "docs/pages", lang)
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    const { page, signIn } = await studio.sit({ width: WIDTH, mode: "light", lang })
    await signIn()
    const shown: Shown[] = []
    for (const [path] of PAGES) {
      await open(page, studio.origin + path)
      shown.push(await photograph(page, path, lang))
      const one = await firstOf(page, path)
      if (!one) continue
      await open(page, studio.origin + one)
      shown.push(await photograph(page, `${path}/one`, lang))
    }
    await page.context().close()
    await writeFile(join(ROOT, "docs", WORDS[lang].file), pageOf(shown, lang))
  }
})

async function photograph(page: Page, path: string, lang: "zh" | "en"): Promise<Shown> {
  const name = path.replace(/^\//, "").replaceAll("/", "-")
  const picture = `pages/${lang}/${name}.jpg`
  await page.screenshot({ path: join(ROOT, "docs", picture), type: "jpeg", quality: QUALITY })
  const heading = (await page.getByRole("heading", { level: 1 }).first().textContent()) ?? ""
  const purpose = page.locator(".page-words > p")
  const said = (await purpose.count()) > 0 ? ((await purpose.first().textContent()) ?? "") : ""
  process.stdout.write(`${picture}\n`)
  return { path, heading: heading.trim(), purpose: said.trim(), picture }
}

/** A page of one thing is called by the thing; it follows its list. */
function pageOf(shown: readonly Shown[], lang: "zh" | "en"): string {
  const { title, intro } = WORDS[lang]
  const parts = shown.map(({ path, heading, purpose, picture }) =>
    path.endsWith("/one")
      ? `![${heading}](${picture})`
      : [`## ${heading}`, `\`${path}\``, ...(purpose ? [purpose] : []), `![${heading}](${picture})`].join(
          "\n\n",
        ),
  )
  return `# ${title}\n\n${intro}\n\n${parts.join("\n\n")}\n`
}
