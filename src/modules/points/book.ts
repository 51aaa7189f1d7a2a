import { defineBook } from "../../spine/ledger/index.ts"

/** 积分. A customer has what can be spent, what is set aside, and what is owed after a refund of points already spent. */
export const POINTS = defineBook({
  name: "points",
  unit: "point",
  accounts: {
    customer: { of: "each", floor: 0, shortfall: "owed", reserve: "reserved" },
    reserved: { of: "each", floor: 0 },
    owed: { of: "each", ceiling: 0 },
    issue: { of: "house" },
    spent: { of: "house" },
    expired: { of: "house" },
    adjustments: { of: "house" },
  },
}).name
