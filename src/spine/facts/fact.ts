import type { z } from "zod"
import { hash32 } from "../../kernel/chance.ts"

/** `history` comes from sync, import and the past: traits and analytics read it; plays, touches and points do not. */
export type Origin = "live" | "history"

export type NewFact<P = unknown> = {
  type: string
  /** Whose fact it is: facts of one subject are handled in order. A customer's id wherever a customer is concerned. */
  subject: string
  occurred_at: Date
  origin: Origin
  payload: P
}

export type Fact<P = unknown> = NewFact<P> & { tx: string; id: number; recorded_at: Date }

export type FactType<P> = {
  type: string
  schema: z.ZodType<P>
  /** A checked fact of this type; throws where the payload is not what the type says, since that is a bug of the teller. */
  of(fact: { subject: string; occurred_at: Date; origin?: Origin; payload: P }): NewFact<P>
  is(fact: Fact): fact is Fact<P>
}

/** Declares a fact in an `events.ts`: `defineFact("order.paid", z.object({…}))`. */
export function defineFact<P>(type: string, schema: z.ZodType<P>): FactType<P> {
  const factType: FactType<P> = {
    type,
    schema,
    of: ({ subject, occurred_at, origin = "live", payload }) => ({
      type,
      subject,
      occurred_at,
      origin,
      payload: schema.parse(payload),
    }),
    is: (fact): fact is Fact<P> => fact.type === type,
  }
  return factType
}

export const BUCKETS = 256

/** The lane-independent place of a subject, so that one subject's facts stay in one lane. */
export function bucketOf(subject: string): number {
  return hash32(subject) % BUCKETS
}
