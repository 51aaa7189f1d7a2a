import { createServer } from "node:net"
import { NewerDatabase } from "../../platform/migrate.ts"
import { diskFull, fileProblem, StartProblem } from "../../platform/postgres/index.ts"

/** Found before anything is started, so that nothing has to be stopped again. */
export async function refuseTakenPort(host: string, port: number): Promise<void> {
  const probe = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once("error", reject)
      probe.listen({ port, host, exclusive: true }, resolve)
    })
  } catch (error) {
    throw listenProblem(error, host, port)
  } finally {
    if (probe.listening) await new Promise((resolve) => probe.close(resolve))
  }
}

function listenProblem(error: unknown, host: string, port: number): StartProblem {
  const code = (error as NodeJS.ErrnoException).code
  if (code === "EADDRINUSE") {
    return new StartProblem(
      "port_taken",
      `端口 ${port} 已被占用：请停止占用它的程序，或设置 PORT 为另一个端口。`,
      `Port ${port} is taken: stop the program that uses it, or set PORT to another one.`,
      error,
    )
  }
  return new StartProblem(
    "damaged_setting",
    `无法在 HOST=${host} PORT=${port} 上监听（${code}）：请检查这两个设置。`,
    `Cannot listen on HOST=${host} PORT=${port} (${code}): check these two settings.`,
    error,
  )
}

/** What a person on this machine types into a browser. */
export function addressOf(host: string, port: number): string {
  const everywhere = host === "0.0.0.0" || host === "::"
  const name = everywhere ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host
  return `http://${name}:${port}`
}

/** Any error of the start, as one sentence in each language. */
export function asProblem(error: unknown): StartProblem {
  if (error instanceof StartProblem) return error
  if (error instanceof NewerDatabase) {
    return new StartProblem(
      "database_newer",
      `这个数据库由更新的 Siyu 版本使用过（${error.unknown[0]}）：请用那个版本启动。`,
      `This database was used by a newer version of Siyu (${error.unknown[0]}): start it with that version.`,
      error,
    )
  }
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? ""
  const message = (error instanceof Error ? error.message : String(error)) || code
  if (/^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|28|3D|08|57P03|53300)/.test(code)) {
    return new StartProblem(
      "database_unreachable",
      `连不上数据库（${message}）：请检查 DATABASE_URL。`,
      `The database cannot be used (${message}): check DATABASE_URL.`,
      error,
    )
  }
  if (code === "EADDRINUSE") {
    return new StartProblem(
      "port_taken",
      "端口已被占用：请换一个 PORT。",
      "The port is taken: set PORT to another one.",
      error,
    )
  }
  if (code === "53100") return diskFull("PostgreSQL", error)
  const path = (error as NodeJS.ErrnoException | undefined)?.path
  if (path && /^(ENOSPC|EDQUOT|EACCES|EPERM|EROFS|ENOTDIR)$/.test(code)) return fileProblem(error, path)
  return new StartProblem("start_failed", `启动失败：${message}`, `The start failed: ${message}`, error)
}
