import { rows } from "../../platform/db.ts"
import type { Offers } from "../offers/index.ts"
import { playEnded, playEntered, stepMissed } from "./events.ts"

const told = { play_id: "play" }

export const playOffers: Offers = {
  module: "plays",
  facts: [
    { type: playEntered.type, label: { zh: "进入剧本", en: "Began a play" }, told },
    { type: playEnded.type, label: { zh: "离开剧本", en: "Left a play" }, told },
    { type: stepMissed.type, label: { zh: "错过剧本一步", en: "A step of a play was missed" }, told },
  ],
  names: [
    {
      kind: "play",
      async lookup(q, ids) {
        const found = await rows<{ id: string; name: string }>(
          q,
          "select id, name from plays_plays where id = any($1::uuid[])",
          [ids],
        )
        return new Map(found.map(({ id, name }) => [id, { name }]))
      },
    },
  ],
}
