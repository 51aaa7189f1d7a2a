import { mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

/**
 * `npm run new:module NAME` makes a working module in the shape of points: contract, events, rules, store, commands, handlers,
 * offers, routes, limits, migration, README and tests that pass. Then rename its nouns; the bones stay.
 */

const TEMPLATE = fileURLToPath(new URL("module-template", import.meta.url))
const HERE = fileURLToPath(new URL("..", import.meta.url))
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
/** A trait's column holds at most 60 characters, and the longest name made from a module's adds 16. */
const NAME_LENGTH = 40
const FIRST_NUMBER = 280
const STEP = 10

/** Makes the module below `root`; gives the files written. Refuses a name that is taken or does not read as a folder. */
export async function newModule(name: string, root: string = HERE): Promise<string[]> {
  if (!NAME.test(name) || name.length > NAME_LENGTH)
    throw new Error(
      `${name} is no name for a module: lower-case words joined by hyphens, at most ${NAME_LENGTH} characters`,
    )
  const folder = join(root, "src/modules", name)
  const taken = await readdir(folder).catch(() => null)
  if (taken) throw new Error(`src/modules/${name} is there already`)
  const number = await nextNumber(join(root, "src"))
  const written: string[] = []
  for (const path of await readdir(TEMPLATE, { recursive: true })) {
    if (!path.endsWith(".txt")) continue
    const target = join(
      folder,
      dirname(path),
      basename(path, ".txt").replace("NNNN", number).replace("samples", name.replaceAll("-", "_")),
    )
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, rename(await readFile(join(TEMPLATE, path), "utf8"), name), { flag: "wx" })
    written.push(target)
  }
  return written.sort()
}

/** The template's noun becomes the module's: hyphens in paths, underscores in SQL and dotted names, capitals in code. */
function rename(text: string, name: string): string {
  const snake = name.replaceAll("-", "_")
  const camel = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  return text
    .replace(/\/samples\b/g, `/${name}`)
    .replace(/samples(?=[A-Z])/g, camel)
    .replace(/samples(?=[_.]\w|")/g, snake)
    .replace(/samples/g, name)
}

/** Migrations are numbered over the whole tree. */
async function nextNumber(src: string): Promise<string> {
  const files = (await readdir(src, { recursive: true })).filter((f) =>
    /[\\/]modules[\\/].*\.sql$/.test(`/${f}`),
  )
  const highest = Math.max(FIRST_NUMBER - STEP, ...files.map((f) => Number(basename(f).slice(0, 4))))
  return String((Math.floor(highest / STEP) + 1) * STEP).padStart(4, "0")
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const name = process.argv[2]
  if (!name) {
    process.stderr.write("npm run new:module NAME\n")
    process.exit(2)
  }
  try {
    const files = await newModule(name)
    process.stdout.write(
      `${files.join("\n")}\n\nNext: wire its routes, handlers and offers in src/apps/server/wiring.ts and its carry in carries.ts beside it, give\n` +
        `roles its permissions in src/modules/staff/rules.ts, put it in its place in .dependency-cruiser.cjs, and rename its nouns.\n`,
    )
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exit(1)
  }
}
