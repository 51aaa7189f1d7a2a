import { createDecipheriv, createHash, timingSafeEqual } from "node:crypto"

const PAD_BLOCK = 32
const HEAD = 20

/** SHA-1 of the four values sorted by bytes and joined, as lower-case hex. */
export function signatureOf(token: string, timestamp: string, nonce: string, encrypt: string): string {
  const sorted = [token, timestamp, nonce, encrypt].map((v) => Buffer.from(v)).sort(Buffer.compare)
  return createHash("sha1").update(Buffer.concat(sorted)).digest("hex")
}

/** SHA-1 by which the client believes a page: over its address without what stands behind #, as lower-case hex. */
export function pageSignature(p: { ticket: string; nonce: string; timestamp: number; url: string }): string {
  const [address] = p.url.split("#")
  return createHash("sha1")
    .update(`jsapi_ticket=${p.ticket}&noncestr=${p.nonce}&timestamp=${p.timestamp}&url=${address}`)
    .digest("hex")
}

/** Compares in a time that tells nothing about where the two differ. */
export function sameSignature(expected: string, given: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest()
  return timingSafeEqual(digest(expected), digest(given))
}

/**
 * The 32 bytes of an EncodingAESKey. 43 characters carry 258 bits: the last two are dropped whatever they are, so every 43
 * letters and digits are a key (a strict decoder would refuse three out of four). Null for anything else.
 */
export function aesKey(encoding_aes_key: string): Buffer | null {
  if (!/^[A-Za-z0-9]{43}$/.test(encoding_aes_key)) return null
  return Buffer.from(encoding_aes_key, "base64").subarray(0, 32)
}

export type Plain = { message: string; receive_id: string }

/**
 * Opens `Encrypt`: AES-256-CBC, PKCS#7 by blocks of 32, 16 random bytes, length, message, receiver. Null for everything that
 * is not exactly so, one answer for all faults, so that nobody can learn from the padding.
 */
export function open(key: Buffer, encrypt: string): Plain | null {
  if (encrypt.length === 0 || encrypt.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(encrypt)) return null
  const sealed = Buffer.from(encrypt, "base64")
  if (sealed.length < PAD_BLOCK || sealed.length % 16 !== 0) return null
  const decipher = createDecipheriv("aes-256-cbc", key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(sealed), decipher.final()])
  const pad = padded[padded.length - 1] ?? 0
  if (pad < 1 || pad > PAD_BLOCK || padded.length - pad < HEAD) return null
  if (!padded.subarray(padded.length - pad).every((byte) => byte === pad)) return null
  const plain = padded.subarray(0, padded.length - pad)
  const length = plain.readUInt32BE(16)
  if (length > plain.length - HEAD) return null
  const utf8 = new TextDecoder("utf-8", { fatal: true })
  try {
    return {
      message: utf8.decode(plain.subarray(HEAD, HEAD + length)),
      receive_id: utf8.decode(plain.subarray(HEAD + length)),
    }
  } catch {
    return null
  }
}
