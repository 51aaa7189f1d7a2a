import { z } from "zod"
import { DEPTH_MAX } from "./text.ts"

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
export type Words = { zh: string; en: string }
/** A refusal as the door shows it: HTTP status and a sentence that a person can act on. */
export type RefusalWords = Words & { status: number }
export type RefusalTable = Record<string, RefusalWords>

/**
 * An endpoint is data. The server's route, OpenAPI, the typed client, the CLI's calls and the test that calls every operation
 * as every role are all read from it.
 */
export type Endpoint<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  A extends z.ZodType = z.ZodType,
> = {
  /** `customers.list`: module and verb; also the name in audit and metrics. */
  id: string
  method: Method
  path: `/api/${string}`
  /** `public` needs nobody signed in, `signed_in` anybody; everything else is a permission that roles hold. */
  permission: "public" | "signed_in" | (string & {})
  /** May also be called from a session that was opened with a one-time password, before it is replaced. */
  before_new_password?: true
  /** Refused tries that one network address has here, and in how long a used one comes back; a call that succeeds uses none. */
  per_address?: { tries: number; back_after_ms: number }
  summary: Words
  params: P
  query: Q
  body: B
  answer: A
  refusals: RefusalTable
}

const NOTHING = z.object({})

/** Completes an endpoint's declaration. Paths write parameters as `:id`. */
export function defineEndpoint<
  P extends z.ZodType = typeof NOTHING,
  Q extends z.ZodType = typeof NOTHING,
  B extends z.ZodType = typeof NOTHING,
  A extends z.ZodType = z.ZodType,
>(declared: {
  id: string
  method: Method
  path: `/api/${string}`
  permission: Endpoint["permission"]
  before_new_password?: true
  per_address?: Endpoint["per_address"]
  summary: Words
  params?: P
  query?: Q
  body?: B
  answer: A
  refusals?: RefusalTable
}): Endpoint<P, Q, B, A> {
  return {
    ...declared,
    params: (declared.params ?? NOTHING) as P,
    query: (declared.query ?? NOTHING) as Q,
    body: (declared.body ?? NOTHING) as B,
    refusals: { ...COMMON_REFUSALS, ...declared.refusals },
  }
}

/** Refusals that any endpoint may give. */
export const COMMON_REFUSALS = {
  invalid_input: {
    status: 400,
    zh: "输入有误，请按提示修改。",
    en: "The input is not valid; correct the field named.",
  },
  nested_too_deeply: {
    status: 400,
    zh: `内容嵌套太深，最多 ${DEPTH_MAX} 层。`,
    en: `The body is nested too deeply; at most ${DEPTH_MAX} levels.`,
  },
  not_signed_in: { status: 401, zh: "请先登录。", en: "Sign in first." },
  forbidden: {
    status: 403,
    zh: "没有这项权限，请联系负责人。",
    en: "You do not have this permission; ask your lead.",
  },
  new_password_needed: {
    status: 403,
    zh: "一次性密码只能用来设置新密码，请先设置自己的密码。",
    en: "A one-time password only lets you choose a new one; do that first.",
  },
  not_found: {
    status: 404,
    zh: "没有找到，或不在你的数据范围内。",
    en: "Not found, or outside the data you may see.",
  },
  key_reused: {
    status: 422,
    zh: "同一个 Idempotency-Key 用在了不同的内容上，请换一个。",
    en: "This Idempotency-Key was used with another body; choose a new one.",
  },
  too_large: { status: 413, zh: "内容太大。", en: "The body is too large." },
  too_many_requests: {
    status: 429,
    zh: "请求太频繁，请稍后再试。",
    en: "Too many requests; try again later.",
  },
  disk_full: {
    status: 503,
    zh: "服务器磁盘已满，没有保存。请管理员清理磁盘后再试。",
    en: "The server's disk is full and nothing was kept; free some space and try again.",
  },
  overloaded: { status: 503, zh: "系统繁忙，请稍后再试。", en: "The system is busy; try again shortly." },
} satisfies RefusalTable

/** Rows of one page of any list. */
export const PAGE_DEFAULT = 50
export const PAGE_MAX = 200

/** The greatest number that a column of type integer holds. */
export const INTEGER_MAX = 2_147_483_647
/** A day as text; the database's calendar begins with year 1, and Shanghai's first day of it begins before that. */
export const calendarDay = z.iso.date().refine((day) => day > "0001-01-01", "is before the calendar begins")

/** What every list takes: a keyset cursor of its own from the page before and a page size. */
export const pageQuery = <C extends z.ZodType<unknown, string>>(cursor: C) =>
  z.object({
    cursor: cursor.optional(),
    limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT),
  })

/** What every list gives: rows and where the next page begins; `total` where it is known, exact up to 10,000. */
export function pageOf<T extends z.ZodType>(row: T) {
  return z.object({
    rows: z.array(row),
    next_cursor: z.string().nullable(),
    total: z.number().int().nullable().optional(),
  })
}

/** The body of a refused call (application/problem+json). */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  field: z.string().optional(),
  message: z.string(),
  message_en: z.string(),
  request_id: z.string().optional(),
  detail: z.record(z.string(), z.unknown()).optional(),
})
export type Problem = z.infer<typeof problemSchema>
