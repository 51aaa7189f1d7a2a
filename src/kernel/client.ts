import type { z } from "zod"
import type { Endpoint, Problem } from "./contract.ts"

type Part<K extends string, S extends z.ZodType> =
  Record<string, never> extends z.input<S> ? { [key in K]?: z.input<S> } : { [key in K]: z.input<S> }

export type CallInput<E> =
  E extends Endpoint<infer P, infer Q, infer B, infer _A>
    ? Part<"params", P> & Part<"query", Q> & Part<"body", B> & { key?: string; signal?: AbortSignal }
    : never
export type CallAnswer<E> = E extends Endpoint<infer _P, infer _Q, infer _B, infer A> ? z.output<A> : never

/** A refused call: what the server said, in words for people and codes for programs. */
export class CallRefused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message)
  }
}

/** The server could not be reached or answered with something that is not its own. */
export class CallFailed extends Error {}

export type Call = <E extends Endpoint>(endpoint: E, input: CallInput<E>) => Promise<CallAnswer<E>>

/** A client of the whole API, typed by the endpoints themselves. `origin` is empty in the browser. */
export function createClient(options: { origin?: string; token?: string; fetch?: typeof fetch } = {}): Call {
  const send = options.fetch ?? fetch
  return async (endpoint, given) => {
    const input = given as {
      params?: object
      query?: object
      body?: unknown
      key?: string
      signal?: AbortSignal
    }
    let path: string = endpoint.path
    for (const [name, value] of Object.entries(input.params ?? {}))
      path = path.replace(`:${name}`, encodeURIComponent(String(value)))
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(input.query ?? {}))
      for (const one of Array.isArray(value) ? value : [value])
        if (one !== undefined && one !== null && one !== "")
          query.append(name, typeof one === "object" ? JSON.stringify(one) : String(one))
    const url = `${options.origin ?? ""}${path}${query.size > 0 ? `?${query}` : ""}`
    const writes = endpoint.method !== "GET"
    let response: Response
    try {
      response = await send(url, {
        method: endpoint.method,
        credentials: "same-origin",
        signal: input.signal ?? null,
        headers: {
          accept: "application/json",
          ...(writes ? { "content-type": "application/json" } : {}),
          ...(endpoint.method === "POST" && input.key ? { "idempotency-key": input.key } : {}),
          ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
        },
        ...(writes ? { body: JSON.stringify(input.body ?? {}) } : {}),
      })
    } catch (cause) {
      if (input.signal?.aborted) throw cause
      throw new CallFailed("连不上服务器，请检查网络后重试。The server cannot be reached.", { cause })
    }
    const text = await response.text()
    let answer: unknown
    try {
      answer = text === "" ? {} : JSON.parse(text)
    } catch (cause) {
      throw new CallFailed(`服务器的回答无法理解（${response.status}）。The server's answer is not JSON.`, {
        cause,
      })
    }
    if (!response.ok) throw new CallRefused(answer as Problem)
    return answer as never
  }
}
