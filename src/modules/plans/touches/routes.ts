import { pageOfRows } from "../../../kernel/cursor.ts"
import { refuse } from "../../../kernel/result.ts"
import type { Queryable } from "../../../platform/db.ts"
import { implement, type Route } from "../../../platform/http/index.ts"
import type { Registry } from "../../../spine/offers/index.ts"
import {
  countTouchesOfCustomer,
  render,
  STATES_OF_PART,
  type TouchOfCustomer,
  touchesOfCustomer,
} from "../../../spine/outbox/index.ts"
import { playsOfEnrolments } from "../../../spine/plays/index.ts"
import { accountsById } from "../../accounts/index.ts"
import { profileOf } from "../../customers/index.ts"
import { sendNames } from "../../sends/index.ts"
import { staffNames } from "../../staff/index.ts"
import { factWords } from "../fact-words.ts"
import * as c from "./contract.ts"

/** What one person gets and does not get, for whoever may see that person. */
export function touchRoutes(registry: () => Registry): Route[] {
  return [
    implement(c.listTouches, async (ctx, { params, query }) => {
      const person = await profileOf(ctx.db, params.id, ctx.actor.scope)
      if (!person) return refuse("not_found")
      const [found, counts] = await Promise.all([
        touchesOfCustomer(ctx.db, person.id, {
          part: query.part ?? null,
          before: query.cursor ?? null,
          limit: query.limit + 1,
        }),
        countTouchesOfCustomer(ctx.db, person.id),
      ])
      const { page, next_cursor } = pageOfRows(c.touchCursor, found, query.limit, (last) => last)
      return { rows: await inWords(ctx.db, registry(), person, page), next_cursor, counts }
    }),
  ]
}

async function inWords(
  q: Queryable,
  registry: Registry,
  person: { id: string; name: string },
  list: readonly TouchOfCustomer[],
) {
  const caused = (kind: string) =>
    list.flatMap((o) => (o.cause_kind === kind && o.cause_id ? o.cause_id : []))
  const accounts = new Map(
    (await accountsById(q, [...new Set(list.flatMap((o) => o.account_id ?? []))])).map((a) => [a.id, a]),
  )
  const [sends, plays, staff] = await Promise.all([
    sendNames(q, caused("send")),
    playsOfEnrolments(q, person.id, caused("play")),
    staffNames(q, [
      ...[...accounts.values()].flatMap((a) => a.custodian_staff_id ?? []),
      ...list.flatMap((o) => o.by_hand_staff_id ?? []),
    ]),
  ])
  const nameOf = (id: string | null) => (id === null ? null : (staff.get(id) ?? null))
  const causeOf = (o: TouchOfCustomer) => {
    const play = o.cause_kind === "play" && o.cause_id ? plays.get(o.cause_id) : undefined
    return {
      kind: o.cause_kind,
      id: play ? play.play_id : o.cause_id,
      name: play ? play.name : o.cause_id ? (sends.get(o.cause_id) ?? null) : null,
    }
  }
  return list.map((o) => {
    const { cause_kind: _, cause_id: __, account_id, by_hand_staff_id, ...rest } = o
    const account = account_id ? accounts.get(account_id) : undefined
    return {
      ...rest,
      ...whyOf(registry, o.reason),
      part: partOfState(o.state),
      text: render(o.text, { name: person.name }),
      cause: causeOf(o),
      account: account
        ? { id: account.id, name: account.name, custodian_name: nameOf(account.custodian_staff_id) }
        : null,
      by_hand_name: nameOf(by_hand_staff_id),
    }
  })
}

const partOfState = (state: TouchOfCustomer["state"]) =>
  c.TOUCH_PARTS.find((part) => (STATES_OF_PART[part] as readonly string[]).includes(state)) ?? "coming"

/** A play that a fact ended says which one, in words. */
function whyOf(registry: Registry, reason: string | null) {
  const stopped_by = factWords(registry, reason)
  return { reason: stopped_by ? "fact" : reason, stopped_by }
}
