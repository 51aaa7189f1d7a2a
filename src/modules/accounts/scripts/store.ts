import { maybeRow, oneRow, type Queryable, rows, run, type Tx } from "../../../platform/db.ts"
import { SCRIPTS_MAX } from "../limits.ts"
import type { Account } from "../store.ts"
import type { PersonaLine, Situation } from "./rules.ts"

export type Script = {
  id: string
  situation: Situation
  text: string
  shared: boolean
  /** For people who wear this tag; null: for everybody. */
  persona_tag_id: string | null
  made_by: string | null
  made_at: Date
}
/** An account that plays several functions says what each of them shares. */
type Of = Pick<Account, "id" | "function" | "also_functions">

const ITS_OWN =
  "(account_id = $2 or account_id is null and (function is null or function = any($1::text[]))) and retired_at is null"
const whose = (account: Of) => [[account.function, ...account.also_functions], account.id]

/** In use for one account: its own lines first, then those of its functions. */
export const scriptsOf = (q: Queryable, account: Of) =>
  rows<Script>(
    q,
    `select id, situation, text, account_id is null as shared, persona_tag_id, made_by, made_at from accounts_scripts where ${ITS_OWN}
     order by account_id is null, made_at, id limit $3`,
    [...whose(account), SCRIPTS_MAX],
  )

export const countScripts = async (q: Queryable, account: Of) =>
  (
    await oneRow<{ n: number }>(
      q,
      `select count(*) as n from accounts_scripts where ${ITS_OWN}`,
      whose(account),
    )
  ).n

export type NewScript = {
  id: string
  /** Null: shared by the accounts of all functions. */
  function: string | null
  account_id: string | null
  persona_tag_id: string | null
  situation: Situation
  text: string
  made_by: string | null
}

/** What is there under its id already stays as it is, in use or not. */
export const saveScripts = (t: Tx, list: readonly NewScript[], now: Date) =>
  run(
    t,
    `insert into accounts_scripts (id, function, account_id, situation, text, made_by, persona_tag_id, made_at)
     select s.*, $8 from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::uuid[]) s
     on conflict (id) do nothing`,
    [
      list.map((s) => s.id),
      list.map((s) => s.function),
      list.map((s) => s.account_id),
      list.map((s) => s.situation),
      list.map((s) => s.text),
      list.map((s) => s.made_by),
      list.map((s) => s.persona_tag_id),
      now,
    ],
  )

/** One line of this account, of its function or of all; gives whose it was, nothing where there is none in use. */
export const retireScript = (t: Tx, account: Of, id: string, now: Date) =>
  maybeRow<{ function: string | null }>(
    t,
    `update accounts_scripts set retired_at = $4 where id = $3 and ${ITS_OWN} returning function`,
    [...whose(account), id, now],
  )

/** In use for people of these kinds in these situations, the older first. */
export const personaLines = (
  q: Queryable,
  situations: readonly string[],
  persona_tag_ids: readonly string[],
) =>
  rows<PersonaLine>(
    q,
    `select situation, persona_tag_id, function, account_id, text from accounts_scripts
     where situation = any($1) and persona_tag_id = any($2::uuid[]) and retired_at is null order by made_at, id`,
    [situations, persona_tag_ids],
  )
