import { existsSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { type Binaries, findBinaries } from "./binaries.ts"
import { type Hold, holdCluster } from "./hold.ts"
import { ADMIN, APPLICATION, type ClusterSecrets, clusterSecrets, initialise } from "./initialise.ts"
import { markOf, type Place, placeOf, preparePlace } from "./place.ts"
import { livePostmaster, type Postmaster, startPostmaster, stopPostmaster } from "./postmaster.ts"
import { fileProblem, StartProblem } from "./problem.ts"

export { freePort } from "./postmaster.ts"
export { diskFull, fileProblem, StartProblem, type StartProblemCode } from "./problem.ts"
export { generatedPassword, keptSecrets, readSecrets } from "./secrets.ts"

/**
 * The embedded PostgreSQL of one home.
 *
 * It lives in a session of its own: a signal to our process group, or `kill -9` of it, leaves it alive, and
 * the next start or command adopts it. Where it died too the next start lets it recover.
 */
export interface Cluster {
  /** Database `siyu` as its owner, who is no superuser. */
  url: string
  /** Database `postgres` as superuser: for tests that need databases of their own, backup and doctor. */
  adminUrl: string
  port: number
  pid: number
  /** True when it was running already. */
  adopted: boolean
  /**
   * Ends PostgreSQL and answers when it is gone — unless another process of ours uses it: then that one, as the
   * last to leave, ends it. `withinMs`: how long its last checkpoint may take before it is cut short, which
   * loses nothing but makes the next start recover.
   */
  stop(withinMs?: number): Promise<void>
  /** For commands: `stop()` where this call started it or was left it by a server; otherwise just lets go. */
  leave(): Promise<void>
}

export interface OpenOptions {
  /** SIYU_HOME: made when missing. */
  home: string
  /** A line for a person who waits. */
  log?: (line: string) => void
  /** More settings, for tests and benches with a cluster of their own. */
  settings?: Record<string, string>
  /** The port to be preferred when it has to be started: open pools find it again. Default any free one. */
  port?: number
}

const OPEN_TRIES = 20

/** Starts the cluster of a home, initialising or recovering it, or adopts it. Throws `StartProblem`. */
export async function openCluster(options: OpenOptions): Promise<Cluster> {
  const log = options.log ?? (() => undefined)
  try {
    const place = preparePlace(options.home)
    const binaries = findBinaries(place)
    const secrets = await initialise(place, binaries)
    for (let attempt = 1; attempt <= OPEN_TRIES; attempt++) {
      const running = await findOrStart(place, binaries, { ...options, log })
      const held = await hold(place, secrets, running)
      if (held) return cluster(place, secrets, running, held)
      // It ended between being found and being held: another process of ours was just stopping it.
      await pause(50 * attempt)
    }
  } catch (error) {
    throw fileProblem(error, options.home)
  }
  throw new StartProblem(
    "start_failed",
    `内置 PostgreSQL 反复中断，未能连上（详见 ${options.home} 下的 logs/postgres.log）。`,
    `The embedded PostgreSQL kept ending before it could be used (see logs/postgres.log under ${options.home}).`,
  )
}

/** The cluster of a home if it is running; starts nothing, changes nothing, the home need not exist. */
export async function adoptOrNull(home: string): Promise<Cluster | null> {
  const place = placeOf(home)
  const secrets = clusterSecrets(place.home)
  if (!secrets || !existsSync(place.data)) return null
  const running = livePostmaster(place)
  if (!running?.ready) return null
  const started = { ...running, started: false }
  const held = await hold(place, secrets, started)
  return held ? cluster(place, secrets, started, held) : null
}

type Running = Postmaster & { started: boolean }

async function findOrStart(
  place: Place,
  binaries: Binaries,
  options: { log: (line: string) => void; settings?: Record<string, string>; port?: number },
): Promise<Running> {
  const running = livePostmaster(place)
  if (running?.ready) return { ...running, started: false }
  return startPostmaster(place, binaries, options)
}

async function hold(place: Place, secrets: ClusterSecrets, running: Running): Promise<Hold | null> {
  const held = await holdCluster(urlOf(secrets, running.port).url, markOf(place.data))
  if (held === "gone") return null
  if (held !== "stranger") return held
  // Only where processes cannot be told apart by their mark does a stale lock file lead to a stranger's port.
  throw new StartProblem(
    "not_ours",
    `端口 ${running.port} 上的 PostgreSQL 不属于 ${place.home}：请确认没有复制正在运行的数据目录，删除 pg/data/postmaster.pid 后重试。`,
    `The PostgreSQL on port ${running.port} does not belong to ${place.home}: make sure this is no copy of a running home, remove pg/data/postmaster.pid and try again.`,
  )
}

function cluster(place: Place, secrets: ClusterSecrets, running: Running, held: Hold): Cluster {
  // Left by whoever wanted to stop the cluster while others used it: the last of them is to do it.
  const leftToLast = join(place.folder, "last-out-stops")
  let done: Promise<void> | null = null
  const stop = async (withinMs?: number) => {
    if (await held.alone()) {
      await stopPostmaster(place, running.pid, withinMs)
      rmSync(leftToLast, { force: true })
    } else {
      writeFileSync(leftToLast, "")
    }
    await held.end()
  }
  return {
    ...urlOf(secrets, running.port),
    port: running.port,
    pid: running.pid,
    adopted: !running.started,
    stop(withinMs) {
      done ??= stop(withinMs)
      return done
    },
    leave() {
      done ??= running.started || existsSync(leftToLast) ? stop() : held.end()
      return done
    },
  }
}

function urlOf(secrets: ClusterSecrets, port: number): { url: string; adminUrl: string } {
  return {
    url: `postgres://${APPLICATION}:${secrets.application_password}@127.0.0.1:${port}/${APPLICATION}`,
    adminUrl: `postgres://${ADMIN}:${secrets.admin_password}@127.0.0.1:${port}/postgres`,
  }
}
