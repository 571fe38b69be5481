-- Why calls were refused, as the Refusals page reads it, newest first. Reason and count stand in an event's text only; the engines
-- read text differently, so that difference is here and the statements are the same.
create view audit_reason as
select chain, seq, at, action, organization_id, target_id, json_extract(body, '$.reason') as reason,
       coalesce(cast(json_extract(body, '$.metadata.count') as integer), 1) as calls, body, hash
from audit_event;

-- The planner of SQLite takes a partial index only for a condition that reads the same, and this one before the next: its list has
-- another order, so that each serves what it is for.
create index audit_event_refusals on audit_event (chain, seq)
where action in ('embed_request.refused', 'widget_request.forged', 'widget_request.refused');

create index audit_event_refusals_by_reason on audit_event (chain, json_extract(body, '$.reason'), seq)
where action in ('widget_request.refused', 'widget_request.forged', 'embed_request.refused');

create index audit_event_refusals_by_organization on audit_event (chain, organization_id, seq)
where action in ('widget_request.refused', 'widget_request.forged', 'embed_request.refused');
