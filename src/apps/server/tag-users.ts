import * as codes from "../../modules/codes/index.ts"
import * as segments from "../../modules/segments/index.ts"
import type { UsersOf } from "../../modules/tags/index.ts"
import { playsNaming } from "../../spine/plays/index.ts"

/** Everything above tags that names one: what goes on with another, or stands in the way, when it is retired. */
export const tagUsers: UsersOf = async (q, ids) => {
  const all = [
    ["play", await playsNaming(q, ids)],
    ["segment", await segments.segmentsNaming(q, ids)],
    ["code", await codes.codesTagging(q, ids)],
  ] as const
  return all.flatMap(([kind, list]) => list.map((one) => ({ kind, id: one.id, name: one.name })))
}
