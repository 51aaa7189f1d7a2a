import { parseArgs } from "node:util"
import { isRefused, type Refusal } from "../../kernel/result.ts"
import { NewerDatabase } from "../../platform/migrate.ts"
import { StartProblem } from "../../platform/postgres/index.ts"
import { type Command, type CommandEnv, type ExitCode, WrongCall } from "./command.ts"
import { commands } from "./commands/index.ts"

export type Streams = { out(text: string): void; err(text: string): void }
export type CliDeps = Pick<CommandEnv, "withDatabase" | "signal">

/** Runs one call of the command line and gives its exit code; throws only bugs. */
export async function runCli(argv: readonly string[], streams: Streams, deps: CliDeps): Promise<ExitCode> {
  const json = argv.includes("--json")
  const command = findCommand(argv)
  const asksHelp = argv.includes("--help") || argv.includes("-h")
  if (!command) {
    if (asksHelp || argv.length === 0 || argv[0] === "help") {
      streams.out(overview())
      return argv.length === 0 ? 2 : 0
    }
    return wrong(json, streams, `unknown command: ${argv.slice(0, 2).join(" ")}`, overview())
  }
  if (asksHelp) {
    streams.out(`siyu ${command.usage}\n\n${command.summary}\n`)
    return 0
  }
  const env: CommandEnv = { ...deps, json, ...talk(json, streams) }
  try {
    const { values, positionals } = parse(command, argv)
    return await command.run(env, values, positionals)
  } catch (error) {
    if (error instanceof WrongCall) return wrong(json, streams, error.message, `siyu ${command.usage}\n`)
    if (error instanceof NewerDatabase) return env.refuse({ refused: "newer_database" }, error.message)
    if (error instanceof StartProblem) return env.refuse({ refused: error.code }, `${error.zh}\n${error.en}`)
    const outage = unreachable(error)
    if (outage) return env.refuse({ refused: "database_unreachable", detail: { reason: outage } }, outage)
    throw error
  }
}

/** The longest name that the words of the call begin with: `import orders` before `import`. */
function findCommand(argv: readonly string[]): Command | undefined {
  const words = argv.filter((word) => !word.startsWith("-"))
  return [...commands]
    .sort((a, b) => b.name.length - a.name.length)
    .find((c) => c.name.split(" ").every((part, i) => words[i] === part))
}

function parse(command: Command, argv: readonly string[]) {
  const names = command.name.split(" ")
  const rest = [...argv]
  for (const name of names) rest.splice(rest.indexOf(name), 1)
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({
      args: rest,
      allowPositionals: true,
      options: { ...command.options, json: { type: "boolean" } },
    })
  } catch (error) {
    throw new WrongCall((error as Error).message)
  }
  const { min, max } = command.positionals ?? { min: 0, max: 0 }
  const count = parsed.positionals.length
  if (count < min || count > max) throw new WrongCall(count < min ? "something is missing" : "too many words")
  return { values: parsed.values, positionals: parsed.positionals }
}

function talk(json: boolean, streams: Streams): Pick<CommandEnv, "answer" | "say" | "refuse"> {
  return {
    answer: (document, words) =>
      streams.out(json ? `${JSON.stringify(document)}\n` : words.endsWith("\n") ? words : `${words}\n`),
    say: (words) => streams.err(`${words}\n`),
    refuse(refusal: Refusal, words) {
      if (json) streams.out(`${JSON.stringify({ ...refusal, message: words })}\n`)
      else streams.err(`${words}\n`)
      return 1
    },
  }
}

function wrong(json: boolean, streams: Streams, message: string, usage: string): ExitCode {
  if (json) streams.out(`${JSON.stringify({ refused: "wrong_call", message })}\n`)
  streams.err(`${message}\n\n${usage}`)
  return 2
}

function unreachable(error: unknown): string | null {
  if (isRefused(error)) return null
  const { code, message } = error as { code?: string; message?: string }
  const lost = ["ECONNREFUSED", "ENOTFOUND", "ECONNRESET", "57P01", "57P03", "28P01", "28000", "3D000"]
  return code !== undefined && lost.includes(code)
    ? `数据库连不上 (cannot reach the database)：${message}`
    : null
}

function overview(): string {
  const width = Math.max(...commands.map((c) => c.name.length))
  const list = commands.map((c) => `  ${c.name.padEnd(width)}  ${c.summary}`).join("\n")
  return `siyu COMMAND [OPTIONS]\n\n${list}\n\nEvery command takes --json and --help.\n`
}
