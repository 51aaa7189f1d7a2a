import type { Db } from "../../platform/db.ts"
import { aesKey, open, sameSignature, signatureOf } from "./crypto.ts"
import { readEnvelope } from "./envelope.ts"
import { readEvent } from "./event.ts"
import { CALLBACK_BODY_BYTES, REPLAY_WINDOW_MS } from "./limits.ts"
import { storeCallback } from "./store-callbacks.ts"
import { textOf } from "./xml.ts"

export type DoorSettings = {
  corp_id: string
  callback_token: string
  /** 43 letters and digits, any. */
  callback_aes_key: string
  replay_window_ms?: number
  /** By which clock signatures age: the machine's in a running server; where it is not given, the moment of the call. */
  machine_now_ms?(): number
}
/** Of a query string: one text a name; anything else counts as missing. */
export type CallbackQuery = Record<string, unknown>
export type Received = { status: number; stored: boolean; code?: string }

export type Door = {
  /** Answers the platform's check of our address: the plain text, nothing round it; 403 for anybody else. */
  verifyUrl(query: CallbackQuery, now: Date): { status: number; body: string }
  /**
   * Verifies, opens, checks the receiver and stores; nothing else, so that the platform has its answer at once. What cannot be
   * verified is 403, what is no event 400, a body over 64 KB 413: nothing of it is stored. A repeated event is 200 and one row.
   */
  receive(db: Db, query: CallbackQuery, raw_body: string | Buffer, now: Date): Promise<Received>
}

const refused = (status: number, code: string): Received => ({ status, stored: false, code })

/** Throws a sentence where the settings cannot be those of a callback. `now` is the shop clock everywhere. */
export function openDoor(settings: DoorSettings): Door {
  const key = aesKey(settings.callback_aes_key)
  if (!key) throw new Error("WECOM_CALLBACK_AES_KEY must be 43 letters and digits")
  if (!/^[A-Za-z0-9]{1,32}$/.test(settings.callback_token))
    throw new Error("WECOM_CALLBACK_TOKEN must be 1 to 32 letters and digits")
  const window_ms = settings.replay_window_ms ?? REPLAY_WINDOW_MS

  const opened = (query: CallbackQuery, encrypt: string, now: Date) => {
    const [signature, timestamp, nonce] = ["msg_signature", "timestamp", "nonce"].map((name) => query[name])
    if (typeof signature !== "string" || typeof timestamp !== "string" || typeof nonce !== "string")
      return null
    if (!/^\d{1,12}$/.test(timestamp) || nonce.length > 128) return null
    if (!sameSignature(signatureOf(settings.callback_token, timestamp, nonce, encrypt), signature))
      return null
    const at_ms = settings.machine_now_ms?.() ?? now.getTime()
    if (Math.abs(Number(timestamp) * 1000 - at_ms) > window_ms) return null
    const plain = open(key, encrypt)
    return plain && plain.receive_id === settings.corp_id ? plain.message : null
  }

  return {
    verifyUrl(query, now) {
      const echo = typeof query.echostr === "string" ? query.echostr : ""
      const message = echo.length <= CALLBACK_BODY_BYTES ? opened(query, echo, now) : null
      return message === null ? { status: 403, body: "" } : { status: 200, body: message }
    },
    async receive(db, query, raw_body, now) {
      if (Buffer.byteLength(raw_body) > CALLBACK_BODY_BYTES) return refused(413, "body_too_large")
      const envelope = readEnvelope(raw_body.toString())
      if (!envelope) return refused(400, "not_an_envelope")
      const message = opened(query, envelope.encrypt, now)
      if (message === null) return refused(403, "not_verified")
      const event = readEvent(message)
      if (!event) return refused(400, "not_an_event")
      if ((textOf(event.fields, "ToUserName") || settings.corp_id) !== settings.corp_id)
        return refused(403, "other_corp")
      const stored = await storeCallback(db, event, now)
      return stored === null ? refused(503, "busy") : { status: 200, stored }
    },
  }
}
