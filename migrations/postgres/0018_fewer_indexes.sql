-- Each index that a mint and a revocation grow is time that their callers wait. Nearly every event is a success, which the order of
-- history finds at once; and the order of history is that of time, so a time is found in it by halves.
-- The new index is made first: while that lasts writes wait, and no read does.
alter index audit_event_by_outcome rename to audit_event_by_any_outcome;
create index audit_event_by_outcome on audit_event (chain, outcome, seq) where outcome <> 'success';
drop index audit_event_by_any_outcome;
drop index audit_event_by_time;
