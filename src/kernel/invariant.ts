/** Stays on in production: a broken invariant is a bug and must stop the work that met it. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`)
}
