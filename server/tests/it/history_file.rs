//! The export of history from the dashboard: a form that answers a file, or the page that says why not.

use crate::{
    app::Answer,
    browser::Browser,
    house::{Caller, House},
};
use mintmark::{on_each_engine, testing::PASSWORD};

const PATH: &str = "/t/acme/history/export";

async fn signed_in(house: &House, caller: Caller) -> Browser<'_> {
    let mut browser = Browser::new(&house.app);
    if caller != Caller::Stranger {
        let answer = browser.send("sign_in", &[("email", house.email(caller)), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    browser
}

async fn export(house: &House, caller: Caller, fields: &[(&str, &str)]) -> Answer {
    signed_in(house, caller).await.submit_to(PATH, fields).await
}

on_each_engine! {
    /// AU6: what the filters show, and the export itself as its last row.
    async fn the_dashboards_export_keeps_its_filter_and_is_recorded(fresh) {
        let house = House::new(fresh).await;
        house.mint().await;
        let fields = [("format", "csv"), ("action", "widget_token.minted"), ("actor_id", ""), ("from", "")];
        let file = export(&house, Caller::Member, &fields).await;
        assert_eq!((file.status, file.header("content-type")), (200, Some("text/csv; charset=utf-8; header=present")), "{}", file.text());
        assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"history.csv\""));
        assert_eq!(file.header("cache-control"), Some("no-store"));
        let text = file.text();
        assert_eq!(text.lines().count(), 2, "a header and one mint: {text}");
        assert!(text.lines().all(|line| line.contains("widget_token.minted") || line.starts_with("seq,") || line.contains("action")), "{text}");

        let lines = export(&house, Caller::Member, &[("format", "jsonl"), ("action", "audit_log.")]).await;
        assert_eq!(lines.header("content-disposition"), Some("attachment; filename=\"history.jsonl\""));
        let events: Vec<serde_json::Value> = lines.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(events.len(), 2, "both exports: {events:?}");
        assert_eq!(events[0]["metadata"]["filter"]["action"], "widget_token.minted");
        assert_eq!(events[0]["actor"]["name"], "Some member");
    }

    /// AU4: everybody but viewers, each within their reach; a refusal is the page that says so.
    async fn whoever_may_not_have_it_sees_the_page_say_so(fresh) {
        let house = House::new(fresh).await;
        for (caller, status) in [
            (Caller::Stranger, 302),
            (Caller::Viewer, 403),
            (Caller::Member, 200),
            (Caller::Admin, 200),
            (Caller::Owner, 200),
            (Caller::OrganizationAdmin, 200),
            (Caller::OtherOwner, 404),
        ] {
            let answer = export(&house, caller, &[("format", "jsonl")]).await;
            assert_eq!(answer.status, status, "{caller:?}: {}", answer.text());
            let disposition = answer.header("content-disposition");
            assert_eq!(disposition.is_some(), status == 200, "{caller:?}");
            match caller {
                Caller::Stranger => {
                    let location = answer.header("location").expect("a location");
                    assert!(location.starts_with("/sign-in?return_to=/t/acme/history"), "{location}");
                }
                Caller::Viewer => assert!(answer.text().contains("Not for your role"), "{}", answer.text()),
                Caller::OrganizationAdmin => {
                    let own = house.organization.as_str();
                    // The export's own event is of the tenant, which a role of one organization does not read.
                    assert!(answer.text().lines().all(|line| line.contains(own)), "{}", answer.text());
                }
                _ => {}
            }
        }
    }

    async fn a_filter_that_cannot_be_read_exports_nothing(fresh) {
        let house = House::new(fresh).await;
        for fields in [&[("format", "xml")][..], &[], &[("format", "csv"), ("action", "widget_token.mintd")], &[("format", "csv"), ("sort", "up")]] {
            let answer = export(&house, Caller::Owner, fields).await;
            assert_eq!((answer.status, answer.header("content-disposition")), (422, None), "{fields:?}: {}", answer.text());
            assert!(answer.text().contains("The export did not begin"), "{fields:?}");
        }
        let jsonl = export(&house, Caller::Owner, &[("format", "jsonl"), ("action", "audit_log.exported")]).await;
        assert_eq!(jsonl.text().lines().count(), 1, "only this one: {}", jsonl.text());
    }

    /// WB1
    async fn no_other_site_can_have_it_exported(fresh) {
        let house = House::new(fresh).await;
        let browser = signed_in(&house, Caller::Owner).await;
        for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")] {
            let call = house.app.post(PATH).header(name, value).header("cookie", &browser.cookies());
            let answer = call.text("application/x-www-form-urlencoded", "format=csv").await;
            answer.refused(403, "cross_site");
        }
        let answer = house.app.get(PATH).header("cookie", &browser.cookies()).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some("/t/acme/history")), "loaded anew it is the page");
    }
}
