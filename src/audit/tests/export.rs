//! Exports: the same rows as the list, in the form that was asked for, and themselves recorded.

use super::*;
use crate::{
    Code,
    audit::{Export, ExportFormat, HistoryFilter},
    on_each_engine,
    time::DAY,
};

async fn read(mut export: Export) -> String {
    let mut text = String::new();
    while let Some(bytes) = export.next().await.expect("a piece") {
        text.push_str(std::str::from_utf8(&bytes).expect("UTF-8"));
    }
    text
}

on_each_engine! {
    async fn lines_are_the_stored_texts_and_end_with_the_export_itself(fresh) {
        let (core, tenant) = (&fresh.core, tenant(&fresh.core));
        record_many(core, &tenant, Action::TokenMinted, 3).await;
        let op = person(core, &tenant, Some(Role::Member), &[]);
        let export = op.export_history(&HistoryFilter::default(), ExportFormat::Jsonl).await.expect("begins");
        // What happens meanwhile is not part of it.
        record_many(core, &tenant, Action::TokenRevoked, 2).await;
        let text = read(export).await;
        let stored: Vec<(String,)> = core
            .db()
            .all("select body from audit_event where chain = $1 and seq <= 4 order by seq", crate::db::args![&tenant])
            .await
            .expect("rows");
        assert_eq!(text.lines().collect::<Vec<_>>(), stored.iter().map(|(body,)| body.as_str()).collect::<Vec<_>>());
        assert!(text.lines().last().expect("a line").contains(r#""action":"audit_log.exported""#));
    }

    async fn an_export_is_recorded_with_its_filter_before_its_first_byte(fresh) {
        let (core, tenant) = (&fresh.core, tenant(&fresh.core));
        record_many(core, &tenant, Action::TokenMinted, 2).await;
        let op = person(core, &tenant, Some(Role::Member), &[]);
        let filter = HistoryFilter { action: Some("widget_token.minted".to_owned()), ..HistoryFilter::default() };
        let export = op.export_history(&filter, ExportFormat::Csv).await.expect("begins");
        let page = op.history(&HistoryFilter::default(), crate::Limit::default(), None).await.expect("a page");
        assert_eq!(page.data[0].action, Action::AuditExported);
        assert_eq!(page.data[0].metadata["filter"]["action"], "widget_token.minted");
        assert_eq!(page.data[0].metadata["format"], "csv");
        let text = read(export).await;
        assert_eq!(text.matches("\r\n").count(), 3, "{text}");
        assert!(text.starts_with("seq,id,at,action,"));
    }

    async fn an_export_up_to_a_moment_to_come_holds_itself(fresh) {
        let (core, tenant) = (&fresh.core, tenant(&fresh.core));
        record_many(core, &tenant, Action::TokenMinted, 2).await;
        let op = person(core, &tenant, Some(Role::Member), &[]);
        let filter = HistoryFilter { to: Some(core.now().plus(DAY)), ..HistoryFilter::default() };
        let text = read(op.export_history(&filter, ExportFormat::Jsonl).await.expect("begins")).await;
        assert_eq!(text.lines().count(), 3);
        assert!(text.lines().last().expect("a line").contains(r#""action":"audit_log.exported""#));
    }

    async fn an_export_longer_than_a_page_has_every_row_once(fresh) {
        let (core, tenant) = (&fresh.core, tenant(&fresh.core));
        record_many(core, &tenant, Action::TokenMinted, 1_203).await;
        let op = person(core, &tenant, Some(Role::Member), &[]);
        let text = read(op.export_history(&HistoryFilter::default(), ExportFormat::Csv).await.expect("begins")).await;
        let seqs: Vec<i64> = text.lines().skip(1).map(|line| line.split(',').next().expect("a cell").parse().expect("a number")).collect();
        assert_eq!(seqs, (1..=1_204).collect::<Vec<_>>());
    }

    /// AU4
    async fn an_export_needs_what_the_list_needs(fresh) {
        let (core, tenant) = (&fresh.core, tenant(&fresh.core));
        let (ours, other) = (OrganizationId::new(core.now()), OrganizationId::new(core.now()));
        record(core, &tenant, Event::new(Action::TokenMinted).organization(&ours)).await;
        record(core, &tenant, Event::new(Action::TokenMinted).organization(&other)).await;
        let all = HistoryFilter::default();
        let viewer = person(core, &tenant, Some(Role::Viewer), &[]);
        let refused = viewer.export_history(&all, ExportFormat::Csv).await.err().map(|error| error.code());
        assert_eq!(refused, Some(Code::InsufficientRole));
        let member = person(core, &tenant, None, &[(&ours, Role::Member)]);
        let text = read(member.export_history(&all, ExportFormat::Jsonl).await.expect("begins")).await;
        assert_eq!(text.lines().count(), 1);
        assert!(text.contains(ours.as_str()));
    }
}
