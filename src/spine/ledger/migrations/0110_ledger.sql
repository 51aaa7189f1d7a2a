-- Double entry. Postings and entries are written once and never change: corrections are reversing postings.
create table ledger_postings (
  id uuid primary key,
  book text collate "C" not null,
  op text collate "C" not null check (op in ('post', 'reverse', 'hold', 'post_hold', 'void', 'expire')),
  key text collate "C" not null,
  reason text collate "C" not null,
  source text collate "C" not null,
  at timestamptz not null,
  -- the posting that this one reverses, or the hold that it ends
  target uuid,
  -- the value moved: the sum of the positive entries; of a reversal, how much of its target it takes back
  amount bigint not null check (amount > 0),
  check ((op in ('post', 'hold')) = (target is null))
);
-- serves: what was already reversed of a posting, and which posting ended a hold
create index ledger_postings_target on ledger_postings (target) where target is not null;
-- serves: totals of a period; postings come in the order of time, so a few pages of index do
create index ledger_postings_at on ledger_postings using brin (at);

-- The owner of a house account (issue, spent, expired …) is the nil uuid. House accounts have no balance: totals are sums.
create table ledger_entries (
  posting uuid not null,
  n smallint not null,
  book text collate "C" not null,
  owner uuid not null,
  kind text collate "C" not null,
  amount bigint not null check (amount <> 0),
  primary key (posting, n)
);
-- serves: one owner's postings, newest first
create index ledger_entries_owner on ledger_entries (owner, posting) where owner <> '00000000-0000-0000-0000-000000000000';

-- Kept only where a floor or a ceiling is guarded; always the sum of the account's entries.
create table ledger_balances (
  owner uuid not null,
  book text collate "C" not null,
  kind text collate "C" not null,
  amount bigint not null,
  floor bigint,
  ceiling bigint,
  primary key (owner, book, kind),
  check (amount >= floor),
  check (amount <= ceiling)
) with (fillfactor = 60);

-- Which holds are open; like a balance it follows from the postings.
create table ledger_holds (
  posting uuid primary key,
  book text collate "C" not null,
  owner uuid not null,
  kind text collate "C" not null,
  amount bigint not null check (amount > 0),
  expires_at timestamptz not null,
  closed_by uuid
);
-- serves: holds whose time has come
create index ledger_holds_due on ledger_holds (expires_at) where closed_by is null;

create function ledger_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is immutable: post a reversal', tg_table_name;
end $$;
create trigger ledger_postings_immutable before update or delete or truncate on ledger_postings
  for each statement execute function ledger_refuse_change();
create trigger ledger_entries_immutable before update or delete or truncate on ledger_entries
  for each statement execute function ledger_refuse_change();

-- The first half of every batch in one round trip: lock the owners' balances in one order for all callers, and only then look
-- the keys up (before the lock a retry that overlaps its first call would miss its key). The settings keep a plan made while
-- the tables were empty from reading them whole when they are full.
create function ledger_open(owners uuid[], books text[], keys text[])
  returns table (place tid, owner uuid, book text, kind text, amount bigint, key text, body_hash text, answer jsonb)
  language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  return query
    select b.ctid, b.owner, b.book, b.kind, b.amount, null::text, null::text, null::jsonb from ledger_balances b
    where b.owner = any(owners) and b.book = any(books) order by b.owner, b.book, b.kind for update;
  return query
    select null::tid, null::uuid, null::text, null::text, null::bigint, k.key, k.body_hash, k.answer from platform_keys k
    where k.key = any(keys);
end $$;

-- The second half: all that a batch decided, in one round trip. Planned once a connection: with a plan of its own for every
-- call, planning took a third of the time. A locked row stays in its place, so it is found there without its index. Balances
-- go by difference: two batches that both make an account for the first time hold no common lock, and their sums still add up.
create function ledger_write(
    keys text[], hashes text[], statuses smallint[], answers jsonb[],
    ids uuid[], books text[], ops text[], posting_keys text[], reasons text[], sources text[], ats timestamptz[],
    targets uuid[], amounts bigint[],
    entry_postings uuid[], entry_ns smallint[], entry_books text[], entry_owners uuid[], entry_kinds text[],
    entry_amounts bigint[],
    places tid[], deltas bigint[],
    new_owners uuid[], new_books text[], new_kinds text[], new_amounts bigint[], floors bigint[], ceilings bigint[])
  returns void language plpgsql volatile
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  updated bigint;
begin
  insert into platform_keys (key, body_hash, status, answer)
  select * from unnest(keys, hashes, statuses, answers);
  insert into ledger_postings (id, book, op, key, reason, source, at, target, amount)
  select * from unnest(ids, books, ops, posting_keys, reasons, sources, ats, targets, amounts);
  insert into ledger_entries (posting, n, book, owner, kind, amount)
  select * from unnest(entry_postings, entry_ns, entry_books, entry_owners, entry_kinds, entry_amounts);
  update ledger_balances b set amount = b.amount + n.delta
  from unnest(places, deltas) n (place, delta) where b.ctid = n.place;
  get diagnostics updated = row_count;
  if updated <> cardinality(places) then
    raise exception 'of % locked balances % were found again', cardinality(places), updated;
  end if;
  if cardinality(new_owners) > 0 then
    insert into ledger_balances as b (owner, book, kind, amount, floor, ceiling)
    select * from unnest(new_owners, new_books, new_kinds, new_amounts, floors, ceilings) n (o, k, d, a, f, c)
    order by o, k, d
    on conflict (owner, book, kind) do update set amount = b.amount + excluded.amount;
  end if;
end $$;
