import type { ConditionTree } from "../../../../kernel/tree.ts"

/** A play as the server keeps it, as far as the editor writes it. The server checks it whole. */
export type Where = Record<string, string | number | boolean | null>

export type DefinitionNode =
  | {
      kind: "action"
      action: { offer: string; version: number; args: Record<string, unknown> }
      next: string | null
      /** What the stage is called that begins with this step. */
      stage?: string | undefined
    }
  | {
      kind: "wait"
      from: "anchor" | "here"
      days: number
      hours: number
      at: string | null
      next: string | null
    }
  | {
      kind: "wait_for"
      fact: string
      where: Where
      hours: number
      answered: string | null
      otherwise: string | null
    }
  | {
      kind: "branch"
      condition: ConditionTree
      yes: string | null
      no: string | null
      stage?: string | undefined
    }
  | { kind: "stop"; reason: string }

export type Definition = {
  entry:
    | { on: "fact"; fact: string; where: Where }
    | { on: "audience"; tree: ConditionTree; at: string }
    | { on: "request" }
  condition: ConditionTree | null
  reentry: { policy: "never"; days?: number } | { policy: "after_end"; days: number }
  stop: { facts: { fact: string; where: Where }[]; condition: ConditionTree | null }
  window_minutes: number
  when_window_passed: "now" | "next_window" | "report"
  first: string
  nodes: Record<string, DefinitionNode>
}
