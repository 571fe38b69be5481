-- From which pages calls were refused, so that a page's owner finds theirs.
drop view audit_reason;
create view audit_reason as
select chain, seq, at, action, organization_id, target_id, json_extract(body, '$.reason') as reason,
       json_extract(body, '$.metadata.origin') as origin,
       coalesce(cast(json_extract(body, '$.metadata.count') as integer), 1) as calls, body, hash
from audit_event;

-- In an order of the list that no other index has (see 0009).
create index audit_event_refusals_by_origin on audit_event (chain, json_extract(body, '$.metadata.origin'), seq)
where action in ('widget_request.refused', 'embed_request.refused', 'widget_request.forged');
