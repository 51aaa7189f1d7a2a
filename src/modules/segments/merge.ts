import { type Carry, carryRows } from "../../spine/facts/index.ts"

export const carry: Carry = {
  name: "segments",
  tables: ["segments_members"],
  carry: (t, pair) => carryRows(t, pair, "segments_members", ["segment_id"]),
}
