import { oneRow, type Queryable, rows, run, type Tx } from "../../platform/db.ts"
import { TELLING } from "./store-callbacks.ts"

/** The database's machine time, to know later what was heard after a question was asked. */
export async function machineNow(q: Queryable): Promise<Date> {
  return (await oneRow<{ at: Date }>(q, "select clock_timestamp() as at")).at
}

/** Keeps callbacks from being told while a page is: what is not doubtful now stays so until the transaction ends. */
export async function lockTelling(tx: Tx): Promise<void> {
  await tx.query("select pg_advisory_xact_lock($1)", [TELLING])
}

/** Those of which something newer was heard, or is being fetched: a page's answer about them may be out of date. */
export async function doubtful(
  tx: Tx,
  kind: "contact" | "group",
  refs: readonly string[],
  asked_at: Date,
): Promise<Set<string>> {
  const heard =
    kind === "contact"
      ? "select external_ref as ref from wecom_contacts where external_ref = any($1::text[]) and heard_at > $3"
      : "select chat_ref as ref from wecom_groups where chat_ref = any($1::text[]) and heard_at > $3"
  const found = await rows<{ ref: string }>(
    tx,
    `select ref from wecom_wants where kind = $2 and ref = any($1::text[]) union ${heard}`,
    [refs, kind, asked_at],
  )
  return new Set(found.map((row) => row.ref))
}

export async function markSeen(
  tx: Tx,
  pairs: readonly { external_ref: string; account_ref: string }[],
): Promise<void> {
  await run(
    tx,
    `update wecom_contacts c set seen_at = clock_timestamp()
     from unnest($1::text[], $2::text[]) as s(external_ref, account_ref)
     where c.external_ref = s.external_ref and c.account_ref = s.account_ref`,
    [pairs.map((pair) => pair.external_ref), pairs.map((pair) => pair.account_ref)],
  )
}

export async function markGroupsSeen(tx: Tx, chat_refs: readonly string[]): Promise<void> {
  await run(tx, "update wecom_groups set seen_at = clock_timestamp() where chat_ref = any($1::text[])", [
    chat_refs,
  ])
}

/** People whose relation to one of the accounts stands here, but did not show in a run that began at `begun_at`. */
export async function unseenContacts(
  tx: Tx,
  account_refs: readonly string[],
  begun_at: Date,
): Promise<string[]> {
  const found = await rows<{ external_ref: string }>(
    tx,
    `select distinct external_ref from wecom_contacts
     where account_ref = any($1::text[]) and state in ('added', 'left') and heard_at < $2
       and (seen_at is null or seen_at < $2)`,
    [account_refs, begun_at],
  )
  return found.map((row) => row.external_ref)
}

/** People whose relation stands here to an account that the run did not know at all. */
export async function unseenElsewhere(
  tx: Tx,
  account_refs: readonly string[],
  begun_at: Date,
): Promise<string[]> {
  const found = await rows<{ external_ref: string }>(
    tx,
    `select distinct external_ref from wecom_contacts
     where not account_ref = any($1::text[]) and state in ('added', 'left') and heard_at < $2`,
    [account_refs, begun_at],
  )
  return found.map((row) => row.external_ref)
}

export async function unseenGroups(tx: Tx, begun_at: Date): Promise<string[]> {
  const found = await rows<{ chat_ref: string }>(
    tx,
    `select chat_ref from wecom_groups
     where state = 'active' and heard_at < $1 and (seen_at is null or seen_at < $1)`,
    [begun_at],
  )
  return found.map((row) => row.chat_ref)
}
