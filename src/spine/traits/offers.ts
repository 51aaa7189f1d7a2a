import type { Offers } from "../offers/index.ts"
import { traitChanged } from "./events.ts"

export const traitOffers: Offers = {
  module: "traits",
  facts: [{ type: traitChanged.type, label: { zh: "分类变化", en: "Class changed" } }],
}
