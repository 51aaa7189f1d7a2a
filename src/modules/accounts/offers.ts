import type { Offers } from "../../spine/offers/index.ts"
import { accountListed, custodyChanged, hazardChanged } from "./events.ts"

export const offers: Offers = {
  module: "accounts",
  facts: [
    { type: accountListed.type, label: { zh: "账号入册", en: "Account listed" }, of_a_thing: true },
    {
      type: custodyChanged.type,
      label: { zh: "账号换了保管人", en: "Custody of an account passed" },
      of_a_thing: true,
    },
    {
      type: hazardChanged.type,
      label: { zh: "账号风险变化", en: "Hazard of an account changed" },
      of_a_thing: true,
    },
  ],
}
