import { randomInt } from "node:crypto"
import { hash, verify } from "@node-rs/argon2"

/** argon2id, 19 MiB and two passes: OWASP's first choice. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export function hashPassword(password: string): Promise<string> {
  return hash(password, COST)
}

/** Also spends the time where there is no such person, so that the answer's time tells nothing. */
export async function passwordMatches(stored: string | null | undefined, password: string): Promise<boolean> {
  if (!stored) {
    await hash(password, COST)
    return false
  }
  return verify(stored, password)
}

/** Without letters and digits that are mistaken for each other when read off a screen. */
const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

export function oneTimePassword(): string {
  return Array.from(
    { length: 16 },
    (_, i) => (i > 0 && i % 4 === 0 ? "-" : "") + ALPHABET[randomInt(ALPHABET.length)],
  ).join("")
}
