import { facts } from "./facts.ts"
import { home } from "./home.ts"
import { ledger } from "./ledger.ts"
import { outbox } from "./outbox.ts"
import type { Scenario } from "./scenario.ts"

const ALL: Scenario[] = [ledger, facts, outbox, home]
const LIMIT_MS = 1_800_000

const args = process.argv.slice(2)
const json = args.includes("--json")
const killsAt = args.indexOf("--kills")
const kills = killsAt < 0 ? null : Number(args[killsAt + 1])
const name = args.find((a, i) => !a.startsWith("--") && (killsAt < 0 || i !== killsAt + 1))
const scenario = ALL.find((s) => s.name === name)
if (!scenario || (kills !== null && !(Number.isInteger(kills) && kills >= 0))) {
  process.stderr.write("npm run -s chaos -- NAME [--kills N] [--json]\n")
  for (const s of ALL) process.stderr.write(`  ${s.name.padEnd(8)} ${s.about} (${s.kills} kills)\n`)
  process.exit(2)
}

const late = setTimeout(() => {
  process.stderr.write(`${scenario.name}: not done within ${LIMIT_MS / 60_000} minutes\n`)
  process.exit(1)
}, LIMIT_MS)
late.unref()
const say = (line: string) => process.stderr.write(`  ${scenario.name}: ${line}\n`)
try {
  const outcome = await scenario.run({ kills: kills ?? scenario.kills, say })
  if (!json) say(outcome.ok ? "nothing lost, nothing twice" : "NOT as promised")
  process.stdout.write(`${JSON.stringify(outcome)}\n`)
  process.exit(outcome.ok ? 0 : 1)
} catch (error) {
  process.stderr.write(`${(error as Error).stack}\n`)
  process.stdout.write(
    `${JSON.stringify({ name: scenario.name, ok: false, problem: (error as Error).message })}\n`,
  )
  process.exit(1)
}
