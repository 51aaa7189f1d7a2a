import { maybeRow, type Queryable, run, type Tx } from "./db.ts"

/** What the team has set under a name; undefined where it has set nothing. */
export async function readSetting(q: Queryable, name: string): Promise<unknown> {
  return (
    await maybeRow<{ value: unknown }>(q, "select value from platform_settings where name = $1", [name])
  )?.value
}

/** Whoever changes a setting by what it was is alone with it until commit. */
export async function lockSetting(t: Tx, name: string): Promise<void> {
  await t.query("select pg_advisory_xact_lock(hashtextextended($1, 7250))", [`setting:${name}`])
}

export async function saveSetting(q: Queryable, name: string, value: unknown): Promise<void> {
  await run(
    q,
    `insert into platform_settings (name, value) values ($1, $2)
     on conflict (name) do update set value = excluded.value, updated_at = clock_timestamp()`,
    [name, JSON.stringify(value)],
  )
}
