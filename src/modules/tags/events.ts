import { z } from "zod"
import { defineFact } from "../../spine/facts/index.ts"

export const tagSource = z.enum(["hand", "rule", "import", "wecom", "code", "play", "group"])
export type TagSource = z.infer<typeof tagSource>

/** A customer got a tag. Subject: the customer. */
export const tagAssigned = defineFact(
  "tag.assigned",
  z.object({ tag_id: z.string(), source: tagSource, by: z.string().nullable() }),
)

/** A customer lost a tag; `instead` names the tag of the same exclusive group, or of the mapping, that took its place. */
export const tagRemoved = defineFact(
  "tag.removed",
  z.object({
    tag_id: z.string(),
    source: tagSource,
    by: z.string().nullable(),
    instead: z.string().nullable(),
  }),
)
