export { TAGS_BACKUP } from "./store-backup.ts"

import type { Clock } from "../../platform/clock.ts"
import type { Db, Queryable } from "../../platform/db.ts"
import type { Loop } from "../../platform/loops.ts"
import { workBulk } from "./bulk/run.ts"
import { drawWeek } from "./inspection/commands.ts"
import { keepTags } from "./keeping/sync.ts"
import type { KeepingDeps } from "./keeping/understand.ts"
import { BULK_REST_MS, DRAW_REST_MS, FOLLOW_REST_MS, PUSH_REST_MS, QUALITY_REST_MS } from "./limits.ts"
import { takeQuality } from "./quality/take.ts"
import { currentTag } from "./rules.ts"
import { allTags } from "./store.ts"
import { type Catalogue, pushTags } from "./sync/push.ts"

export { type ChannelGroup, syncTags, takeWorn } from "./channel.ts"
export { assign, type From, remove } from "./commands.ts"
export { type TagSource, tagAssigned, tagRemoved } from "./events.ts"
export { tagsColumn, tagsKind } from "./import/kind.ts"
export type { KeepingDeps } from "./keeping/understand.ts"
export { offers } from "./offers.ts"
export { routes, type TagDeps } from "./routes.ts"
export { INTERESTED_TAG, type TagAsk } from "./rules.ts"
export { assignedAt } from "./store.ts"
export { personasOf, taggedContacts } from "./store-worn.ts"
export { takeCatalogue } from "./sync/catalogue.ts"
export { markHandler } from "./sync/marks.ts"
export { type Catalogue, pushTags } from "./sync/push.ts"
export type { UsersOf } from "./taxonomy/users.ts"
export { wornFor } from "./worn-for.ts"

/** Those of these ids that stand for a living tag. */
export async function knownTags(q: Queryable, ids: readonly string[]): Promise<string[]> {
  const tags = await allTags(q)
  return ids.filter((id) => currentTag(tags, id) !== null)
}
export { carry } from "./merge.ts"

/** What is done about tags without anybody asking. */
export function loops(
  place: { db: Db; clock: Clock },
  deps: KeepingDeps,
  catalogue: () => Catalogue | null,
): Loop[] {
  return [
    {
      name: "tags to the channel",
      rest_ms: PUSH_REST_MS,
      round: () => pushTags(place.db, catalogue(), place.clock.now()),
    },
    {
      name: "tag rules",
      rest_ms: FOLLOW_REST_MS,
      round: () => keepTags(place.db, deps, place.clock.now()),
    },
    {
      name: "tags to many",
      rest_ms: BULK_REST_MS,
      round: () => workBulk(place.db, deps.registry(), place.clock.now()),
    },
    {
      name: "quality of tags",
      rest_ms: QUALITY_REST_MS,
      round: () => takeQuality(place.db, deps.registry(), place.clock.now()),
    },
    {
      name: "inspections of tags",
      rest_ms: DRAW_REST_MS,
      async round() {
        await drawWeek(place.db, place.clock.now())
        return 0
      },
    },
  ]
}
