import { randomBytes } from "node:crypto"
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import type { Binaries } from "./binaries.ts"
import type { Place } from "./place.ts"
import { diskFull, StartProblem } from "./problem.ts"
import { runBinary } from "./run.ts"
import { generatedPassword, keptSecrets, readSecrets } from "./secrets.ts"

export const ADMIN = "siyu_admin"
export const APPLICATION = "siyu"

export type ClusterSecrets = { admin_password: string; application_password: string }

/** The secrets of a home's cluster, or null when there is none yet. */
export function clusterSecrets(home: string): ClusterSecrets | null {
  return readSecrets<ClusterSecrets>(home, "postgres")
}

/**
 * Makes the data directory of a home if it has none, and answers its secrets.
 *
 * All of it happens in a folder beside, which takes its name only when it is whole and on disk: a kill in the
 * middle leaves nothing half made, and of two starts at once on an empty home the slower throws its work away.
 * initdb without its own sync, then one sync of the whole, is 0.3 s quicker than initdb alone.
 */
export async function initialise(place: Place, binaries: Binaries): Promise<ClusterSecrets> {
  if (existsSync(join(place.data, "PG_VERSION"))) {
    refuseOtherVersion(place, binaries)
    const secrets = clusterSecrets(place.home)
    if (secrets) return secrets
    throw new StartProblem(
      "secrets_lost",
      `${place.home} 中有数据库，却缺少它的密码文件 secrets/postgres.json：请从备份恢复该文件。`,
      `${place.home} holds a database but not its passwords, secrets/postgres.json: bring that file back from a backup.`,
    )
  }
  const { secrets } = keptSecrets<ClusterSecrets>(place.home, "postgres", () => ({
    admin_password: generatedPassword(),
    application_password: generatedPassword(),
  }))
  const work = join(place.folder, `.new-${randomBytes(6).toString("hex")}`)
  try {
    await build(work, place, binaries, secrets)
    settle(work, place)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return secrets
}

async function build(work: string, place: Place, binaries: Binaries, secrets: ClusterSecrets): Promise<void> {
  const data = join(work, "data")
  const password = join(work, "password")
  mkdirSync(work, { mode: 0o711 })
  chmodSync(work, 0o711)
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(password, `${secrets.admin_password}\n`, { mode: 0o600 })
  if (place.runAs) for (const path of [data, password]) chownSync(path, place.runAs.uid, place.runAs.gid)

  const at = { cwd: data, runAs: place.runAs }
  // Where the folders above are closed the directory is reached by its link only (place.ts).
  const target = place.dataArgument === place.data ? data : place.dataArgument
  const locale =
    binaries.major >= 17
      ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
      : ["--locale=C"]
  const initdb = [
    ...["-D", target, "--no-sync", "--no-instructions", `--username=${ADMIN}`],
    ...["--auth=scram-sha-256", "--pwfile=../password", "--encoding=UTF8", ...locale],
  ]
  await must(place, await runBinary(binaries.initdb, initdb, at))
  const sql = [
    `create role ${APPLICATION} login nosuperuser nocreatedb nocreaterole password '${secrets.application_password}';`,
    // So that `doctor` can name the session that holds a transaction open, whoever's it is.
    `grant pg_read_all_stats to ${APPLICATION};`,
    `create database ${APPLICATION} owner ${APPLICATION};`,
  ]
  // Single-user mode takes one statement a line, and has no network: nobody meets a half-made cluster.
  await must(
    place,
    await runBinary(binaries.postgres, ["--single", "-D", target, "postgres"], {
      ...at,
      input: `${sql.join("\n")}\n`,
    }),
  )
  await must(place, await runBinary(binaries.initdb, ["--sync-only", "-D", target], at))
}

function settle(work: string, place: Place): void {
  try {
    renameSync(join(work, "data"), place.data)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const quickerOne = code === "ENOTEMPTY" || code === "EEXIST"
    if (!quickerOne || !existsSync(join(place.data, "PG_VERSION"))) throw error
  }
}

async function must(place: Place, done: { status: number | null; output: string }): Promise<void> {
  if (done.status === 0 && !/^\S.*(FATAL|PANIC|ERROR):/m.test(done.output)) return
  throw startProblem(place, done.output)
}

/** A failed initdb or postgres, as a sentence. */
export function startProblem(place: Place, output: string): StartProblem {
  if (/No space left on device|Disk quota exceeded/i.test(output)) return diskFull(place.home)
  const said = output.trim().split("\n").slice(-3).join(" ").slice(-400)
  return new StartProblem(
    "start_failed",
    `内置 PostgreSQL 没有启动成功（详见 ${join(place.home, "logs", "postgres.log")}）：${said}`,
    `The embedded PostgreSQL did not start (see ${join(place.home, "logs", "postgres.log")}): ${said}`,
  )
}

function refuseOtherVersion(place: Place, binaries: Binaries): void {
  const found = Number.parseInt(readFileSync(join(place.data, "PG_VERSION"), "utf8"), 10)
  if (found === binaries.major) return
  const newer = found > binaries.major
  throw new StartProblem(
    "wrong_version",
    newer
      ? `${place.home} 中的数据由 PostgreSQL ${found} 建立，比本程序自带的 ${binaries.major} 新：请使用更新版本的程序。`
      : `${place.home} 中的数据由 PostgreSQL ${found} 建立，本程序自带的是 ${binaries.major}：请先用旧版本程序 siyu backup，再用本版本 siyu restore。`,
    newer
      ? `The data in ${place.home} were made by PostgreSQL ${found}, newer than the ${binaries.major} of this program: use a newer program.`
      : `The data in ${place.home} were made by PostgreSQL ${found}, this program brings ${binaries.major}: run siyu backup with the older program, then siyu restore with this one.`,
  )
}
