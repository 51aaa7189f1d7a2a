import { z } from "zod"
import type { Failure } from "../protocol/index.ts"
import { BUSY_CODES, CALL_LIMIT, failureOf, TOKEN_CODES } from "./errors.ts"
import { BUSY_REST_MS, BUSY_TRIES, CALLS_AT_ONCE } from "./limits.ts"
import type { Pace } from "./pace.ts"
import type { Tokens } from "./token.ts"
import type { Wire, WireRequest } from "./wire.ts"

export type Body = Record<string, unknown>
/** `lost`: the call may have had its effect. Only calls that are not `repeatable` answer so after one try. */
export type Answer<T> =
  | { ok: true; body: T }
  | { ok: false; lost: false; failure: Failure }
  | { ok: false; lost: true; detail: string }

/** A lost answer to a question is a failure like another. */
export const failureIn = (answer: Extract<Answer<unknown>, { ok: false }>): Failure =>
  answer.lost ? { class: "retry_later", code: "lost", detail: answer.detail } : answer.failure

export type CallOptions = {
  query?: Record<string, string>
  json?: Body
  form?: FormData
  /** Asking again has no further effect, so a lost answer is simply asked for again. Reading is. */
  repeatable: boolean
  timeout_ms?: number
  /** How long the caller would wait for a free place under the platform's limits. */
  patience_ms?: number
}

export type Client = {
  call<T>(api: string, schema: z.ZodType<T>, options: CallOptions): Promise<Answer<T>>
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const PATIENCE_MS = 30_000

/** Calls the platform: token, pace and each class of error in one place. Nothing it answers or throws carries a secret. */
export function openClient(parts: { wire: Wire; tokens: Tokens; pace: Pace }): Client {
  const { wire, tokens, pace } = parts
  const gates = new Map<string, Gate>()

  const once = async (api: string, options: CallOptions, token: string) => {
    const request: WireRequest = {
      method: options.json === undefined && !options.form ? "GET" : "POST",
      path: api,
      query: { ...options.query, access_token: token },
      ...(options.json === undefined ? {} : { json: options.json }),
      ...(options.form ? { form: options.form } : {}),
      ...(options.timeout_ms === undefined ? {} : { timeout_ms: options.timeout_ms }),
    }
    return wire.request(request)
  }

  const call = async <T>(api: string, schema: z.ZodType<T>, options: CallOptions): Promise<Answer<T>> => {
    const no = (failure: Failure): Answer<T> => ({ ok: false, lost: false, failure })
    let renewed = false
    for (let attempt = 1; ; attempt++) {
      const full = await pace.take(api, options.patience_ms ?? PATIENCE_MS)
      if (full)
        return no({
          class: "wait_window",
          code: "pace",
          detail: api,
          retry_after_ms: Math.ceil(full.wait_ms),
        })
      const token = await tokens.get()
      if ("failure" in token) return no(token.failure)
      const answer = await once(api, options, token.token)
      if (answer.kind !== "answered") {
        if (attempt < BUSY_TRIES && (options.repeatable || answer.kind === "unsent")) {
          await sleep(BUSY_REST_MS * 2 ** (attempt - 1))
          continue
        }
        if (answer.kind === "lost" && !options.repeatable)
          return { ok: false, lost: true, detail: answer.detail }
        return no({ class: "retry_later", code: "unreachable", detail: answer.detail, retry_after_ms: 5_000 })
      }
      const errcode = z.coerce
        .number()
        .int()
        .catch(0)
        .parse(answer.body.errcode ?? 0)
      const errmsg = String(answer.body.errmsg ?? "")
      if (errcode === 0) {
        pace.ease(api)
        const read = schema.safeParse(answer.body)
        if (read.success) return { ok: true, body: read.data }
        const where = read.error.issues[0]?.path.join(".") ?? ""
        if (!options.repeatable)
          return { ok: false, lost: true, detail: `${api}: unreadable answer at ${where}` }
        return no({ class: "fix", code: "unreadable", detail: `${api}: ${where}` })
      }
      if (TOKEN_CODES.has(errcode) && !renewed) {
        renewed = true
        attempt--
        const next = await tokens.renew(token.token)
        if ("failure" in next) return no(next.failure)
        continue
      }
      // -1 says "busy" without saying how far it came: what must not happen twice is asked about instead.
      if (errcode === -1 && !options.repeatable)
        return { ok: false, lost: true, detail: `${api}: -1 ${errmsg.slice(0, 200)}` }
      if (BUSY_CODES.has(errcode) && attempt < BUSY_TRIES) {
        await sleep(BUSY_REST_MS * 2 ** (attempt - 1) * (1 + Math.random()))
        continue
      }
      const failure = failureOf(errcode, errmsg)
      if (errcode === CALL_LIMIT) return no({ ...failure, retry_after_ms: await pace.block(api) })
      return no(failure)
    }
  }

  return {
    async call(api, schema, options) {
      let gate = gates.get(api)
      if (!gate) {
        gate = new Gate(CALLS_AT_ONCE)
        gates.set(api, gate)
      }
      return gate.pass(() => call(api, schema, options))
    },
  }
}

/** Lets so many through at once; the others wait in the order they came. */
export class Gate {
  private free: number
  private readonly waiting: (() => void)[] = []
  constructor(places: number) {
    this.free = places
  }
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--
    else await new Promise<void>((resolve) => this.waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.waiting.shift()
      if (next) next()
      else this.free++
    }
  }
}
