import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { ROOT } from "../../../platform/config.ts"
import type { Command } from "../command.ts"

export const startCommand: Command = {
  name: "start",
  usage: "start",
  summary: "启动（与 npm start 相同，留在前台）/ start, as npm start does, in the foreground",
  async run(env) {
    const child = spawn(process.execPath, [join(ROOT, "tools/start.mjs")], { cwd: ROOT, stdio: "inherit" })
    env.signal.addEventListener("abort", () => child.kill("SIGTERM"))
    const [code] = (await once(child, "exit")) as [number | null]
    return code === 0 ? 0 : 1
  },
}
