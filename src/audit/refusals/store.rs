//! All SQL of refusals.

use crate::{
    audit::{RefusalFilter, store::Query},
    db::{Select, args},
};

pub(super) const ROWS: &str = "select seq, body, hash from audit_reason where chain = $1 and seq > $2 and seq < $3";

pub(super) const SUMS: &str = "select at, reason, calls, seq from audit_reason where chain = $1 and seq > $2 and seq < $3";

/// What a refusal of a page is told as, in the words of the index over all of them.
const ANY: &str = "action in ('embed_request.refused', 'widget_request.forged', 'widget_request.refused')";

/// The same in the words of the indexes by reason and by organization.
const SOME: &str = "action in ('widget_request.refused', 'widget_request.forged', 'embed_request.refused')";

/// The same in words that no partial index has, for where the index by target is the one to take.
const WHATEVER: &str = "action in ('widget_request.forged', 'widget_request.refused', 'embed_request.refused')";

/// The same in the words of the index by origin.
const FROM_A_PAGE: &str = "action in ('widget_request.refused', 'embed_request.refused', 'widget_request.forged')";

/// One for each organization that reading is narrowed to, so that an index serves each in its order.
pub(super) fn statements(head: &'static str, query: &Query, filter: &RefusalFilter, rows: i64) -> Vec<Select> {
    let words = match (&filter.target_id, &filter.origin, &filter.reason, &query.organizations) {
        (Some(_), ..) => WHATEVER,
        (None, Some(_), ..) => FROM_A_PAGE,
        (None, None, None, None) => ANY,
        _ => SOME,
    };
    let one = |organization: Option<&String>, among: Option<&Vec<String>>| {
        let select = Select::new(head, args![&query.chain, query.above, query.below]).and(words, args![]);
        let select = match among {
            Some(ids) => select.and_in("coalesce(organization_id, '')", ids.clone()),
            None => select,
        };
        select
            .and_if("organization_id = ?", organization.map(String::as_str))
            .and_if("target_id = ?", filter.target_id.as_deref())
            .and_if("origin = ?", filter.origin.as_deref())
            .and_if("reason = ?", filter.reason.map(crate::Code::as_str))
            .and_if("at >= ?", query.from)
            .order("seq desc", rows)
    };
    match &query.organizations {
        // Whoever names one thing or one page reads its own few events, whose organization is looked at in each.
        Some(ids) if filter.target_id.is_some() || filter.origin.is_some() => vec![one(None, Some(ids))],
        Some(ids) => ids.iter().map(|id| one(Some(id), None)).collect(),
        None => vec![one(None, None)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Code, TenantId,
        testing::{Engine, fresh},
    };

    const EXPLAIN: &str = "explain query plan select seq, body, hash from audit_reason where chain = $1 and seq > $2 and seq < $3";

    #[tokio::test]
    async fn an_index_serves_the_deepest_page_of_every_filter() {
        let fresh = fresh(Engine::Sqlite).await;
        let core = &fresh.core;
        let every = Query::new(&TenantId::new(core.now()));
        let narrowed = Query { organizations: Some(vec!["org_1".to_owned()]), ..every.clone() };
        let timed = Query { from: Some(core.now()), ..every.clone() };
        let of = |target: Option<&str>, reason| RefusalFilter { target_id: target.map(str::to_owned), reason, ..RefusalFilter::default() };
        let (none, by_reason, by_target) = (of(None, None), of(None, Some(Code::WidgetOriginMismatch)), of(Some("wtok_1"), None));
        let both = of(Some("wtok_1"), Some(Code::WidgetOriginMismatch));
        let from = RefusalFilter { origin: Some("https://a.example".to_owned()), ..of(None, Some(Code::WidgetOriginMismatch)) };
        for (query, filter, index) in [
            (&every, &none, "audit_event_refusals (chain=? AND seq>? AND seq<?)"),
            (&timed, &none, "audit_event_refusals (chain=? AND seq>? AND seq<?)"),
            (&every, &by_reason, "audit_event_refusals_by_reason (chain=? AND <expr>=? AND seq>? AND seq<?)"),
            (&timed, &by_reason, "audit_event_refusals_by_reason (chain=? AND <expr>=? AND seq>? AND seq<?)"),
            (&every, &both, "audit_event_by_target (chain=? AND target_id=? AND seq>? AND seq<?)"),
            (&narrowed, &by_target, "audit_event_by_target (chain=? AND target_id=? AND seq>? AND seq<?)"),
            (&every, &by_target, "audit_event_by_target (chain=? AND target_id=? AND seq>? AND seq<?)"),
            (&every, &from, "audit_event_refusals_by_origin (chain=? AND <expr>=? AND seq>? AND seq<?)"),
            (&narrowed, &from, "audit_event_refusals_by_origin (chain=? AND <expr>=? AND seq>? AND seq<?)"),
            (&narrowed, &none, "audit_event_refusals_by_organization (chain=? AND organization_id=? AND seq>? AND seq<?)"),
        ] {
            for statement in statements(EXPLAIN, query, filter, 51) {
                let plan: Vec<(i64, i64, i64, String)> = core.db().select(statement).await.expect("a plan");
                let plan: String = plan.into_iter().map(|(.., step)| step + "\n").collect();
                assert!(plan.contains(index), "{index}: {plan}");
                assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{plan}");
            }
        }
    }
}
