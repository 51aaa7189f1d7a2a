import { describe, expect, it } from "vitest"
import { readMigrations } from "../src/platform/migrate.ts"
import { dangersOf } from "./migration-rules.ts"

/** Migrations that may do what the rules refuse, each with the reason why it hurts nobody. */
const EXCEPTIONS: Record<string, string> = {
  "0141_outbox_welcomes.sql": "part of the first version: every place that runs it has just made the table",
  "0143_outbox_limit_units.sql": "a table of some fifty rows, of which two are updated",
  "0232_orders_rfm.sql": "part of the first version: every place that runs it has just made the table",
}

describe("migrations on a running system", () => {
  it("let everybody work on, the servers of the version before included", () => {
    const dangerous = readMigrations()
      .filter(({ name }) => !(name in EXCEPTIONS))
      .flatMap(({ name, sql }) => dangersOf(sql).map((danger) => `${name}: ${danger}`))
    expect(dangerous).toEqual([])
  })

  it("are excused by name only while there is something to excuse", () => {
    const found = new Map(readMigrations().map(({ name, sql }) => [name, dangersOf(sql)]))
    expect(Object.keys(EXCEPTIONS).filter((name) => !found.get(name)?.length)).toEqual([])
  })

  it("have numbers of their own", () => {
    const numbers = readMigrations().map(({ name }) => name.slice(0, 4))
    expect(numbers.filter((number, i) => !/^\d{4}$/.test(number) || numbers.indexOf(number) !== i)).toEqual(
      [],
    )
  })

  it.each([
    "alter table old_one alter column a type bigint",
    "alter table old_one alter a set data type text",
    "alter table old_one add column a text not null",
    "alter table old_one add column a uuid default gen_random_uuid()",
    "alter table old_one add column a int generated always as (b + 1) stored",
    "alter table old_one drop column a",
    "alter table old_one rename column a to b",
    "alter table old_one rename to new_one",
    "alter table only old_one alter column a set not null",
    "alter table old_one add constraint c check (a > 0)",
    "alter table old_one add constraint c unique (a)",
    "create index old_one_a on old_one (a)",
    "create unique index old_one_a on old_one using btree (a)",
    "drop index concurrently if exists old_one_a; create index concurrently old_one_a on old_one (a)",
    "-- one by one\ncreate index concurrently old_one_a on old_one (a)",
    "drop table old_one",
    "drop view if exists old_one",
    "update old_one set a = 1",
    "delete from old_one where a = 1",
    "truncate old_one",
    "lock table old_one",
    "create table new_one (a int); create index on new_one (a); alter table old_one drop column a",
  ])("are refused: %s", (sql) => {
    expect(dangersOf(sql)).toHaveLength(1)
  })

  it.each([
    "create table new_one (a int not null); create index new_one_a on new_one (a); update new_one set a = 1",
    "alter table old_one add column a text",
    "alter table old_one add column a int not null default 0, add column b text",
    "alter table old_one add constraint c check (a > 0) not valid; alter table old_one validate constraint c",
    "alter table old_one add constraint c unique using index old_one_a",
    "-- one by one\ndrop index concurrently if exists old_one_a;\ncreate index concurrently old_one_a on old_one (a);",
    "create function f() returns trigger as $$ begin update old_one set a = 1; return new; end $$ language plpgsql",
    "insert into old_one values ('update old')",
    "-- drop table old_one\ncreate table new_one (a int)",
  ])("are taken: %s", (sql) => {
    expect(dangersOf(sql)).toEqual([])
  })
})
