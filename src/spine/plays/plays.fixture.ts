import { z } from "zod"
import { type Db, rows, run, tx } from "../../platform/db.ts"
import { newCustomers, setValues, shopOffers } from "../audiences/shop.fixture.ts"
import { append, defineFact, drain, registerHandlers } from "../facts/index.ts"
import { createRegistry, defineAction, type Offers } from "../offers/index.ts"
import { prepareTraits } from "../traits/index.ts"
import { createPlay, type PlayWorld, playsHandler, publishVersion, saveDraft, stepPlays } from "./index.ts"

export const came = defineFact("test.came", z.object({ door: z.string() }))
export const bought = defineFact("test.bought", z.object({ fen: z.number().int() }))
export const clicked = defineFact("test.clicked", z.object({}))

/** A play world whose only action writes down what it was asked for, and breaks when told to. */
export async function theatre(db: Db) {
  await run(
    db,
    "create table if not exists test_done (key text primary key, customer_id uuid, what text, at timestamptz)",
  )
  const told = { fail: (_customer_id: string): boolean => false, crash: false }
  const offers: Offers = {
    module: "test",
    actions: [
      defineAction({
        name: "test.note",
        version: 1,
        label: { zh: "记一笔", en: "note" },
        args: z.strictObject({ what: z.string() }),
        sentence: ({ what }) => `记下${what}`,
        sentence_en: ({ what }) => `note ${what}`,
        async perform(t, asks, now) {
          await run(
            t,
            "insert into test_done select * from unnest($1::text[], $2::uuid[], $3::text[]) cross join (select $4::timestamptz) n",
            [asks.map((a) => a.key), asks.map((a) => a.customer_id), asks.map((a) => a.args.what), now],
          )
          if (asks.some((a) => told.fail(a.customer_id))) throw new Error("cannot be noted")
          if (told.crash) throw Object.assign(new Error("killed"), { code: "57P01" })
          return asks.map(() => ({}))
        },
      }),
    ],
  }
  const registry = createRegistry([shopOffers, offers])
  const stopped: string[] = []
  const world: PlayWorld = {
    registry,
    onStopped: async (_t, ids) => {
      stopped.push(...ids)
    },
  }
  const handler = playsHandler(world)
  await registerHandlers(db, [handler])
  const stage = {
    world,
    handler,
    told,
    stopped,
    async publish(definition: unknown, at: Date) {
      return tx(db, async (t) => {
        const id = await createPlay(t, { name: "戏" }, at)
        const saved = await saveDraft(t, registry, { play_id: id, definition, author_id: null }, at)
        if ("refused" in saved) throw new Error(JSON.stringify(saved))
        await publishVersion(t, id, saved.version, at)
        return id
      })
    },
    /** Tells facts, lets the handler read and moves everybody who is due. */
    async at(now: Date, facts: ReturnType<typeof came.of>[] | ReturnType<typeof bought.of>[] = []) {
      await tx(db, (t) => append(t, facts))
      await handler.refresh(db)
      await drain(db, [handler], () => now)
      await stepPlays(db, world, now)
    },
    done: (customer_id?: string) =>
      rows<{ what: string; at: Date; customer_id: string }>(
        db,
        "select what, at, customer_id from test_done where $1::uuid is null or customer_id = $1 order by at, key",
        [customer_id ?? null],
      ),
  }
  return stage
}

export const note = (what: string, next: string | null = null) => ({
  kind: "action",
  action: { offer: "test.note", version: 1, args: { what } },
  next,
})

const prepared = new WeakSet<Db>()

/** The shop's traits with five customers who have paid and five who have not. */
export async function prepareShop(db: Db, registry: Parameters<typeof prepareTraits>[1]) {
  if (!prepared.has(db)) await prepareTraits(db, registry)
  prepared.add(db)
  const ids = await newCustomers(db, 10)
  const [buyers, others] = [ids.slice(0, 5), ids.slice(5)]
  const value = (step: string) => ({ spent: null, last: null, step, tags: [], grouped: null })
  await setValues(
    db,
    [
      ...buyers.map((id) => [id, value("customer")] as const),
      ...others.map((id) => [id, value("prospect")] as const),
    ],
    new Date("2026-11-01T00:00:00Z"),
  )
  return { buyers, others }
}
