import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto"

/** Keeps secrets at rest: AES-256-GCM under a key made of SIYU_SECRET_KEY, so that every server of a database reads them. */
export type Sealer = { seal(text: string): string; open(sealed: string): string | null }

const NONCE_BYTES = 12
const TAG_BYTES = 16

export function createSealer(secret_key: string): Sealer {
  const key = Buffer.from(hkdfSync("sha256", secret_key, "siyu", "seal", 32))
  return {
    seal(text) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv("aes-256-gcm", key, nonce)
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64")
    },
    /** Null where it was sealed under another key or has been changed. */
    open(sealed) {
      const bytes = Buffer.from(sealed, "base64")
      if (bytes.length < NONCE_BYTES + TAG_BYTES) return null
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE_BYTES))
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      try {
        return Buffer.concat([
          decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)),
          decipher.final(),
        ]).toString("utf8")
      } catch {
        return null
      }
    },
  }
}
