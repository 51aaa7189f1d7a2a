import { type Channel, SENSES, SERVICES, TOUCH_KINDS } from "../../../channels/protocol/index.ts"
import { refuse } from "../../../kernel/result.ts"
import { implement, type Route } from "../../../platform/http/index.ts"
import { closeCircuit, openCircuits, type World } from "../../../spine/outbox/index.ts"
import { checkChannel, listChannels, resumeChannel } from "./contract.ts"

/** What the company speaks through, for the people who look after it. Only apps know channels by name. */
export function channelRoutes(world: World): Route[] {
  const named = (name: string): Channel | undefined => world.channels.get(name)
  return [
    implement(listChannels, async (ctx) => {
      const stopped = await openCircuits(ctx.db)
      const accounts = await world.accounts(ctx.db)
      return {
        rows: [...world.channels.values()].map((channel) => {
          const circuit = stopped.find((one) => one.channel === channel.name)
          return {
            name: channel.name,
            can: TOUCH_KINDS.filter((kind) => channel.can(kind)).map((kind) => ({
              kind,
              parcel_size: channel.parcel_size(kind),
            })),
            by_hand: TOUCH_KINDS.filter((kind) => !channel.can(kind)),
            services: SERVICES.filter((service) => channel.can(service)),
            hears: SENSES.filter((sense) => channel.can(sense)),
            testable: channel.services.check !== undefined,
            accounts: accounts.filter((account) => account.channel === channel.name).length,
            stopped: circuit
              ? {
                  code: circuit.code,
                  since: circuit.opened_at.toISOString(),
                  until: circuit.open_until.toISOString(),
                }
              : null,
          }
        }),
      }
    }),
    implement(checkChannel, async (_ctx, { params }) => {
      const channel = named(params.name)
      if (!channel) return refuse("no_such_channel", { field: "name" })
      const check = channel.services.check
      if (!check) return refuse("channel_untestable", { field: "name" })
      const answer = await check()
      if ("people" in answer) return { ok: true, people: answer.people, failure: null }
      const { code, detail } = answer.failure
      return {
        ok: false,
        people: null,
        failure: { code, class: answer.failure.class, detail: detail ?? null },
      }
    }),
    implement(resumeChannel, async (ctx, { params }) => {
      if (!named(params.name)) return refuse("no_such_channel", { field: "name" })
      return ctx.command((t, note) => {
        note({ target: `channel:${params.name}` })
        return closeCircuit(t, world, params.name)
      })
    }),
  ]
}
