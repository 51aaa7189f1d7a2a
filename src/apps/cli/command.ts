import type { ParseArgsConfig } from "node:util"
import type { Refusal } from "../../kernel/result.ts"
import type { Clock } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"

/** 0 done, 1 nothing done, 2 wrong call. */
export type ExitCode = 0 | 1 | 2

export type Values = Record<string, string | boolean | (string | boolean)[] | undefined>

export type CommandIo = {
  /** `--json`: stdout is one JSON document, everything else goes to stderr. */
  json: boolean
  /** A command's answer: its JSON with `--json`, else its words on stdout. */
  answer(document: unknown, words: string): void
  /** Progress and remarks, on stderr. */
  say(words: string): void
  /** A refusal: what was wrong and what to do, as JSON or words; gives the exit code 1. */
  refuse(refusal: Refusal, words: string): ExitCode
  /** Ends when the caller interrupts. */
  signal: AbortSignal
}

export type CommandEnv = CommandIo & {
  /** Runs work with the company's database, migrated; it is closed again before the command ends. */
  withDatabase<T>(work: (db: Db, clock: Clock) => Promise<T>, options?: { migrate?: boolean }): Promise<T>
}

export type Command = {
  /** Words after `siyu`, such as `import orders`. */
  name: string
  usage: string
  summary: string
  options?: ParseArgsConfig["options"]
  /** How many words may follow besides options. */
  positionals?: { min: number; max: number }
  run(env: CommandEnv, values: Values, positionals: string[]): Promise<ExitCode>
}

/** The call itself is wrong: exit 2, with the usage. */
export class WrongCall extends Error {}

/** The one value of an option; a wrong call where it is needed and missing. */
export function text(values: Values, name: string): string | undefined {
  const value = values[name]
  return typeof value === "string" ? value : undefined
}

export function neededText(values: Values, name: string): string {
  const value = text(values, name)
  if (value === undefined || value === "") throw new WrongCall(`--${name} is needed`)
  return value
}

/** One of a few words. */
export function oneOf<T extends string>(values: Values, name: string, words: readonly T[], otherwise: T): T {
  const value = text(values, name)
  if (value === undefined) return otherwise
  if (!(words as readonly string[]).includes(value))
    throw new WrongCall(`--${name} is one of ${words.join(", ")}; got ${JSON.stringify(value)}`)
  return value as T
}
