/** An ordinary "no": a code from a contract's list, the field it is about, and what a person needs to act on it. */
export type Refusal<C extends string = string> = {
  refused: C
  field?: string
  detail?: Record<string, unknown>
}

export function refuse<C extends string>(refused: C, extra: Omit<Refusal<C>, "refused"> = {}): Refusal<C> {
  return { refused, ...extra }
}

export function isRefused(answer: unknown): answer is Refusal {
  return typeof answer === "object" && answer !== null && typeof (answer as Refusal).refused === "string"
}
