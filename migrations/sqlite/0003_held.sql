-- What a restore brought back and an owner has not yet let live again: a backup knows nothing of what was revoked, removed or
-- changed after it was taken (X8, RV11).
alter table membership add column held_at integer;
alter table api_key add column held_at integer;

-- What a tenant's not_before is compared with: later than created_at only for a key that an owner let live again.
alter table api_key add column valid_since integer not null default 0;
update api_key set valid_since = created_at;
