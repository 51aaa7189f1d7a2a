import { writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { packModel } from "../../src/modules/moderation/index.ts"
import { report } from "./report.ts"
import { PARTS, readSets } from "./sets.ts"
import { makeModel } from "./weights.ts"

/**
 * `npm run moderation -- train --data DIR` makes the classifier's weights anew, `-- report --data DIR` measures, each quarter of the
 * sets by weights made without it, and writes docs/moderation.md. DIR holds the folders ad_spam_sms, chat_ham, offensive_cold, review_abuse, ad_evasion.
 */
const WEIGHTS = fileURLToPath(new URL("../../src/modules/moderation/data/weights.bin", import.meta.url))
const REPORT = fileURLToPath(new URL("../../docs/moderation.md", import.meta.url))

const { values, positionals } = parseArgs({ allowPositionals: true, options: { data: { type: "string" } } })
const [what] = positionals
if (!values.data || (what !== "train" && what !== "report")) {
  process.stderr.write("npm run moderation -- train|report --data DIR\n")
  process.exit(2)
}
const sets = await readSets(values.data)
if (what === "train") {
  await writeFile(WEIGHTS, packModel(makeModel(sets, null)))
} else {
  const words = report(
    sets,
    Array.from({ length: PARTS }, (_, part) => makeModel(sets, part)),
  )
  await writeFile(REPORT, words)
  process.stdout.write(words)
}
