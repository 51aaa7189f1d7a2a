import { beforeAll, describe, expect, it } from "vitest"
import { newId } from "../../kernel/ids.ts"
import { type Db, tx } from "../../platform/db.ts"
import { testDatabase, until } from "../../platform/testkit/index.ts"
import { collector, now, pings } from "./facts.fixture.ts"
import { append, drain, type FactHandler, registerHandlers, startPump } from "./index.ts"
import { handlersWithWork } from "./reader.ts"

let db: Db
beforeAll(async () => {
  ;({ db } = await testDatabase())
})

describe("looking for new facts", () => {
  const crowd = (name: string) => Array.from({ length: 8 }, (_, n) => collector(`${name}_${n}`).handler)

  it("is one question for all handlers while nothing happens, and nobody waits for the next of their own", async () => {
    const one = collector("asked_8")
    const handlers = [...crowd("asked"), one.handler]
    await registerHandlers(db, handlers)
    let asked = 0
    let looks = 0
    const counting = new Proxy(db, {
      get(target, name) {
        const own = Reflect.get(target, name, target)
        if (typeof own !== "function") return own
        return (...args: unknown[]) => {
          if (name === "connect") asked++
          if (name === "query") JSON.stringify(args[0]).includes("unnest($1") ? looks++ : asked++
          return own.apply(target, args)
        }
      },
    })
    const running = startPump({ db: counting, handlers, now, onError: () => {} })
    try {
      await until(() => looks >= 1)
      // Each handler has looked once by itself when it began.
      await until(() => asked >= 2 * handlers.length)
      const begun = asked
      const from = looks
      await until(() => looks >= from + 5)
      expect(asked - begun).toBeLessThan(handlers.length)
      await tx(db, (t) => append(t, pings(newId(), 3)))
      const told = looks
      await until(() => one.seen.length === 3)
      expect(looks - told).toBeLessThan(20)
    } finally {
      await running.stop()
    }
  })

  it("names who has something to read or to try again, but not who only waits behind what nobody can take", async () => {
    const [idle, busy, parked, stuck] = crowd("named")
    const handlers = [idle!, busy!, parked!, stuck!]
    await registerHandlers(db, handlers)
    const named = async () => (await handlersWithWork(db, handlers)).names
    const park = (handler: FactHandler, facts: [n: number, dead: boolean][]) =>
      db.query(
        `insert into facts_parked (handler, subject, tx, id, dead, next_try_at)
         select $1, $2, '5'::xid8, n, dead, clock_timestamp() - interval '1 s' from unnest($3::int[], $4::boolean[]) u (n, dead)`,
        [handler.name, newId(), facts.map(([n]) => n), facts.map(([, dead]) => dead)],
      )
    expect(await named()).toEqual([])
    await park(parked!, [[1, false]])
    await park(stuck!, [
      [1, true],
      [2, false],
    ])
    expect(await named()).toEqual([parked!.name])
    await tx(db, (t) => append(t, pings(newId(), 1)))
    expect(await named()).toEqual(handlers.map((h) => h.name))
    await drain(db, [idle!, stuck!], now)
    expect(await named()).toEqual([busy!.name, parked!.name])
    await db.query("delete from facts_parked where handler like 'named_%'")
  })

  it("is spared where nothing was committed since the last look", async () => {
    const [handler] = crowd("spared")
    await registerHandlers(db, [handler!])
    await tx(db, (t) => append(t, pings(newId(), 1)))
    await tx(db, async (t) => {
      await t.query("set transaction isolation level repeatable read")
      const first = await handlersWithWork(t, [handler!])
      expect(first.names).toEqual([handler!.name])
      expect((await handlersWithWork(t, [handler!], first.snapshot)).names).toEqual([])
      expect((await handlersWithWork(t, [handler!], "1:1:")).names).toEqual([handler!.name])
    })
  })
})
