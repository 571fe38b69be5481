-- What ended stays ended when what it came through is let in again: it is judged by time, because rows may be a million.

-- When the key was last enabled: sessions and kept sign-ins that are older came through it before it was disabled.
alter table embed_key add column enabled_at bigint;
-- Since when the product keeps sign-ins, if that was ever turned on again: older ones were given up.
alter table product add column keeps_since bigint;
