import { z } from "zod"
import { dayNumber, dayString, parseDay } from "../../../kernel/day.ts"
import { isRefused, refuse } from "../../../kernel/result.ts"
import { leavesOf } from "../../../kernel/tree.ts"
import { type Context, implement, type Route } from "../../../platform/http/index.ts"
import { type Flip, readAudience, sentence } from "../../../spine/audiences/index.ts"
import type { Registry } from "../../../spine/offers/index.ts"
import { customersByNumber } from "../../customers/index.ts"
import { staffNames } from "../../staff/index.ts"
import { segmentById, versionRule } from "../store.ts"
import { movedCursor, movedPeople, readMovement } from "./contract.ts"
import { daysOf, followedOf, movedOn } from "./store.ts"

export const movementRoutes = (registry: () => Registry): Route[] => [
  implement(readMovement, async (ctx, { params, query }) => {
    const segment = await segmentById(ctx.db, params.id)
    if (!segment) return refuse("not_found")
    const from = dayNumber(ctx.now) - query.days
    const [days, followed] = await Promise.all([
      daysOf(ctx.db, segment.id, from, ctx.actor.scope),
      followedOf(ctx.db, segment.id),
    ])
    return {
      days: days.map((d) => ({ ...d, day: dayString(d.day) })),
      looked_at: followed?.taken_at ?? null,
      frozen: segment.frozen,
      broken: followed?.broken ?? null,
    }
  }),
  implement(movedPeople, async (ctx, { params, query }) => {
    const segment = await segmentById(ctx.db, params.id)
    if (!segment) return refuse("not_found")
    const day = parseDay(params.day)
    if (day === null) return refuse("invalid_input", { field: "day" })
    const found = await movedOn(ctx.db, {
      ...{ id: segment.id, day, came: query.way ? query.way === "in" : null },
      ...{ after: query.cursor?.number ?? -1, limit: query.limit + 1, scope: ctx.actor.scope },
    })
    const page = found.slice(0, query.limit)
    const last = page.at(-1)
    const [people, said] = await Promise.all([
      customersByNumber(
        ctx.db,
        page.map((p) => p.number),
      ),
      last ? sentencesOf(ctx, registry(), segment.id, last.version) : null,
    ])
    const owners = await staffNames(
      ctx.db,
      people.flatMap((p) => p.owner_staff_id ?? []),
    )
    const byId = new Map(people.map((p) => [p.customer_id, p]))
    return {
      rows: page.map((p) => {
        const person = byId.get(p.customer_id)
        const owner = person?.owner_staff_id ?? null
        return {
          customer_id: p.customer_id,
          name: person?.name ?? "",
          owner_staff_id: owner,
          owner_name: owner ? (owners.get(owner) ?? null) : null,
          way: p.came ? ("in" as const) : ("out" as const),
          why: p.why?.map((flip) => whyOf(registry(), flip, said?.get(flip.path) ?? null)) ?? null,
        }
      }),
      next_cursor: last && found.length > page.length ? z.encode(movedCursor, { number: last.number }) : null,
    }
  }),
]

/** The conditions of the rule as it was in a version, by their place; none where it cannot be read any more. */
async function sentencesOf(ctx: Context, registry: Registry, id: string, version: number) {
  const rule = await versionRule(ctx.db, id, version)
  const audience = rule ? await readAudience(ctx.db, registry, rule, { day: dayNumber(ctx.now) }) : null
  if (!audience || isRefused(audience)) return null
  return new Map(
    leavesOf(audience.tree).map(({ path, leaf }) => [
      path,
      {
        zh: sentence(registry, leaf, audience.names, "zh"),
        en: sentence(registry, leaf, audience.names, "en"),
      },
    ]),
  )
}

/** Sets of words stand for things by their ids, which say nothing to people; the sentence names them. */
function whyOf(registry: Registry, { values, ...flip }: Flip, said: { zh: string; en: string } | null) {
  return {
    ...flip,
    sentence: said,
    values: values.flatMap((v) => {
      const offer = registry.traits.get(v.trait)
      if (!offer || offer.kind === "tags") return []
      const shown = (value: typeof v.before) => ({
        value: value ?? null,
        shown: typeof value === "string" ? (offer.values?.[value] ?? null) : null,
      })
      const { label, kind, unit = null } = offer
      return [{ trait: v.trait, label, kind, unit, before: shown(v.before), after: shown(v.after) }]
    }),
  }
}
