import { manualChannel } from "../../channels/manual/index.ts"
import type { Channel, PlatformLimit } from "../../channels/protocol/index.ts"
import {
  accountsById,
  accountsSettings,
  allAccounts,
  lineFor,
  personaLines,
  quotasOf,
} from "../../modules/accounts/index.ts"
import { CONTACTS_SQL } from "../../modules/customers/index.ts"
import { personasOf } from "../../modules/tags/index.ts"
import type { LimitRow, World } from "../../spine/outbox/index.ts"
import { endedAmong } from "../../spine/plays/index.ts"

const ACCOUNTS_MAX = 2_000

/** What the outbox is lent: who may speak for the company, whom they know, and through which channels. */
export function outboxWorld(channels: readonly Channel[]): World {
  return {
    contacts: CONTACTS_SQL,
    over: endedAmong,
    channels: new Map([manualChannel(), ...channels].map((c) => [c.name, c])),
    async scripts(q, asks) {
      const [personas, accounts] = [
        await personasOf(
          q,
          asks.map((a) => a.customer_id),
        ),
        new Map(
          (await accountsById(q, [...new Set(asks.flatMap((a) => a.account_id ?? []))])).map((a) => [
            a.id,
            { id: a.id, functions: [a.function, ...a.also_functions] },
          ]),
        ),
      ]
      const lines = await personaLines(
        q,
        [...new Set(asks.map((a) => a.situation))],
        [...new Set([...personas.values()].flat())],
      )
      return asks.map(({ customer_id, situation, account_id }) =>
        lineFor(lines, {
          situation,
          persona_tag_ids: personas.get(customer_id) ?? [],
          account: accounts.get(account_id ?? "") ?? null,
        }),
      )
    },
    async accounts(q) {
      const rules = await accountsSettings(q)
      return (await allAccounts(q, ACCOUNTS_MAX)).map((a) => ({
        id: a.id,
        channel: a.channel,
        ref: a.channel_ref,
        functions: [a.function, ...a.also_functions],
        name: a.name,
        custodian_staff_id: a.custodian_staff_id,
        usable: a.state === "in_use" && a.hazard === "none",
        quotas: quotasOf(a.nurture_level, rules),
      }))
    },
  }
}

/** A platform's limit as a row of the team's own table of limits. */
export function limitRow(limit: PlatformLimit): LimitRow {
  return {
    name: `${limit.channel}.${limit.name}`,
    per: `${limit.per.span} ${limit.per.of}`.trim(),
    value: limit.value,
    unit: limit.unit,
    source: limit.source,
    effective_from: limit.effective_from,
  }
}
