-- When the channel's directory said that somebody is gone; their own account there is handed over in the way of those who left.
alter table staff_members add column gone_at timestamptz;
