import { openClient } from "../../channels/wecom/client.ts"
import { type Door, openDoor } from "../../channels/wecom/door.ts"
import { pgPace } from "../../channels/wecom/pace.ts"
import type { Sink } from "../../channels/wecom/tell.ts"
import { openTokens } from "../../channels/wecom/token.ts"
import { pgTokenStore } from "../../channels/wecom/token-store.ts"
import { openWire } from "../../channels/wecom/wire.ts"
import { startWorker, type Worker } from "../../channels/wecom/worker.ts"
import type { Sealer } from "../../platform/auth/sealer.ts"
import type { Clock } from "../../platform/clock.ts"
import type { WecomConfig } from "../../platform/config.ts"
import type { Db } from "../../platform/db.ts"
import type { Log } from "../../platform/log.ts"
import { intake, type TagIntake } from "./intake.ts"

export const WECOM = "wecom"

export type WecomLink = {
  /** Null where no callback is configured: then nothing is heard, only asked. */
  door: Door | null
  startWorker(): Worker
}

/** The company's account at WeCom, wired to the modules. */
export function linkWecom(given: {
  db: Db
  config: WecomConfig
  clock: Clock
  log: Log
  tags: TagIntake
  sealer: Sealer
}): WecomLink {
  const { db, config, clock, log, sealer } = given
  const wire = openWire(config.api_base)
  const tokens = openTokens({
    corp_id: config.corp_id,
    secret: config.secret,
    store: pgTokenStore(db, sealer),
    wire,
  })
  const client = openClient({ wire, tokens, pace: pgPace(db) })
  const sink: Sink = (t, happenings) => intake(t, WECOM, happenings, given.tags, clock.now())
  const { callback_token, callback_aes_key } = config
  return {
    door:
      callback_token && callback_aes_key
        ? openDoor({ corp_id: config.corp_id, callback_token, callback_aes_key })
        : null,
    startWorker: () =>
      startWorker({
        db,
        client,
        sink,
        now: () => clock.now(),
        onError: (where, error) => log.error({ err: error, where }, "news from WeCom could not be taken"),
      }),
  }
}
