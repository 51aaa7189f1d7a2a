import { createHmac, timingSafeEqual } from "node:crypto"
import { type Refusal, refuse } from "../../kernel/result.ts"

/** A signed call is taken this long before and after the machine's own time. */
export const SIGNED_WINDOW_S = 300

/** The hex HMAC-SHA256 of `timestamp.body` under a secret shared with the caller. */
export function signatureOf(secret: string, timestamp: string, rawBody: Uint8Array | string): string {
  return createHmac("sha256", secret).update(`${timestamp}.`).update(rawBody).digest("hex")
}

/** Pure: whether a call was signed by the holder of the secret within the window; `machine_now_ms` is machine time. */
export function checkSigned(
  secret: string,
  timestamp: string | undefined,
  signature: string | undefined,
  rawBody: Uint8Array | string,
  machine_now_ms: number,
): Refusal<"bad_signature" | "stale_timestamp"> | null {
  if (!timestamp || !/^\d{1,12}$/.test(timestamp) || !signature || !/^[0-9a-f]{64}$/i.test(signature))
    return refuse("bad_signature")
  const expected = Buffer.from(signatureOf(secret, timestamp, rawBody), "hex")
  if (!timingSafeEqual(expected, Buffer.from(signature, "hex"))) return refuse("bad_signature")
  if (Math.abs(machine_now_ms / 1000 - Number(timestamp)) > SIGNED_WINDOW_S) return refuse("stale_timestamp")
  return null
}
