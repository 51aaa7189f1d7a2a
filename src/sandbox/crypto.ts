import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from "node:crypto"

// Written from the protocol text and not with the library that the adapter uses, so that the two sides check each other.

const BLOCK = 32

function keyOf(aes_key: string): Buffer {
  return Buffer.from(aes_key + "=", "base64")
}

/** random(16) ‖ length(uint32 BE) ‖ message ‖ receiver, padded to 32-byte blocks, AES-256-CBC, base64. */
export function encrypt(
  aes_key: string,
  message: string,
  receiver: string,
  random = randomBytes(16),
): string {
  const key = keyOf(aes_key)
  const body = Buffer.from(message, "utf8")
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const plain = Buffer.concat([random, length, body, Buffer.from(receiver, "utf8")])
  const pad = BLOCK - (plain.length % BLOCK)
  const cipher = createCipheriv("aes-256-cbc", key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.alloc(pad, pad)),
    cipher.final(),
  ]).toString("base64")
}

/** Null where the text was not encrypted with this key. */
export function decrypt(aes_key: string, encrypted: string): { message: string; receiver: string } | null {
  const key = keyOf(aes_key)
  const data = Buffer.from(encrypted, "base64")
  if (data.length === 0 || data.length % 16 !== 0) return null
  const decipher = createDecipheriv("aes-256-cbc", key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(data), decipher.final()])
  const pad = padded[padded.length - 1] ?? 0
  if (pad < 1 || pad > BLOCK || pad > padded.length - 20) return null
  const plain = padded.subarray(0, padded.length - pad)
  const length = plain.readUInt32BE(16)
  if (20 + length > plain.length) return null
  return {
    message: plain.subarray(20, 20 + length).toString("utf8"),
    receiver: plain.subarray(20 + length).toString("utf8"),
  }
}

export function signature(
  token: string,
  timestamp: string | number,
  nonce: string,
  encrypted: string,
): string {
  const parts = [token, String(timestamp), nonce, encrypted]
    .map((part) => Buffer.from(part))
    .sort(Buffer.compare)
  return createHash("sha1").update(Buffer.concat(parts)).digest("hex")
}

/** Signature of the shop and robot doors: hex HMAC-SHA256 of `timestamp.body`. */
export function doorSignature(secret: string, timestamp: string, body: string): string {
  return createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")
}

export function sameText(a: string, b: string): boolean {
  const x = createHash("sha256").update(a).digest()
  const y = createHash("sha256").update(b).digest()
  return timingSafeEqual(x, y)
}
