import { CallRefused } from "../../../../kernel/client.ts"
import { isFilled } from "../../../../ui/schema.ts"
import { problemText } from "../../../../ui/states.tsx"
import type { DraftPlay } from "./draft-play.ts"
import type { Action } from "./step-fields.tsx"

/** Steps whose action is not filled in. */
export function unfilledSteps(draft: DraftPlay, actions: ReadonlyMap<string, Action>): string[] {
  return draft.steps.flatMap(({ key, work }) => {
    const action = work.kind === "action" ? actions.get(work.offer) : undefined
    return action && work.kind === "action" && !isFilled(action.args, work.args) ? [key] : []
  })
}

const PARTS = ["name", "entry", "condition", "stop"]

/** Where in the form a refusal of the server belongs: a part of it, or a step by its key; `whole` where it names none. */
export function placeOf(error: unknown, draft: DraftPlay): { part: string; text: string } {
  const text = problemText(error)
  const field = error instanceof CallRefused ? (error.problem.field ?? "") : ""
  const [head = "", id = ""] = field.split(".")
  const part = head === "definition" ? id : head
  if (part === "nodes") {
    const named = field.split(".")[head === "definition" ? 2 : 1]
    const step = draft.steps.find((one) => one.id === named)
    if (step) return { part: step.key, text }
  }
  return { part: PARTS.find((one) => one === part) ?? "whole", text }
}

/** Somebody else has saved since: which saving is the newest now. */
export function savedSince(error: unknown): { version: number; revision: number } | null {
  if (!(error instanceof CallRefused) || error.problem.code !== "version_changed") return null
  const { version, revision } = error.problem.detail ?? {}
  return typeof version === "number" && typeof revision === "number" ? { version, revision } : null
}
