import { hash32 } from "../../kernel/chance.ts"

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/** So many characters that look like an opaque id, the same for the same parts. */
export function opaque(length: number, ...parts: (string | number)[]): string {
  let text = ""
  for (let n = 0; text.length < length; n++) {
    let h = hash32(...parts, n)
    for (let i = 0; i < 5; i++) {
      text += ALPHABET[h % 62]
      h = Math.floor(h / 62)
    }
  }
  return text.slice(0, length)
}

export function hex(length: number, ...parts: (string | number)[]): string {
  let text = ""
  for (let n = 0; text.length < length; n++)
    text += hash32(...parts, n)
      .toString(16)
      .padStart(8, "0")
  return text.slice(0, length)
}

function toBase62(n: number): string {
  let text = ""
  let rest = n
  for (let i = 0; i < 6; i++) {
    text = ALPHABET[rest % 62]! + text
    rest = Math.floor(rest / 62)
  }
  return text
}

function fromBase62(text: string): number {
  let n = 0
  for (const c of text) {
    const digit = ALPHABET.indexOf(c)
    if (digit < 0) return -1
    n = n * 62 + digit
  }
  return n
}

// Odd multipliers have an inverse modulo 2^32: ids look random and still lead back to the number without a map of a million.
const SPREAD = 0x9e3779b1
const GATHER = inverse(SPREAD)

function inverse(odd: number): number {
  let x = odd
  for (let i = 0; i < 5; i++) x = Math.imul(x, 2 - Math.imul(odd, x))
  return x >>> 0
}

const spread = (n: number, mask: number): number => (Math.imul(n, SPREAD) ^ mask) >>> 0
const gather = (n: number, mask: number): number => Math.imul((n ^ mask) >>> 0, GATHER) >>> 0

function scramble(x: number): number {
  let h = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Numbers to ids and back, for one kind of thing in one world. */
export class IdCode {
  private readonly prefix: string
  private readonly length: number
  private readonly salt: number
  private readonly mask: number

  constructor(seed: string, prefix: string, length: number) {
    this.prefix = prefix
    this.length = length
    this.salt = hash32(seed, "ids", prefix)
    this.mask = hash32(seed, "mask", prefix)
  }

  encode(n: number): string {
    return this.prefix + toBase62(spread(n, this.mask)) + this.tail(n)
  }

  /** Integers only: lists of a million ids are made while a caller waits. */
  private tail(n: number): string {
    let text = ""
    let h = this.salt ^ Math.imul(n + 1, SPREAD)
    for (let left = this.length - this.prefix.length - 6; left > 0; left -= 5) {
      h = scramble(h + SPREAD)
      let rest = h
      for (let i = 0; i < Math.min(5, left); i++) {
        text += ALPHABET[rest % 62]
        rest = Math.floor(rest / 62)
      }
    }
    return text
  }

  /** Null for anything this world did not give out. */
  decode(id: string): number | null {
    if (id.length !== this.length || !id.startsWith(this.prefix)) return null
    const head = fromBase62(id.slice(this.prefix.length, this.prefix.length + 6))
    if (head < 0 || head > 0xffffffff) return null
    const n = gather(head, this.mask)
    return this.encode(n) === id ? n : null
  }
}
