import { isRefused, type Refusal, refuse } from "../../../kernel/result.ts"
import { implement, type Route } from "../../../platform/http/index.ts"
import {
  sandboxClock,
  sandboxDeed,
  sandboxFaults,
  sandboxScenario,
  sandboxState,
  sandboxView,
} from "./contract.ts"

export type SandboxControl = { origin: string; token: string }
type Answer = Record<string, unknown>
const ANSWER_WITHIN_MS = 10_000

/** Asks the sandbox's own control; it is outside, so it is reached over the wire like anything else. */
export async function askSandbox(
  control: SandboxControl | null,
  method: "GET" | "POST",
  path: string,
  body?: unknown,
): Promise<Answer | Refusal> {
  if (!control) return refuse("no_sandbox")
  let response: Response
  try {
    response = await fetch(`${control.origin}/sandbox/${path}`, {
      method,
      headers: { authorization: `Bearer ${control.token}`, "content-type": "application/json" },
      ...(method === "POST" ? { body: JSON.stringify(body ?? {}) } : {}),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
  } catch (error) {
    return refuse("sandbox_silent", { detail: { problem: (error as Error).name } })
  }
  const answer = (await response.json()) as Answer
  return response.ok ? answer : refuse("sandbox_refused", { detail: answer })
}

export function sandboxRoutes(control: () => SandboxControl | null): Route[] {
  return [
    implement(sandboxState, async () => {
      const state = await askSandbox(control(), "GET", "state")
      if (isRefused(state)) return state
      const faults = await askSandbox(control(), "GET", "faults")
      const clock = await askSandbox(control(), "GET", "clock")
      return { ...state, ...(isRefused(faults) ? {} : faults), clock }
    }),
    implement(sandboxClock, async (_ctx, { body }) => askSandbox(control(), "POST", "clock", body)),
    implement(sandboxScenario, async (_ctx, { body }) => askSandbox(control(), "POST", "scenario", body)),
    implement(sandboxDeed, async (_ctx, { params, body }) =>
      askSandbox(control(), "POST", params.deed, body),
    ),
    implement(sandboxView, async (_ctx, { params, query }) => {
      const search = new URLSearchParams()
      for (const [name, value] of Object.entries(query))
        if (value !== undefined && value !== "") search.set(name, String(value))
      return askSandbox(control(), "GET", `${params.view}${search.size > 0 ? `?${search}` : ""}`)
    }),
    implement(sandboxFaults, async (_ctx, { body }) => askSandbox(control(), "POST", "faults", body)),
  ]
}
