import { z } from "zod"
import { defineCondition, type Offers } from "../../spine/offers/index.ts"
import { segmentNames } from "./store.ts"

export const LISTED = "segments.listed"

export const offers: Offers = {
  module: "segments",
  views: [{ name: "segments_listed", columns: { segment_id: "text" } }],
  names: [
    {
      kind: "segment",
      // Lists alone: rules that ask rules could go round in a circle, and change by a change of another.
      lookup: async (q, ids) =>
        new Map(
          (await segmentNames(q, ids)).map(({ id, name, frozen }) => [
            id,
            { name, ...(frozen ? {} : { unfit: "rule_in_rule" }) },
          ]),
        ),
    },
  ],
  conditions: [
    defineCondition({
      name: LISTED,
      version: 1,
      label: { zh: "在固定人群里", en: "On the list of a frozen segment" },
      args: z.strictObject({ segment_id: z.uuid().meta({ kind: "segment" }) }),
      refs: ({ segment_id }) => [{ kind: "segment", id: segment_id }],
      compile: ({ segment_id }) => ({
        view: "segments_listed",
        where: [{ column: "segment_id", op: "in", values: [segment_id] }],
        at_least: { of: "count", min: 1 },
      }),
      sentence: ({ segment_id }, names) => `在固定人群「${names.of("segment", segment_id)}」里`,
      sentence_en: ({ segment_id }, names) => `on the list “${names.of("segment", segment_id)}”`,
      sentence_not: ({ segment_id }, names) => `不在固定人群「${names.of("segment", segment_id)}」里`,
      sentence_not_en: ({ segment_id }, names) => `not on the list “${names.of("segment", segment_id)}”`,
    }),
  ],
}
