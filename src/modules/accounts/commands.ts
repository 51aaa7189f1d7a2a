import { newId } from "../../kernel/ids.ts"
import type { Tx } from "../../platform/db.ts"
import { append } from "../../spine/facts/index.ts"
import { staffIdsByRef } from "../staff/index.ts"
import { passCustody } from "./custody/commands.ts"
import { accountListed } from "./events.ts"
import { openMissingAgreements } from "./findings/commands.ts"
import type { AccountFunction } from "./rules.ts"
import { type Account, accountsByRef, insertMet, upsertListed } from "./store.ts"

export type ListedAccount = {
  channel: string
  ref: string
  name: string
  function: AccountFunction
  leader_refs: string[]
}

/** An account that came into somebody's custody, or into nobody's we know. */
export type Taken = { account_id: string; staff_id: string | null }

/**
 * Takes accounts as the channel's directory lists them. One that is new there goes into the custody of its leader, if it has
 * one whom we know; later listings change only the name: custody is handed over here, not there. Gives those that were new.
 */
export async function takeListedAccounts(t: Tx, listed: ListedAccount[], now: Date): Promise<Taken[]> {
  if (listed.length === 0) return []
  const fresh = new Set(
    await upsertListed(
      t,
      listed.map((a) => ({ id: newId(now.getTime()), ...a })),
      now,
    ),
  )
  if (fresh.size === 0) return []
  const taken: Taken[] = []
  const leaders = await staffIdsByRef(
    t,
    listed.flatMap((a) => a.leader_refs),
  )
  for (const channel of new Set(listed.map((a) => a.channel))) {
    const here = listed.filter((a) => a.channel === channel)
    const accounts = await accountsByRef(
      t,
      channel,
      here.map((a) => a.ref),
    )
    // One statement an account is fine here: a company has a few dozen of them and each is new once.
    for (const account of accounts.filter((a) => fresh.has(a.id))) {
      const leader = here
        .find((a) => a.ref === account.channel_ref)
        ?.leader_refs.find((ref) => leaders.has(ref))
      const staff_id = leader ? leaders.get(leader)! : null
      await append(t, [
        accountListed.of({
          subject: account.id,
          occurred_at: now,
          payload: { function: account.function, channel },
        }),
      ])
      const holder = account.custodian_staff_id ?? staff_id
      if (holder !== account.custodian_staff_id) await passCustody(t, account.id, null, holder, now)
      taken.push({ account_id: account.id, staff_id: holder })
    }
  }
  await openMissingAgreements(t, now)
  return taken
}

/**
 * Takes accounts through which customers came before the directory told of them: a new employee, or one who served nobody so
 * far. Nothing of such a customer may wait for a listing, so they work as a sales account of their own until it comes.
 */
export async function meetAccounts(t: Tx, channel: string, refs: string[], now: Date): Promise<Account[]> {
  if (refs.length === 0) return []
  const made = await insertMet(
    t,
    refs.map((ref) => ({ id: newId(now.getTime()), channel, ref, name: ref, function: "sales" as const })),
    now,
  )
  const people = await staffIdsByRef(
    t,
    made.map((account) => account.channel_ref),
  )
  for (const { id, channel_ref } of made) {
    const holder = people.get(channel_ref)
    if (holder) await passCustody(t, id, null, holder, now)
  }
  return accountsByRef(t, channel, refs)
}
