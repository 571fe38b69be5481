-- From which pages calls were refused, so that a page's owner finds theirs.
drop view audit_reason;
create view audit_reason as
-- By pattern, as 0009 says why. An origin has no character that JSON escapes; a text that has one is no origin and is not found.
select chain, seq, at, action, organization_id, target_id, substring(body from '"outcome":"refused","reason":"([a-z_]+)"') as reason,
       substring(body from '"origin":"([^"\\]*)"') as origin,
       coalesce(cast(substring(body from '"count":([0-9]+)') as bigint), 1) as calls, body, hash
from audit_event;

-- In an order of the list that no other index has (see 0009).
create index audit_event_refusals_by_origin on audit_event
    (chain, (substring(body from '"origin":"([^"\\]*)"')), seq)
where action in ('widget_request.refused', 'embed_request.refused', 'widget_request.forged');
