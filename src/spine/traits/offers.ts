import type { Offers, TraitOffer } from "../offers/index.ts"
import { isClassed } from "./columns.ts"
import { traitChanged } from "./events.ts"

/** Of all that modules know of customers, the classes: a play may listen to the change of one. */
export const traitOffers = (traits: readonly TraitOffer[]): Offers => ({
  module: "traits",
  facts: [
    {
      type: traitChanged.type,
      label: { zh: "分类变化", en: "Class changed" },
      fields: {
        trait: {
          label: { zh: "哪一项", en: "Which" },
          values: Object.fromEntries(traits.filter(isClassed).map((t) => [t.name, t.label])),
        },
      },
    },
  ],
})
