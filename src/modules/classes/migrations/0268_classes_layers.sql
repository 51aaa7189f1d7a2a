-- The pyramid as the last night reckoned it, with the numbers that decided: everybody's place needs everybody, so that it is
-- reckoned whole and published from here piece by piece. Lost in a crash it is reckoned again.
create unlogged table classes_layers (
  customer_id uuid primary key,
  number int not null,
  layer text collate "C" not null,
  -- hundredths of 0 to 100
  score int not null,
  gmv_fen bigint not null,
  referrals int not null,
  team_fen bigint not null,
  active_days int not null
);
-- serves: the next piece to publish
create index classes_layers_number on classes_layers (number);

-- How far the pyramid has been reckoned and published.
create table classes_layer_nights (
  one boolean primary key default true check (one),
  done_day int not null,
  reckoned_day int,
  after_number int not null default -1
);
insert into classes_layer_nights (done_day) values (0);
