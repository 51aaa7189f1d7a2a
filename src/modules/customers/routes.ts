import type { Words } from "../../kernel/contract.ts"
import { pageOfRows } from "../../kernel/cursor.ts"
import { isRefused, refuse } from "../../kernel/result.ts"
import { pageOfSorted, placeAsked } from "../../kernel/sort.ts"
import { maskPhone } from "../../kernel/text.ts"
import { type Context, implement, type Route } from "../../platform/http/index.ts"
import { namesOf } from "../../spine/audiences/index.ts"
import { timeline } from "../../spine/facts/index.ts"
import type { Registry } from "../../spine/offers/index.ts"
import { readTraits, type TraitChange, traitChanged } from "../../spine/traits/index.ts"
import {
  countCustomers,
  customerSorting,
  exportCustomers,
  listCustomers,
  readCustomer,
  readTimeline,
  revealPhone,
  setOptOut,
  timelineCursor,
} from "./contract.ts"
import { describe } from "./describe.ts"
import { openExport } from "./export/open.ts"
import { LIST_TRAITS } from "./list-traits.ts"
import { matchedOf } from "./matched.ts"
import { namesOfOwners, naming, UUID } from "./named.ts"
import { seeking } from "./seeking.ts"
import { countAll, countRows, profileOf, saveOptOut } from "./store.ts"
import { auditedFilter, type ListFilter } from "./store-filter.ts"
import { listRows } from "./store-list.ts"
import { traitOf } from "./store-order.ts"

type Told = { type: string; payload: unknown }

/** What the fields of facts are called that point at things; what is gone has no name. */
async function pointedAt(ctx: Context, registry: Registry, facts: readonly Told[]) {
  const kindsOf = (type: string) => {
    const { fields = {}, told = {} } = registry.facts.get(type) ?? {}
    const asked = Object.entries(fields).flatMap(([field, declared]) =>
      "kind" in declared ? [[field, declared.kind] as const] : [],
    )
    return [...asked, ...Object.entries(told)].filter(([, kind]) => registry.names.has(kind))
  }
  const refsOf = ({ type, payload }: Told) =>
    kindsOf(type).flatMap(([field, kind]) => {
      const id = (payload as Record<string, unknown>)[field]
      return typeof id === "string" && UUID.test(id) ? [{ field, kind, id }] : []
    })
  const names = await namesOf(ctx.db, registry, facts.flatMap(refsOf))
  return (fact: Told): Record<string, string> =>
    Object.fromEntries(
      refsOf(fact).flatMap(({ field, kind, id }) => {
        const name = names.of(kind, id)
        return name === id ? [] : [[field, name]]
      }),
    )
}

