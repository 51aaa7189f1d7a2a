// npm run shots [-- --out DIR --widths 1440,390 --modes light --lang en --full PATH…]: a picture of every page of a running company, to
// be looked at.
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import type { Page } from "playwright-core"
import { PAGES } from "./page-list.ts"
import { firstOf, type Look, open, withCompany } from "./picture.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string", default: "test-results/shots" },
    widths: { type: "string", default: "1440,1024,390" },
    modes: { type: "string", default: "light,dark" },
    lang: { type: "string", default: "zh" },
    /** The whole page, not only what is in sight. */
    full: { type: "boolean", default: false },
    /** A company that runs already, with its owner's password: none is started then. */
    origin: { type: "string" },
    password: { type: "string" },
  },
})
mkdirSync(values.out, { recursive: true })
const paths = positionals.length > 0 ? positionals : PAGES.map(([path]) => path)

await withCompany(values, async (studio) => {
  for (const width of values.widths.split(",").map(Number))
    for (const mode of values.modes.split(",") as Look["mode"][]) {
      const look = { width, mode, lang: values.lang === "en" ? "en" : "zh" } as const
      const { page, signIn } = await studio.sit(look)
      await save(page, "sign-in", look)
      await signIn()
      for (const path of paths) {
        await open(page, studio.origin + path)
        await save(page, path, look)
        const one = await firstOf(page, path)
        if (!one) continue
        await open(page, studio.origin + one)
        await save(page, `${path}/one`, look)
      }
      await page.context().close()
    }
})

async function save(page: Page, path: string, { width, mode }: Look): Promise<void> {
  const name = path.replace(/^\//, "").replaceAll("/", "-") || "home"
  const file = join(values.out, `${name}-${width}-${mode}.png`)
  await page.screenshot({ path: file, fullPage: values.full })
  process.stdout.write(`${file}\n`)
}
