/** Seeded chance without a stream: the same parts give the same answer whatever was asked before. */
export function hash32(...parts: (string | number)[]): number {
  let h = 0x811c9dc5
  for (const part of parts) {
    const text = String(part)
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
    h = Math.imul(h ^ 0x1f, 0x01000193)
  }
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  h ^= h >>> 16
  return h >>> 0
}

/** In [0, 1). */
export function chance(...parts: (string | number)[]): number {
  return hash32(...parts) / 0x1_0000_0000
}

/** One of a non-empty list. */
export function choose<T>(list: readonly T[], ...parts: (string | number)[]): T {
  return list[hash32(...parts) % list.length] as T
}