export function routes(registry: () => Registry): Route[] {
  const traits = () => registry().traits
  const visible = (ctx: Context, id: string) => profileOf(ctx.db, id, ctx.actor.scope)
  return [
    implement(listCustomers, async (ctx, { query }) => {
      const after = placeAsked(query)
      if (isRefused(after)) return after
      const trait = traitOf(query.sort)
      if (trait && !traits().has(trait)) return refuse("invalid_input", { field: "sort" })
      const filter: ListFilter = await seeking(ctx.db, registry(), { ...query, scope: ctx.actor.scope })
      const found = await listRows(ctx.db, filter, query.sort, after, query.limit + 1)
      const { page, next_cursor } = pageOfSorted(customerSorting, found, query, (last) => last.number)
      const ids = page.map((r) => r.id)
      const shown = LIST_TRAITS.filter((name) => traits().has(name))
      const [known, owners, total] = await Promise.all([
        readTraits(ctx.db, ids, shown),
        namesOfOwners(
          ctx.db,
          page.map((r) => r.owner_staff_id),
        ),
        query.with_total ? countRows(ctx.db, filter) : null,
      ])
      const named = await naming(ctx.db, registry(), [...known.values()])
      const found_tags = new Set(filter.having?.flatMap(({ ids }) => ids))
      const matched = query.q
        ? await matchedOf(ctx.db, query.q, page, (id) =>
            [known.get(id)?.["tags.all"]?.value ?? []]
              .flat()
              .filter((tag) => found_tags.has(String(tag)))
              .map((tag) => String(named("tags.all", String(tag)))),
          )
        : null
      return {
        rows: page.map((r) => ({
          id: r.id,
          name: r.name,
          remark: r.remark,
          phone_masked: maskPhone(r.phone),
          owner_staff_id: r.owner_staff_id,
          owner_name: r.owner_staff_id ? (owners.get(r.owner_staff_id) ?? null) : null,
          source_code: r.source_code,
          first_contact_at: r.first_contact_at,
          matched: matched?.get(r.id) ?? null,
          traits: Object.fromEntries(
            Object.entries(known.get(r.id) ?? {}).map(([name, { value }]) => [name, named(name, value)]),
          ),
        })),
        next_cursor,
        total,
      }
    }),
    implement(countCustomers, async (ctx, { query }) => ({
      people: await countAll(ctx.db, await seeking(ctx.db, registry(), { ...query, scope: ctx.actor.scope })),
    })),
    implement(readCustomer, async (ctx, { params }) => {
      const profile = await visible(ctx, params.id)
      return profile ? describe(ctx, profile, registry()) : refuse("not_found")
    }),
    implement(readTimeline, async (ctx, { params, query }) => {
      const profile = await visible(ctx, params.id)
      if (!profile) return refuse("not_found")
      const found = await timeline(ctx.db, profile.id, {
        before: query.cursor ?? null,
        types: query.types ? query.types.split(",") : null,
        limit: query.limit + 1,
      })
      const { page, next_cursor } = pageOfRows(timelineCursor, found, query.limit, (last) => last)
      const named = await pointedAt(ctx, registry(), page)
      return {
        rows: page.map((f) => ({
          id: `${f.tx}_${f.id}`,
          type: f.type,
          label: registry().facts.get(f.type)?.label ?? { zh: f.type, en: f.type },
          change: traitChanged.is(f) ? changeInWords(registry(), f.payload) : null,
          occurred_at: f.occurred_at,
          origin: f.origin,
          payload: f.payload as Record<string, unknown>,
          names: named(f),
        })),
        next_cursor,
      }
    }),
    implement(exportCustomers, (ctx, { body }) => {
      const trait = traitOf(body.sort)
      if (trait && !traits().has(trait)) return Promise.resolve(refuse("invalid_input", { field: "sort" }))
      return ctx.command(async (t, note) => {
        const opened = await openExport(t, registry(), body, ctx.actor, ctx.now)
        if (isRefused(opened)) return opened
        note({
          target: "customers",
          after: {
            filter: auditedFilter(body.filter),
            chosen: body.customer_ids?.length ?? null,
            people: opened.people,
            reason: body.reason,
          },
        })
        return opened
      })
    }),
    implement(revealPhone, async (ctx, { params, body }) => {
      const profile = await visible(ctx, params.id)
      if (!profile) return refuse("not_found")
      return ctx.command(
        async (_t, note) => {
          note({ target: `customer:${profile.id}`, after: { reason: body.reason } })
          return { phone: profile.phone }
        },
        { secret: true },
      )
    }),
    implement(setOptOut, async (ctx, { params, body }) => {
      const profile = await visible(ctx, params.id)
      if (!profile) return refuse("not_found")
      return ctx.command(async (t, note) => {
        const opted_out_at = body.opted_out ? (profile.opted_out_at ?? ctx.now) : null
        await saveOptOut(t, profile.id, opted_out_at)
        note({
          target: `customer:${profile.id}`,
          before: { opted_out: profile.opted_out_at !== null },
          after: body,
        })
        return { opted_out_at }
      })
    }),
  ]
}

/** A change of class as people say it: the trait's own words for its values, where it has a closed list of them. */
function changeInWords(registry: Registry, { trait, from, to }: TraitChange) {
  const offer = registry.traits.get(trait)
  const say = (value: string | null): Words | null =>
    value === null ? null : (offer?.values?.[value] ?? { zh: value, en: value })
  return { of: offer?.label ?? { zh: trait, en: trait }, from: say(from), to: say(to) }
}
