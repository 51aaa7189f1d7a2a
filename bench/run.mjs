import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

// The bench needs nothing but what the project has; peers such as pgbench are used where the machine has them.
const main = fileURLToPath(new URL("main.ts", import.meta.url))
const { status } = spawnSync(process.execPath, ["--import", "tsx", main, ...process.argv.slice(2)], {
  stdio: "inherit",
})
process.exit(status ?? 1)
