import type { Failure, FailureClass } from "../protocol/index.ts"

/** Refresh the token once and try again. */
export const TOKEN_CODES: ReadonlySet<number> = new Set([40014, 42001])
/** Nothing happened and the same may be asked again at once, a few times. */
export const BUSY_CODES: ReadonlySet<number> = new Set([-1, 6000, 45033, 45035])
export const WRONG_SECRET = 40001
export const CALL_LIMIT = 45009
export const WELCOME_BUSY = 41096
export const WELCOME_DONE = 41051
export const BAD_CURSOR = 50100
export const NOBODY_REACHABLE = 41048
export const TASK_CANCELLED = 41093
/** The pair has no relation, or the person is nobody's customer here (any more). */
export const NO_RELATION: ReadonlySet<number> = new Set([84061, 40096, 610004])
/** The chat is no customer group of ours (any more). */
export const NO_GROUP: ReadonlySet<number> = new Set([49008, 90501, 86001, 86003, 90500])

const BY_CLASS: Record<FailureClass, readonly number[]> = {
  retry_later: [-1, 6000, 40014, 42001, 41063, 41096, 45033, 45035, 45029, 40129],
  wait_window: [45009, 41094, 40128, 41044, 45024],
  stop: [
    40001, 40013, 40056, 41001, 41002, 41004, 43009, 43012, 48001, 48002, 48004, 48005, 48006, 50001, 50002,
    50003, 50006, 60020, 84074, 301002, 301007, 701008,
  ],
  never: [
    40096, 40097, 40098, 40099, 40100, 40131, 40143, 41048, 41050, 41051, 41052, 41053, 41054, 41093, 49008,
    60111, 81013, 84061, 84083, 84084, 90500, 90501, 90502, 90507, 90508, 90509, 610004,
  ],
  fix: [],
}
const CLASS_OF = new Map<number, FailureClass>(
  (Object.entries(BY_CLASS) as [FailureClass, readonly number[]][]).flatMap(([name, codes]) =>
    codes.map((code) => [code, name] as const),
  ),
)

const RETRY_AFTER_MS: Partial<Record<FailureClass, number>> = { retry_later: 5_000, wait_window: 60_000 }
const RETRY_AFTER_OF: Record<number, number> = {
  41063: 3_000,
  41096: 700,
  41094: 86_400_000,
  40128: 86_400_000,
}

/** What to do about an errcode. A code that nobody knows is a request to be fixed: repeating it helps nobody. */
export function failureOf(errcode: number, errmsg: string): Failure {
  const name = CLASS_OF.get(errcode) ?? "fix"
  const retry_after_ms = RETRY_AFTER_OF[errcode] ?? RETRY_AFTER_MS[name]
  return {
    class: name,
    code: String(errcode),
    detail: errmsg.slice(0, 300),
    ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
  }
}
