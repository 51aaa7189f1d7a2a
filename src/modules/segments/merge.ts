import { type Carry, carryRows } from "../../spine/facts/index.ts"

export const carry: Carry = {
  name: "segments",
  tables: ["segments_members", "segments_moves"],
  async carry(t, pair) {
    await carryRows(t, pair, "segments_members", ["segment_id"])
    await carryRows(t, pair, "segments_moves", ["segment_id", "day"])
  },
}
