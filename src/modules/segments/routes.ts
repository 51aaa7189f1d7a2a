import { z } from "zod"
import { dayNumber, dayString } from "../../kernel/day.ts"
import { isRefused, refuse } from "../../kernel/result.ts"
import type { Db } from "../../platform/db.ts"
import { type Context, implement, type Route } from "../../platform/http/index.ts"
import {
  type Audience,
  type Counter,
  createCounter,
  explain,
  type LiveCount,
  matching,
  type Reason,
  readAudience,
  sentence,
} from "../../spine/audiences/index.ts"
import { catalogue, type Registry } from "../../spine/offers/index.ts"
import { auditedFilter, customersByNumber, everybodyOf } from "../customers/index.ts"
import { staffNames } from "../staff/index.ts"
import { change, create, createList, drop, listRule, segmentAudience } from "./commands.ts"
import { compareRoutes } from "./compare/routes.ts"
import {
  changeSegment,
  countSegment,
  createSegment,
  deleteSegment,
  listedSegment,
  listSegments,
  memberCursor,
  previewSegment,
  readCatalogue,
  readSegment,
  segmentMembers,
} from "./contract.ts"
import { SEGMENTS_MAX } from "./limits.ts"
import { movementRoutes } from "./movement/routes.ts"
import { type Segment, segmentById, segments, versions } from "./store.ts"

