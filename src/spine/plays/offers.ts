import type { Offers } from "../offers/index.ts"
import { playEnded, playEntered, stepMissed } from "./events.ts"

export const playOffers: Offers = {
  module: "plays",
  facts: [
    { type: playEntered.type, label: { zh: "进入剧本", en: "Began a play" } },
    { type: playEnded.type, label: { zh: "离开剧本", en: "Left a play" } },
    { type: stepMissed.type, label: { zh: "错过剧本一步", en: "A step of a play was missed" } },
  ],
}
