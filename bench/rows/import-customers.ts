import { execFile } from "node:child_process"
import { createWriteStream } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { offers as customers } from "../../src/modules/customers/index.ts"
import { offers as tags } from "../../src/modules/tags/index.ts"
import { oneRow, run } from "../../src/platform/db.ts"
import { createRegistry } from "../../src/spine/offers/index.ts"
import { prepareTraits } from "../../src/spine/traits/index.ts"
import { fileOf } from "../import-people.ts"
import type { BenchRow, Measured, Place } from "../row.ts"

const CUSTOMERS = Number(process.env.BENCH_IMPORT_CUSTOMERS ?? 1_000_000)
const PROGRAM = fileURLToPath(new URL("../import-process.ts", import.meta.url))

type Run = { seconds: number; before_mb: number; own_mb: number; reader_mb: number }
/** Of the imports that the first of the two rows measured, the one that held most. */
let held: Run | null = null

async function apart(way: "ours" | "anchor", { url }: Place, path: string): Promise<Run> {
  const args = ["--import", "tsx", PROGRAM, way, url, path, String(CUSTOMERS)]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as Run
}

/** An empty company; what an import leaves is the same whichever way it came, ids and numbers aside. */
async function reset({ db }: Place): Promise<void> {
  await run(
    db,
    "truncate customers_customers, customers_identities, customers_keys, traits_customers, traits_changes, facts restart identity",
  )
  await run(db, "checkpoint").catch(() => 0)
}

const left = ({ db }: Place) =>
  oneRow<Record<string, string>>(
    db,
    `select (select count(*) || ' ' || sum(hashtext(concat_ws('|', name, name_pinyin, name_initials, remark, remark_pinyin, phone, gender,
          birthday, region, first_contact_at))) from customers_customers) as people,
       (select count(*) || ' ' || sum(hashtext(kind || value)) from customers_identities) as identities,
       (select count(*) || ' ' || sum(hashtext(account_id || key)) from customers_keys) as keys,
       (select count(*)::text from traits_customers) as traits,
       (select count(*) || ' ' || sum(hashtext(type || payload::text || occurred_at::text)) from facts) as facts`,
  )

async function withFile<T>({ say }: Place, work: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "siyu-bench-import-"))
  try {
    const path = join(folder, "customers.csv")
    say(`a file of ${CUSTOMERS.toLocaleString("en")} customers`)
    await pipeline(Readable.from(fileOf(CUSTOMERS)), createWriteStream(path))
    return await work(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const prepare = ({ db }: Place) => prepareTraits(db, createRegistry([customers, tags]))

function measure(place: Place): Promise<Measured> {
  return withFile(place, async (path) => {
    await reset(place)
    const anchor = await apart("anchor", place, path)
    const wanted = JSON.stringify(await left(place))
    await reset(place)
    const ours = await apart("ours", place, path)
    if (!held || ours.own_mb > held.own_mb) held = ours
    const got = JSON.stringify(await left(place))
    if (wanted !== got) throw new Error(`not the same output: ${wanted} and ${got}`)
    return {
      ours: CUSTOMERS / ours.seconds,
      anchor: CUSTOMERS / anchor.seconds,
      note: `${CUSTOMERS.toLocaleString("en")} rows of a CSV, each checked and answered for, looked up by two identities, in transactions of 5,000; anchor: decoded people by COPY in one transaction`,
    }
  })
}

async function measureMemory(place: Place): Promise<Measured> {
  const { before_mb, own_mb, reader_mb } =
    held ??
    (await withFile(place, async (path) => {
      await reset(place)
      return apart("ours", place, path)
    }))
  return {
    ours: own_mb - before_mb + reader_mb,
    anchor: null,
    note: `what an import adds at its peak: the process that runs it grew from ${Math.round(before_mb)} to ${Math.round(own_mb)} MB, the reader of its file held ${Math.round(reader_mb)} MB in all`,
  }
}

export const rows: BenchRow[] = [
  {
    row: "import_customers",
    unit: "customers/s",
    goal: { ratio_at_least: 0.5 },
    rounds: 3,
    prepare,
    measure,
  },
  {
    row: "import_customers_memory",
    unit: "MB",
    goal: { at_most: 300 },
    rounds: 1,
    prepare,
    measure: measureMemory,
  },
]