export function routes(registry: () => Registry): Route[] {
  const counters = new WeakMap<Db, Counter>()
  const counterOf = (db: Db) => {
    const counter = counters.get(db) ?? createCounter({ db, registry: registry() })
    counters.set(db, counter)
    return counter
  }
  const audienceOf = (ctx: Context, rule: unknown) =>
    readAudience(ctx.db, registry(), rule, { day: dayNumber(ctx.now) })
  const said = (audience: Audience) => ({
    zh: sentence(registry(), audience.tree, audience.names, "zh"),
    en: sentence(registry(), audience.tree, audience.names, "en"),
  })
  const row = async (ctx: Context, { rule, ...segment }: Segment) => {
    const audience = await audienceOf(ctx, segment.frozen ? listRule(segment.id) : rule)
    return isRefused(audience)
      ? { ...segment, sentence: null, broken: { code: audience.refused, field: audience.field ?? "" } }
      : { ...segment, sentence: said(audience), broken: null }
  }
  /** Candidates come from the bitmaps, SQL says who of them it is: quick whatever the size, and never wrong about a person. */
  const membersAmong = async (ctx: Context, audience: Audience, numbers: number[]) => {
    const people = await customersByNumber(ctx.db, numbers)
    const inside = await matching(
      ctx.db,
      audience,
      people.map((p) => p.customer_id),
      ctx.actor.scope,
    )
    return people.filter((p) => inside.has(p.customer_id))
  }
  return [
    ...compareRoutes(registry),
    ...movementRoutes(registry),
    implement(readCatalogue, async () => {
      const { facts, traits, conditions, actions, measures } = catalogue(registry())
      return {
        facts,
        traits: traits.map(({ name, kind, label, hint, unit, values }) => ({
          name,
          kind,
          label,
          hint: hint ?? null,
          unit: unit ?? null,
          values: values ?? null,
        })),
        conditions,
        actions,
        measures,
      }
    }),
    implement(countSegment, async (ctx, { body }) => {
      const audience = await audienceOf(ctx, body.rule)
      if (isRefused(audience)) return audience
      const live = await counterOf(ctx.db).count(audience, ctx.actor.scope)
      return { count: live.count, as_of: asOf(live), sentence: said(audience) }
    }),
    implement(previewSegment, async (ctx, { body }) => {
      const audience = await audienceOf(ctx, body.rule)
      if (isRefused(audience)) return audience
      const { numbers, ...live } = await counterOf(ctx.db).look(audience, {
        scope: ctx.actor.scope,
        limit: body.sample,
      })
      const people = await membersAmong(ctx, audience, numbers)
      const reasons = await explain(
        ctx.db,
        audience,
        people.map((p) => p.customer_id),
      )
      return {
        count: live.count,
        as_of: asOf(live),
        sentence: said(audience),
        sample: people.map(({ number: _, ...person }) => ({
          ...person,
          reasons: (reasons.get(person.customer_id) ?? []).map((r) => shown(registry(), r)),
        })),
      }
    }),
    implement(listSegments, async (ctx) => {
      const all = await segments(ctx.db, SEGMENTS_MAX)
      const list = []
      for (const segment of all) list.push(await row(ctx, segment))
      return { rows: list }
    }),
    implement(readSegment, async (ctx, { params }) => {
      const segment = await segmentById(ctx.db, params.id)
      if (!segment) return refuse("not_found")
      return {
        ...(await row(ctx, segment)),
        rule: segment.frozen ? listRule(segment.id) : segment.rule,
        versions: await versions(ctx.db, params.id),
      }
    }),
    implement(createSegment, (ctx, { body }) =>
      ctx.command(async (t, note) => {
        const who = { by: ctx.actor.staff_id, scope: ctx.actor.scope }
        const made = await create(t, registry(), body, who, ctx.now)
        if (!isRefused(made)) note({ target: `segment:${made.id}`, after: body })
        return made
      }),
    ),
    implement(listedSegment, (ctx, { body }) =>
      ctx.command(async (t, note) => {
        const customers = await everybodyOf(
          t,
          registry(),
          { ...body.filter, scope: ctx.actor.scope },
          body.people,
        )
        if (isRefused(customers)) return customers
        const made = await createList(t, { name: body.name, customers }, ctx.actor.staff_id, ctx.now)
        if (!isRefused(made))
          note({
            target: `segment:${made.id}`,
            after: { name: body.name, filter: auditedFilter(body.filter), people: body.people },
          })
        return made
      }),
    ),
    implement(changeSegment, (ctx, { params, body }) =>
      ctx.command(async (t, note) => {
        note({
          target: `segment:${params.id}`,
          before: wordsOf(await segmentById(t, params.id)),
          after: body,
        })
        return change(t, registry(), params.id, body, ctx.actor.staff_id, ctx.now)
      }),
    ),
    implement(deleteSegment, (ctx, { params }) =>
      ctx.command(async (t, note) => {
        note({ target: `segment:${params.id}`, before: wordsOf(await segmentById(t, params.id)) })
        return drop(t, params.id, ctx.now)
      }),
    ),
    implement(segmentMembers, async (ctx, { params, query }) => {
      const found = await segmentAudience(ctx.db, registry(), params.id, ctx.now)
      if (isRefused(found)) return found
      const after = query.cursor?.number ?? -1
      const numbers = await counterOf(ctx.db).pick(found.audience, {
        scope: ctx.actor.scope,
        after,
        limit: query.limit,
      })
      const people = await membersAmong(ctx, found.audience, numbers)
      const owners = await staffNames(
        ctx.db,
        people.flatMap((person) => person.owner_staff_id ?? []),
      )
      return {
        rows: people.map(({ number: _, ...person }) => ({
          ...person,
          owner_name: person.owner_staff_id ? (owners.get(person.owner_staff_id) ?? null) : null,
        })),
        next_cursor:
          numbers.length === query.limit ? z.encode(memberCursor, { number: numbers.at(-1)! }) : null,
      }
    }),
  ]
}

function asOf({ as_of }: LiveCount) {
  return { ...as_of, day: dayString(as_of.day) }
}

function shown(registry: Registry, { path, sentence, sentence_en, holds, values }: Reason) {
  return {
    path,
    sentence: { zh: sentence, en: sentence_en },
    holds,
    values: values.map((v) => ({ ...v, label: registry.traits.get(v.trait)!.label, value: v.value ?? null })),
  }
}

/** What a change of a segment replaces, as the audit keeps it. */
const wordsOf = (segment: Segment | undefined) =>
  segment && { name: segment.name, rule: segment.rule, version: segment.version }
