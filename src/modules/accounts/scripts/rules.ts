/** The moments of a relationship for which an account has words, in their order. */
export const SITUATIONS = [
  "opening",
  "ice",
  "trust",
  "objection",
  "closing",
  "after_sale",
  "revival",
] as const
export type Situation = (typeof SITUATIONS)[number]
