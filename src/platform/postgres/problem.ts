/** Why the place could not be started, in one sentence a person can act on, in both languages. */
export type StartProblemCode =
  | "no_binaries"
  | "home_not_writable"
  | "disk_full"
  | "wrong_version"
  | "secrets_lost"
  | "not_ours"
  | "start_failed"
  | "already_running"
  | "port_taken"
  | "damaged_setting"
  | "database_unreachable"
  | "database_newer"
  | "migration_failed"
  | "other_kind"

export class StartProblem extends Error {
  readonly code: StartProblemCode
  readonly zh: string
  readonly en: string

  constructor(code: StartProblemCode, zh: string, en: string, cause?: unknown) {
    super(`${zh}\n${en}`, cause === undefined ? undefined : { cause })
    this.name = "StartProblem"
    this.code = code
    this.zh = zh
    this.en = en
  }
}

/** A file-system error of the home, said as what it means to the person who started us. */
export function fileProblem(error: unknown, path: string): StartProblem {
  if (error instanceof StartProblem) return error
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  const detail = error instanceof Error ? error.message : String(error)
  if (code === "ENOSPC" || code === "EDQUOT") return diskFull(path, error)
  if (
    code === "EACCES" ||
    code === "EPERM" ||
    code === "EROFS" ||
    code === "ENOTDIR" ||
    code === "EEXIST" ||
    code === "ENOENT"
  ) {
    return new StartProblem(
      "home_not_writable",
      `无法在 ${path} 写入（${code}）：请检查 SIYU_HOME 指向的目录及其权限。`,
      `Cannot write in ${path} (${code}): check the directory SIYU_HOME names and its permissions.`,
      error,
    )
  }
  return new StartProblem(
    "start_failed",
    `准备数据目录 ${path} 时出错：${detail}`,
    `Preparing the data directory ${path} failed: ${detail}`,
    error,
  )
}

export function diskFull(path: string, cause?: unknown): StartProblem {
  return new StartProblem(
    "disk_full",
    `磁盘已满：${path} 所在的磁盘没有剩余空间，请清理后再启动。`,
    `The disk is full: no space left where ${path} lives; free some and start again.`,
    cause,
  )
}
