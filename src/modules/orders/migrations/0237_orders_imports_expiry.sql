-- When an import was paused, and when its files were deleted: what was uploaded and the rows that failed are not kept for ever.
alter table orders_imports add column paused_at timestamptz, add column files_expired_at timestamptz;
