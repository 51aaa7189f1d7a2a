import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs"
import { dirname, join, resolve } from "node:path"

/**
 * Where the cluster lives inside a home, and as whom PostgreSQL runs.
 *
 * PostgreSQL refuses to run as root, so as root it runs as uid 65534 (nobody on every Linux; no user needs to
 * be created). Its files are `<home>/pg/data`, owned by that uid; the secrets stay root's, 0600.
 *
 * A home may be 0700 and root's: it is ours, so it becomes 0711 (can be passed, not listed). A folder *above*
 * it may be closed too (a `mktemp -d`, /root), and that one is not ours to open. Tried there: `-D .` fails,
 * because postgres makes the path absolute and changes into it by name, passing the closed folder. What works
 * is `-D /proc/self/cwd` with the working directory set before the uid is given up: the link leads straight to
 * the directory, whatever stands above it. So data never has to leave its home.
 */
export type RunAs = { uid: number; gid: number } | null

export interface Place {
  home: string
  /** `<home>/pg`: parent of the data directory; also holds a readable copy of the binaries when needed. */
  folder: string
  data: string
  runAs: RunAs
  /** What `-D` says when the working directory is `data`. */
  dataArgument: string
}

const NOBODY = 65534

export function runAs(): RunAs {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : null
}

/** Makes the folders of a home passable for the uid PostgreSQL runs as; touches nothing above the home. */
export function preparePlace(home: string): Place {
  makeFolders(resolve(home))
  const place = placeOf(home)
  mkdirSync(place.folder, { recursive: true, mode: 0o711 })
  if (place.runAs) for (const dir of [place.home, place.folder]) makePassable(dir)
  return { ...place, dataArgument: dataArgument(place.folder, place.data, place.runAs) }
}

/** Not mkdir's own `recursive`: that one never ends where the file system answers ENOENT (below /proc). */
function makeFolders(dir: string): void {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return
  if (dirname(dir) !== dir) makeFolders(dirname(dir))
  try {
    mkdirSync(dir, { mode: 0o700 })
  } catch (error) {
    const quicker = (error as NodeJS.ErrnoException).code === "EEXIST" && statSync(dir).isDirectory()
    if (!quicker) throw error
  }
}

/** The same, changing nothing; the home need not exist. */
export function placeOf(home: string): Place {
  const real = realpathOrSame(resolve(home))
  const folder = join(real, "pg")
  const data = join(folder, "data")
  const as = runAs()
  return { home: real, folder, data, runAs: as, dataArgument: dataArgument(folder, data, as) }
}

function dataArgument(folder: string, data: string, as: RunAs): string {
  return as && process.platform === "linux" && !isPassable(folder, as.uid) ? "/proc/self/cwd" : data
}

function makePassable(dir: string): void {
  const mode = statSync(dir).mode & 0o777
  if ((mode & 0o111) !== 0o111) chmodSync(dir, mode | 0o111)
}

/** Whether a process of `uid` (in no group of ours) can pass every folder down to and including `dir`. */
export function isPassable(dir: string, uid: number): boolean {
  let at = dir
  for (;;) {
    try {
      const { mode, uid: owner } = statSync(at)
      if ((mode & (owner === uid ? 0o100 : 0o001)) === 0) return false
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") return false
    }
    const up = dirname(at)
    if (up === at) return true
    at = up
  }
}

/**
 * The name a cluster carries while it runs (`cluster_name`): device and inode of its data directory. It stands in
 * the command line of the postmaster and in the title of each of its processes, and can be asked for by SQL.
 * So a home may be moved while it runs, and a stranger who got the number of a dead postmaster, or the
 * postmaster of the home this one was copied from, is not taken for ours. (Working directories would say the
 * same, but reading those of another uid needs a capability that root in a container usually lacks.)
 */
export function markOf(data: string): string {
  const { dev, ino } = statSync(data)
  return `siyu-${dev.toString(36)}-${ino.toString(36)}`
}

/** Whether process `pid` belongs to the cluster of this mark; null where that cannot be told. */
export function carriesMark(pid: number, mark: string): boolean | null {
  if (process.platform !== "linux") return null
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split(/[\0 :=]/)
    return words.includes(mark)
  } catch {
    return false
  }
}

/** All processes of the cluster of this mark; none can be told on a platform without /proc. */
export function processesOf(mark: string): number[] {
  if (process.platform !== "linux") return []
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => carriesMark(pid, mark) === true)
}

/** Whether a process exists and is not merely an unreaped zombie. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false
  }
  if (process.platform !== "linux") return true
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z"
  } catch {
    return false
  }
}

/** Whether `dir` is a folder of ours that nobody else may write into. */
export function isOursAlone(dir: string): boolean {
  const found = lstatSync(dir, { throwIfNoEntry: false })
  return Boolean(
    found?.isDirectory() && found.uid === (process.getuid?.() ?? found.uid) && (found.mode & 0o022) === 0,
  )
}

function realpathOrSame(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    // Not there yet: its nearest existing parent decides.
    const up = dirname(path)
    return up === path ? path : join(realpathOrSame(up), path.slice(up.length).replace(/^\/+/, ""))
  }
}
