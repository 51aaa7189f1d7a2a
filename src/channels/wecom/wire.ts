import { ANSWER_BYTES_MAX, REQUEST_TIMEOUT_MS } from "./limits.ts"

export type WireRequest = {
  method: "GET" | "POST"
  /** Below `/cgi-bin/`. */
  path: string
  query?: Record<string, string>
  json?: unknown
  form?: FormData
  timeout_ms?: number
}

/**
 * `answered`: the platform's JSON. `unsent`: certainly nothing reached it (no connection). `lost`: it may have; nobody knows.
 */
export type WireAnswer =
  | { kind: "answered"; body: Record<string, unknown> }
  | { kind: "unsent" | "lost"; detail: string }

export type Wire = { request(request: WireRequest): Promise<WireAnswer> }

/** `base` is an origin without `/cgi-bin`; https, or plain http on loopback. Throws a sentence where it is neither. */
export function readBase(base: string): URL {
  const url = new URL(base)
  const host = url.hostname.replace(/^\[|\]$/g, "")
  const loopback = host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host)
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback))
    throw new Error("WECOM_API_BASE must be https; plain http is allowed on loopback only")
  if (url.username || url.password || url.search || url.hash || !/^\/*$/.test(url.pathname))
    throw new Error("WECOM_API_BASE is an origin such as https://qyapi.weixin.qq.com, without a path")
  return url
}

const NOT_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
])

/** Speaks HTTP to the platform. Its details name paths and codes, never a query: secrets and tokens stand there. */
export function openWire(base: string): Wire {
  const origin = readBase(base)
  return {
    async request({ method, path, query = {}, json, form, timeout_ms = REQUEST_TIMEOUT_MS }) {
      const url = new URL(`/cgi-bin/${path}`, origin)
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
      try {
        const response = await fetch(url, {
          method,
          redirect: "error",
          signal: AbortSignal.timeout(timeout_ms),
          ...(form ? { body: form } : {}),
          ...(json === undefined
            ? {}
            : { body: JSON.stringify(json), headers: { "content-type": "application/json" } }),
        })
        const text = await readText(response)
        if (response.status !== 200) return { kind: "lost", detail: `${path}: HTTP ${response.status}` }
        const body: unknown = JSON.parse(text)
        if (typeof body !== "object" || body === null || Array.isArray(body))
          return { kind: "lost", detail: `${path}: no JSON object` }
        return { kind: "answered", body: body as Record<string, unknown> }
      } catch (error) {
        const code = codeOf(error)
        return { kind: NOT_CONNECTED.has(code) ? "unsent" : "lost", detail: `${path}: ${code}` }
      }
    },
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).length
    if (size > ANSWER_BYTES_MAX) throw Object.assign(new Error("answer too large"), { code: "TOO_LARGE" })
    chunks.push(chunk as Uint8Array)
  }
  return Buffer.concat(chunks).toString("utf8")
}

function codeOf(error: unknown): string {
  const { code, name, cause } = error as { code?: unknown; name?: string; cause?: { code?: unknown } }
  if (typeof cause?.code === "string") return cause.code
  return typeof code === "string" ? code : (name ?? "Error")
}
