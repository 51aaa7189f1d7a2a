import type { z } from "zod"
import type { Words } from "../../kernel/contract.ts"
import type { Refusal } from "../../kernel/result.ts"
import type { Queryable, Tx } from "../../platform/db.ts"

/**
 * What modules offer the spine, as typed data: from it the console draws the form, a play stores it, a segment compiles it and
 * a Chinese sentence is read. Generic where defined, erased in the registry, which parses arguments first.
 */

/** How a trait's value is kept in the projection: one typed column a kind. Days are day numbers, fen and points integers. */
export type TraitKind = "text" | "number" | "day" | "boolean" | "tags"

export type TraitOffer = {
  /** `orders.gmv_fen`: the offering module and the field; also the name under which the module publishes values. */
  name: string
  kind: TraitKind
  label: Words
  /** What it means, in which unit, from which rule. */
  hint?: Words
  unit?: "fen" | "points" | "days" | "people" | "times"
  /** For text of a closed list: the values and how they are called. */
  values?: Record<string, Words>
  /** What another trait is judged by: its changes tell nobody anything of their own, so they are no facts. */
  quiet?: true
  /** Lists of customers are ordered by it or narrowed to one value of it: its column has an index, which changes have to write. */
  listed?: true
}

/** How one trait is compared: the only language between a condition and SQL, bitmaps and reasons. Days are day numbers. */
export type Test =
  | { trait: string; op: "is"; value: string | number | boolean }
  | { trait: string; op: "in"; values: (string | number)[] }
  | { trait: string; op: "between"; min?: number | null; max?: number | null }
  | { trait: string; op: "has"; tag: string }
  | { trait: string; op: "known" }

/**
 * Asks rows instead of traits: customers who stand in a view that the owning module publishes (it has a customer_id), with rows
 * that pass every test of a column, at least so many or of at least that sum.
 */
export type ViewTest = {
  view: string
  where: (
    | { column: string; op: "in"; values: (string | number)[] }
    | { column: string; op: "between"; min?: number | null; max?: number | null }
  )[]
  at_least: { of: "count" | (string & {}); min: number }
}

/** A view that conditions may ask, and what its columns hold. */
export type ViewOffer = { name: string; columns: Record<string, "text" | "number"> }

export type Conditional =
  | Test
  | ViewTest
  | { all: Conditional[] }
  | { any: Conditional[] }
  | { not: Conditional }

/** Questions of meaning that only the shop's moment answers: midnight changes the answer without any row changing. */
export type Moment = { day: number }

export type ConditionOffer<A = unknown> = {
  name: string
  version: number
  label: Words
  hint?: Words
  args: z.ZodType<A>
  /** What the arguments point at; something that is gone breaks the condition, and whoever asks is told where. */
  refs?(args: A): Ref[]
  /** Arguments of version n as those of version n + 1, by n. */
  upcasts?: Record<number, (args: unknown) => unknown>
  /** Pure: the condition in terms of traits at a moment; a refusal where the arguments make no sense together. */
  compile(args: A, moment: Moment, names: Names): Conditional | Refusal
  /** `最近一次购买在 60–120 天前`: reads on as part of a sentence. */
  sentence(args: A, names: Names): string
  sentence_en(args: A, names: Names): string
  /** The opposite, where it reads better than "not": `不在任何群`. */
  sentence_not?(args: A, names: Names): string
  sentence_not_en?(args: A, names: Names): string
}

/** A thing that arguments point at: a tag, a group, an account. */
export type Ref = { kind: string; id: string }

/** Names of things that arguments point at, looked up once for a whole tree. */
export type Names = {
  of(kind: string, id: string): string
  /** The id to use now: that of the tag which a retired one maps to. */
  current(kind: string, id: string): string
}

/** What a thing is called; `unfit`: the refusal that says why no rule may point at it. */
export type Named = { name: string; current?: string; unfit?: string }

/** Where a module's things are looked up by id; what is not in the answer is gone. */
export type NameSource = {
  kind: string
  lookup(q: Queryable, ids: readonly string[]): Promise<Map<string, Named>>
  /** Customers who have such a thing are found by its name, where people look for customers. */
  sought?: Sought
}

