import type { Channel } from "../../channels/protocol/index.ts"
import {
  type Door,
  hurryWants,
  openClient,
  openDoor,
  openTickets,
  openTokens,
  openWire,
  pgPace,
  pgTokenStore,
  processCallbacks,
  runSync,
  type Sealer,
  type Sink,
  type SyncAnswer,
  startWorker,
  type Worker,
  wecomChannel,
} from "../../channels/wecom/index.ts"
import type { Clock } from "../../platform/clock.ts"
import type { WecomConfig } from "../../platform/config.ts"
import type { Db } from "../../platform/db.ts"
import type { Log } from "../../platform/log.ts"
import { intake, type TagIntake } from "./intake.ts"

export const WECOM = "wecom"

export type WecomLink = {
  channel: Channel
  /** Null where no callback is configured: then nothing is heard, only asked. */
  door: Door | null
  startWorker(): Worker
  sync(kind: "full" | "sweep", stop: () => boolean): Promise<SyncAnswer>
  /** Works off all that was heard, without waiting for more; gives how much it found. For lock-step. */
  settle(): Promise<number>
}

export type LinkOptions = { db: Db; config: WecomConfig; clock: Clock; log: Log; sealer: Sealer }

/** The company's account at WeCom, wired to the modules. `tags` is asked for late, since the modules are wired with the channel. */
export function linkWecom(given: LinkOptions, tags: () => TagIntake): WecomLink {
  const { db, config, clock, log, sealer } = given
  const now = () => clock.now()
  const wire = openWire(config.api_base)
  const store = pgTokenStore(db, sealer)
  const tokens = openTokens({ corp_id: config.corp_id, secret: config.secret, store, wire })
  const client = openClient({ wire, tokens, pace: pgPace(db) })
  const sink: Sink = (t, happenings) => intake(t, WECOM, happenings, tags(), now())
  const deps = { db, client, sink, now }
  const { callback_token, callback_aes_key, corp_id, oauth_base } = config
  const agent_id = config.agent_id === null ? null : Number(config.agent_id)
  const inClient =
    agent_id === null
      ? {}
      : {
          agent_id,
          page: { corp_id, agent_id, oauth_base, tickets: openTickets({ corp_id, agent_id, client, store }) },
        }
  return {
    channel: wecomChannel({ client, now, ...inClient }),
    door:
      callback_token && callback_aes_key
        ? openDoor({ corp_id: config.corp_id, callback_token, callback_aes_key, machine_now_ms: Date.now })
        : null,
    startWorker: () =>
      startWorker({
        ...deps,
        onError: (where, error) => log.error({ err: error, where }, "news from WeCom could not be taken"),
      }),
    sync: (kind, stop) => runSync(deps, kind, stop),
    async settle() {
      await hurryWants(db)
      const { told, fetched } = await processCallbacks(db, deps)
      return told + fetched
    },
  }
}
