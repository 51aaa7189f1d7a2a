import type { Channel } from "../../channels/protocol/index.ts"
import type { Queryable } from "../../platform/db.ts"

/** An account that may speak for the company. Quotas are what it may do in one day. */
export type SenderAccount = {
  id: string
  channel: string
  ref: string
  /** What it is for: its own function first, then those it plays beside it. */
  functions: readonly string[]
  name: string
  custodian_staff_id: string | null
  /** False at once with a hazard, or when the account is out of use. */
  usable: boolean
  quotas: { friends: number; private_messages: number; group_messages: number }
}

/** What the outbox is lent: who may speak, whom they know, and the channels. Wired once, by the app. */
export type World = {
  /**
   * SQL of a relation (customer_id uuid, account_id uuid, ref text, name text, added_at timestamptz, opted_out boolean): a row
   * for every contact that exists now. Published by whoever owns contacts.
   */
  contacts: string
  accounts(q: Queryable): Promise<SenderAccount[]>
  channels: ReadonlyMap<string, Channel>
  /**
   * What an account says to a customer in a situation, by what kind of person they are; null where the team has written nothing for
   * that. In the order of the asks; without it there are no scripts.
   */
  scripts?(
    q: Queryable,
    asks: readonly { customer_id: string; situation: string; account_id: string | null }[],
  ): Promise<(string | null)[]>
  /** Of these causes of plays those that are over, each with the reason: what they intended is called off when its time has come. */
  over?(
    q: Queryable,
    enrolments: readonly { customer_id: string; enrolment_id: string }[],
  ): Promise<Map<string, string>>
}

export function accountColumns(accounts: readonly SenderAccount[]) {
  const usable = accounts.filter((a) => a.usable)
  return [
    usable.map((a) => a.id),
    usable.map((a) => a.functions.join(" ")),
    usable.map((a) => a.quotas.private_messages),
  ] as const
}