/** How things are found by what somebody typed, and the view of their module that says who has them: (customer_id, `column`). */
export type Sought = {
  find(q: Queryable, text: string): Promise<string[]>
  view: string
  column: string
}

/** One thing to be done for one customer, with a key that makes it once in effect. */
export type ActionAsk<A> = { key: string; customer_id: string; args: A; cause: { kind: string; id: string } }

/** The words somebody would get to read, through whom, and why it would not come about as far as that is known now. */
export type ActionPreview = { text: string | null; through: string | null; hindered_by: string | null }

export type ActionOffer<A = unknown> = {
  name: string
  version: number
  label: Words
  hint?: Words
  args: z.ZodType<A>
  sentence(args: A, names: Names): string
  sentence_en(args: A, names: Names): string
  /** What it would come to for one customer at a moment, without doing it. */
  preview?(q: Queryable, customer_id: string, args: A, at: Date): Promise<ActionPreview>
  /** Does it for many in the caller's transaction; answers stand in the order of the asks. Twice with one key is once. */
  perform(tx: Tx, asks: ActionAsk<A>[], now: Date): Promise<(Record<string, unknown> | Refusal)[]>
}

/** How a fact is called where people read of it: the timeline, the start of a play, what stops one. */
export type FactOffer = {
  type: string
  label: Words
  /** Its subject is no customer: no play can listen to it. */
  of_a_thing?: true
  /** What of its payload a play may ask for. */
  fields?: Record<string, FactField>
  /** Of what else in its payload the name is told where people read of it: the kind of thing, by field. */
  told?: Record<string, string>
}

/** `values`: a closed list and how each reads (`true` and `false` for yes and no). `kind`: whose id it is, such as a tag's. */
export type FactField = { label: Words } & ({ values: Record<string, Words> } | { kind: string })

export type MeasureOffer = {
  name: string
  label: Words
  hint: Words
  unit: "fen" | "points" | "people" | "times" | "share"
  /** The measure over a range of days, both ends included. */
  read(tx: Tx, range: { from_day: number; to_day: number }): Promise<number>
}

export type Offers = {
  module: string
  facts?: FactOffer[]
  traits?: TraitOffer[]
  conditions?: ConditionOffer[]
  actions?: ActionOffer[]
  measures?: MeasureOffer[]
  views?: ViewOffer[]
  names?: NameSource[]
  /** What decided values of this module's traits whose reason is not kept with them: asked when somebody looks at one customer. */
  reasons?: Reasons
}

/** By trait: the rule and the numbers that decided one customer's value, as of a moment. */
export type Reasons = (
  q: Queryable,
  customer_id: string,
  now: Date,
) => Promise<Record<string, Record<string, unknown>>>

/** Typed where it is written, erased where it is kept. */
export function defineCondition<A>(offer: ConditionOffer<A>): ConditionOffer {
  return offer as unknown as ConditionOffer
}
/** What is stored are the words somebody chose; the offer sees its arguments whole, with what was left out filled in. */
export function defineAction<A>(offer: ActionOffer<A>): ActionOffer {
  return {
    ...offer,
    sentence: (args, names) => offer.sentence(offer.args.parse(args), names),
    sentence_en: (args, names) => offer.sentence_en(offer.args.parse(args), names),
    ...(offer.preview
      ? { preview: (q, customer_id, args, at) => offer.preview!(q, customer_id, offer.args.parse(args), at) }
      : {}),
    perform(t, asks, now) {
      // Everybody at one step of a play shares one object: read once, not five thousand times.
      const read = new Map<unknown, A>()
      const argsOf = (raw: unknown): A => {
        const known = read.get(raw)
        if (known !== undefined) return known
        const args = offer.args.parse(raw)
        read.set(raw, args)
        return args
      }
      return offer.perform(
        t,
        asks.map((ask) => ({ ...ask, args: argsOf(ask.args) })),
        now,
      )
    },
  }
}
