import { createHmac, timingSafeEqual } from "node:crypto"
import { type Refusal, refuse } from "../../../kernel/result.ts"
import { SHOP_REPLAY_WINDOW_S } from "../limits.ts"

/** The hex HMAC-SHA256 of `timestamp.body` under the shop's secret. */
export function shopSignature(secret: string, timestamp: string, rawBody: Uint8Array | string): string {
  return createHmac("sha256", secret).update(`${timestamp}.`).update(rawBody).digest("hex")
}

/** Pure: whether a call was signed by the shop within the replay window; `machine_now_ms` is machine time. */
export function checkSignature(
  secret: string,
  timestamp: string | undefined,
  signature: string | undefined,
  rawBody: Uint8Array | string,
  machine_now_ms: number,
): Refusal<"bad_signature" | "stale_timestamp"> | null {
  if (!timestamp || !/^\d{1,12}$/.test(timestamp) || !signature || !/^[0-9a-f]{64}$/i.test(signature))
    return refuse("bad_signature")
  const expected = Buffer.from(shopSignature(secret, timestamp, rawBody), "hex")
  if (!timingSafeEqual(expected, Buffer.from(signature, "hex"))) return refuse("bad_signature")
  if (Math.abs(machine_now_ms / 1000 - Number(timestamp)) > SHOP_REPLAY_WINDOW_S)
    return refuse("stale_timestamp")
  return null
}
