-- Refused calls of widgets as the overview counts them. An event stands for as many calls as its count says, which only
-- its text knows; the engines read text differently, so that difference is here and the statements are the same.
create index audit_event_refused_calls on audit_event (chain, at)
where action in ('widget_request.refused', 'widget_request.forged');

create view refused_calls as
-- As json and not jsonb, which would refuse the NUL that a client may have sent as its name.
select chain, at, organization_id, coalesce(cast(cast(body as json) #>> '{metadata,count}' as bigint), 1) as calls
from audit_event
where action in ('widget_request.refused', 'widget_request.forged');
