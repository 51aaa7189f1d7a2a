-- On which day somebody came to stand on each step of the ladder; null: not reached.
create table classes_steps (
  customer_id uuid primary key,
  customer_day int,
  member_day int,
  partner_day int
);

-- Nobody is moved down by the system: after a refund a person is asked, and what they said is kept.
create table classes_step_downs (
  customer_id uuid not null,
  id uuid not null,
  from_stage text collate "C" not null,
  to_stage text collate "C" not null,
  why jsonb not null,
  state text collate "C" not null check (state in ('open', 'accepted', 'declined', 'lapsed')),
  proposed_at timestamptz not null,
  decided_at timestamptz,
  decided_by uuid,
  reason text,
  -- serves: the proposals about one customer
  primary key (customer_id, id)
);
-- serves: at most one open question about a customer
create unique index classes_step_downs_open on classes_step_downs (customer_id) where state = 'open';
-- serves: the list of one state, the newest first
create index classes_step_downs_list on classes_step_downs (state, id desc);
