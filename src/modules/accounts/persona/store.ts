import { maybeRow, type Queryable, run, type Tx } from "../../../platform/db.ts"

/** As it was kept; both are read through the contract. */
export type Kept = { persona: unknown; checks: Record<string, unknown> }

export const keptPersona = (q: Queryable, account_id: string) =>
  maybeRow<Kept>(q, "select persona, checks from accounts_personas where account_id = $1", [account_id])

export const keepPersona = (t: Tx, account_id: string, persona: object, now: Date) =>
  run(
    t,
    `insert into accounts_personas (account_id, persona, updated_at) values ($1, $2, $3)
     on conflict (account_id) do update set persona = excluded.persona, updated_at = excluded.updated_at`,
    [account_id, JSON.stringify(persona), now],
  )

export const keepCheck = (t: Tx, account_id: string, item: string, check: object, now: Date) =>
  run(
    t,
    `insert into accounts_personas as p (account_id, checks, updated_at) values ($1, jsonb_build_object($2::text, $3::jsonb), $4)
     on conflict (account_id) do update set checks = p.checks || excluded.checks`,
    [account_id, item, JSON.stringify(check), now],
  )
