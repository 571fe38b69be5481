-- What ended stays ended when what it came through is let in again. It is judged by time, because rows may be a million.

-- When the key was last disabled or enabled: sessions and kept sign-ins that are not younger came through it before.
alter table embed_key add column not_before bigint;
-- When the product last began or ceased to keep sign-ins: those that are not younger were given up.
alter table product add column kept_not_before bigint;
-- Nobody asks for all of an embed key any more.
drop index kept_sign_in_by_embed_key;

-- Those of test pages end a thousand at a time.
drop index conversation_by_tenant;
create index conversation_by_tenant on conversation (tenant_id, mode, ends_at);
