import { isRefused } from "../../../kernel/result.ts"
import { readConfig } from "../../../platform/config.ts"
import { askSandbox } from "../../server/sandbox-panel/routes.ts"
import { runningSandbox } from "../../server/sandbox-process.ts"
import { type Command, type CommandEnv, type ExitCode, text, WrongCall } from "../command.ts"

const WORDS: Record<string, string> = {
  no_sandbox: "没有正在运行的沙盒，请先启动 (no sandbox is running here; start it first)",
  sandbox_silent: "沙盒没有应答 (the sandbox does not answer)",
  sandbox_refused: "沙盒拒绝了这个操作 (the sandbox refused this)",
}

async function ask(env: CommandEnv, method: "GET" | "POST", path: string, body?: unknown): Promise<ExitCode> {
  const running = runningSandbox(readConfig().home)
  const control = running && { origin: running.origin, token: running.secrets.control_token }
  const answer = await askSandbox(control, method, path, body)
  if (isRefused(answer)) return env.refuse(answer, WORDS[answer.refused] ?? answer.refused)
  env.answer(answer, JSON.stringify(answer, null, 2))
  return 0
}

export const worldCommand: Command = {
  name: "world",
  usage:
    "world [state|people|groups|staff|codes|orders|tasks|messages|products|happenings|clock] [--json]\n" +
    "       world clock [--rate 60] [--pause|--resume] [--step-hours 24]\n" +
    "       world do scan|buy|refund|join-group|leave-group|say|delete|staff/press-send [--with '{\"count\":10}']",
  summary: "查看和驱动沙盒世界 / look into the sandbox world and drive it",
  options: {
    rate: { type: "string" },
    pause: { type: "boolean" },
    resume: { type: "boolean" },
    "step-hours": { type: "string" },
    with: { type: "string" },
  },
  positionals: { min: 0, max: 2 },
  run(env, values, [view = "state", deed]) {
    if (view === "do") {
      if (!deed || !/^[a-z]+([-/][a-z]+)*$/.test(deed)) throw new WrongCall("which deed?")
      return ask(env, "POST", deed, json(text(values, "with")))
    }
    const change = clockChange(values)
    if (view === "clock" && Object.keys(change).length > 0) return ask(env, "POST", "clock", change)
    if (!/^[a-z]+$/.test(view) || deed) throw new WrongCall(`world has no view ${JSON.stringify(view)}`)
    return ask(env, "GET", view)
  },
}

function clockChange(values: Parameters<Command["run"]>[1]): Record<string, unknown> {
  const change: Record<string, unknown> = {}
  const number = (name: string): number | undefined => {
    const given = text(values, name)
    if (given === undefined) return undefined
    if (!(Number(given) > 0)) throw new WrongCall(`--${name} is a number above 0`)
    return Number(given)
  }
  const [rate, hours] = [number("rate"), number("step-hours")]
  if (rate !== undefined) change.rate = rate
  if (hours !== undefined) change.step_ms = Math.round(hours * 3_600_000)
  if (values.pause) change.paused = true
  if (values.resume) change.paused = false
  return change
}

function json(given: string | undefined): unknown {
  if (given === undefined) return {}
  try {
    return JSON.parse(given)
  } catch {
    throw new WrongCall("--with is no JSON")
  }
}
