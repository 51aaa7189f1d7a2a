import type { z } from "zod"
import type { Problem, RefusalTable } from "../../kernel/contract.ts"
import type { Refusal } from "../../kernel/result.ts"

/** The body of a refused call. A code that the contract does not list is a bug of ours and is said as one. */
export function problemOf(refusal: Refusal, table: RefusalTable, request_id: string): Problem {
  const words = table[refusal.refused]
  if (!words) throw new Error(`refusal ${refusal.refused} is not in the contract`)
  return {
    type: `urn:siyu:refusal:${refusal.refused}`,
    title: refusal.refused,
    status: words.status,
    code: refusal.refused,
    ...(refusal.field ? { field: refusal.field } : {}),
    message: words.zh,
    message_en: words.en,
    request_id,
    ...(refusal.detail ? { detail: refusal.detail } : {}),
  }
}

/** Where input does not fit its schema: the first field that is wrong, and what is wrong with it. */
export function invalidInput(part: "params" | "query" | "body", error: z.ZodError): Refusal {
  const issue = error.issues[0]
  const path = issue?.path.map(String).join(".") ?? ""
  return {
    refused: "invalid_input",
    field: path || part,
    detail: { in: part, problem: issue?.message ?? "invalid", problems: error.issues.length },
  }
}
