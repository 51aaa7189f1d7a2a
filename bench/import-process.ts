import { readdirSync, readFileSync } from "node:fs"
import { isRefused } from "../src/kernel/result.ts"
import { customersKind } from "../src/modules/customers/index.ts"
import { importFile } from "../src/modules/imports/index.ts"
import { tagsColumn } from "../src/modules/tags/index.ts"
import { openDb } from "../src/platform/db.ts"
import { copyCustomers, MAPPING, NOW } from "./import-people.ts"

/**
 * One run of the import, or of its anchor, in a process of its own, so that memory is counted from nothing:
 * `import-process.ts ours|anchor URL FILE COUNT` prints seconds, and the most that it and the reader beside it held.
 */
const [way, url, path, count] = process.argv.slice(2)
const db = openDb({ url: url!, max: 2 })
let reader_kb = 0
const watch = setInterval(() => {
  for (const pid of children()) reader_kb = Math.max(reader_kb, peakOf(pid))
}, 200)
const held = () => process.resourceUsage().maxRSS / 1024
const before_mb = held()
const start = performance.now()
if (way === "anchor") await copyCustomers(db, Number(count))
else {
  const result = await importFile(db, customersKind([tagsColumn]), path!, {
    mapping: MAPPING,
    header: true,
    source: "bench",
    now: NOW,
  })
  if (isRefused(result) || result.imported !== Number(count)) throw new Error(JSON.stringify(result))
}
const seconds = (performance.now() - start) / 1_000
clearInterval(watch)
process.stdout.write(
  `${JSON.stringify({ seconds, before_mb, own_mb: held(), reader_mb: reader_kb / 1024 })}\n`,
)
await db.end()
process.exit(0)

/** Processes that this one started, where the platform tells. */
function children(): string[] {
  try {
    const own = `/proc/${process.pid}/task`
    return readdirSync(own).flatMap((task) =>
      readFileSync(`${own}/${task}/children`, "utf8").split(" ").filter(Boolean),
    )
  } catch {
    return []
  }
}

function peakOf(pid: string): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0)
  } catch {
    return 0
  }
}
