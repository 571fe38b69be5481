//! The outbox on a real database of each engine.

use super::{LASTS, MailState, Setback, store};
use crate::{
    Code, Core, KeySource, Limit, MailId, Role,
    db::args,
    key::MasterKey,
    on_each_engine,
    testing::{Fixture, Fresh, settings},
    time::{DAY, MINUTE, SECOND},
};

/// A process beside the first one on the same database; `sends` as its settings say.
async fn beside(fresh: &Fresh, sends: bool) -> Core {
    let settings = crate::Settings { sends_mail: sends, ..settings() };
    Core::open(fresh.location.clone(), KeySource::Given(fresh.master_key()), fresh.clock.clone(), settings).await.expect("opens")
}

/// A test mail that waits.
async fn queued(acme: &Fixture) -> MailId {
    acme.owner().await.send_test_mail().await.expect("queued").id
}

async fn state(acme: &Fixture, id: &MailId) -> (MailState, Option<String>) {
    let outbox = acme.owner().await.outbox(Limit::default(), None).await.expect("a list");
    let mail = outbox.mail.data.into_iter().find(|mail| mail.id == *id).expect("it is in the list");
    (mail.state, mail.last_error)
}

/// What the row holds of the message itself.
async fn body(core: &Core, id: &MailId) -> Option<String> {
    let (body,): (Option<String>,) = core.db().one("select body from mail where id = $1", args![id]).await.expect("a row");
    body
}

on_each_engine! {
    async fn a_mail_is_sealed_while_it_waits_and_erased_when_it_was_sent(fresh) {
        let acme = fresh.tenant("acme").await;
        let id = queued(&acme).await;
        let sealed = body(&fresh.core, &id).await.expect("a body");
        assert!(sealed.starts_with("v1.") && !sealed.contains("Mail arrives"));
        let mail = fresh.core.take_mail().await.expect("answers").expect("a mail");
        assert_eq!((mail.id.clone(), mail.recipient.as_str(), mail.sender.as_str()), (id.clone(), acme.owner.email.as_str(), "acme"));
        assert!(mail.text.contains("Mail arrives") && mail.html.contains("Mail arrives"));
        assert!(fresh.core.begin_mail(&mail).await.expect("answers"));
        fresh.core.mail_was_sent(&mail).await.expect("noted");
        assert_eq!(state(&acme, &id).await, (MailState::Sent, None));
        assert_eq!(body(&fresh.core, &id).await, None);
        assert!(fresh.core.take_mail().await.expect("answers").is_none());
    }

    /// E17
    async fn of_senders_in_two_processes_one_gets_a_mail(fresh) {
        let acme = fresh.tenant("acme").await;
        let other = beside(&fresh, true).await;
        for _ in 0..6 {
            queued(&acme).await;
        }
        let mut takers = tokio::task::JoinSet::new();
        for place in 0..24 {
            let core = if place % 2 == 0 { fresh.core.clone() } else { other.clone() };
            takers.spawn(async move {
                let mut taken = Vec::new();
                while let Some(mail) = core.take_mail().await.expect("answers") {
                    assert!(core.begin_mail(&mail).await.expect("answers"));
                    core.mail_was_sent(&mail).await.expect("noted");
                    taken.push(mail.id);
                }
                taken
            });
        }
        let mut taken: Vec<_> = takers.join_all().await.concat();
        taken.sort();
        let whole = taken.len();
        taken.dedup();
        assert_eq!((whole, taken.len()), (6, 6));
        other.close().await;
    }

    /// E17
    async fn a_refusal_that_passes_is_tried_again_later_and_later(fresh) {
        let acme = fresh.tenant("acme").await;
        let id = queued(&acme).await;
        let mut pauses = Vec::new();
        let mut waited = 0;
        while let Some(mail) = fresh.core.take_mail().await.expect("answers") {
            fresh.core.mail_was_not_sent(&mail, Setback::Passing, "421 try\nlater").await.expect("noted");
            pauses.push(waited / SECOND);
            waited = 0;
            while state(&acme, &id).await.0 == MailState::Waiting && store::due(fresh.core.db(), fresh.core.now()).await.expect("rows").is_empty() {
                fresh.clock.advance(5 * SECOND);
                waited += 5 * SECOND;
            }
        }
        assert_eq!(pauses, [0, 5, 15, 45, 120, 120, 120, 120, 120, 120]);
        assert_eq!(state(&acme, &id).await, (MailState::Failed, Some("421 trylater".to_owned())));
        assert_eq!(body(&fresh.core, &id).await, None);
    }

    async fn what_the_server_will_never_take_is_given_up_at_once(fresh) {
        let acme = fresh.tenant("acme").await;
        let id = queued(&acme).await;
        let mail = fresh.core.take_mail().await.expect("answers").expect("a mail");
        fresh.core.mail_was_not_sent(&mail, Setback::Final, "550 no such user").await.expect("noted");
        assert_eq!(state(&acme, &id).await, (MailState::Failed, Some("550 no such user".to_owned())));
        // A sender that comes late with its news changes nothing.
        fresh.core.mail_was_sent(&mail).await.expect("noted");
        fresh.core.mail_was_not_sent(&mail, Setback::Final, "again").await.expect("noted");
        assert_eq!(state(&acme, &id).await.0, MailState::Failed);
    }

    /// E17
    async fn a_sender_that_dies_before_it_begins_loses_nothing_and_one_that_dies_after_is_not_repeated(fresh) {
        let acme = fresh.tenant("acme").await;
        let id = queued(&acme).await;
        let first = fresh.core.take_mail().await.expect("answers").expect("a mail");
        assert!(fresh.core.take_mail().await.expect("answers").is_none(), "the lease keeps others away");
        fresh.clock.advance(2 * MINUTE);
        assert!(!fresh.core.begin_mail(&first).await.expect("answers"), "its lease is over");
        let second = fresh.core.take_mail().await.expect("answers").expect("another has it now");
        assert!(!fresh.core.begin_mail(&first).await.expect("answers") && fresh.core.begin_mail(&second).await.expect("answers"));
        fresh.core.end_overdue_mail().await.expect("looked");
        assert_eq!(state(&acme, &id).await.0, MailState::Sending);
        fresh.clock.advance(2 * MINUTE);
        assert!(fresh.core.take_mail().await.expect("answers").is_none(), "it may have arrived");
        fresh.core.end_overdue_mail().await.expect("looked");
        let (ended, said) = state(&acme, &id).await;
        assert!(ended == MailState::Failed && said.is_some_and(|said| said.contains("may have arrived")));
    }

    /// E17
    async fn nothing_is_sent_after_its_time(fresh) {
        let acme = fresh.tenant("acme").await;
        let (untried, taken) = (queued(&acme).await, fresh.core.take_mail());
        let mail = taken.await.expect("answers").expect("a mail");
        assert_eq!(mail.id, untried);
        fresh.core.mail_was_not_sent(&mail, Setback::Stopped, "").await.expect("noted");
        fresh.clock.advance(LASTS - SECOND);
        let mail = fresh.core.take_mail().await.expect("answers").expect("still in time");
        let owner = acme.sign_in(&acme.owner.email).await;
        let acme = Fixture { owner, ..acme };
        let second = queued(&acme).await;
        fresh.clock.advance(SECOND);
        assert!(!fresh.core.begin_mail(&mail).await.expect("answers"), "its time ended while the server was reached");
        fresh.core.end_overdue_mail().await.expect("looked");
        assert_eq!((state(&acme, &untried).await.0, state(&acme, &second).await.0), (MailState::Failed, MailState::Waiting));
        fresh.clock.advance(LASTS - SECOND);
        fresh.core.end_overdue_mail().await.expect("looked");
        assert_eq!(state(&acme, &second).await, (MailState::Expired, None));
        assert_eq!((body(&fresh.core, &untried).await, body(&fresh.core, &second).await), (None, None));
    }

    async fn what_is_long_past_its_time_is_ended_and_the_others_wait_on(fresh) {
        let acme = fresh.tenant("acme").await;
        let late = queued(&acme).await;
        fresh.clock.advance(LASTS);
        let acme = Fixture { owner: acme.sign_in(&acme.owner.email).await, ..acme };
        let waits = queued(&acme).await;
        fresh.clock.advance(MINUTE);
        fresh.core.end_overdue_mail().await.expect("looked");
        assert_eq!((state(&acme, &late).await.0, state(&acme, &waits).await.0), (MailState::Expired, MailState::Waiting));
        assert_eq!(body(&fresh.core, &late).await, None);
    }

    async fn a_mail_is_read_only_where_none_is_sent_by_who_may_and_in_its_time(fresh) {
        let acme = fresh.tenant("acme").await;
        let id = queued(&acme).await;
        let shown = acme.owner().await.read_mail(&id).await.expect("shown");
        assert!(shown.text.contains("Mail arrives"));
        let member = acme.member(Role::Member).await;
        let refused = acme.op(&member).await.read_mail(&id).await.map(drop).map_err(|error| error.code());
        assert_eq!(refused, Err(Code::InsufficientRole));
        let sending = beside(&fresh, true).await;
        let there = Fixture { core: sending.clone(), tenant: acme.tenant.clone(), slug: acme.slug.clone(), owner: acme.sign_in(&acme.owner.email).await };
        assert_eq!(there.owner().await.read_mail(&id).await.map(drop).map_err(|error| error.code()), Err(Code::Conflict));
        let globex = fresh.tenant("globex").await;
        assert_eq!(globex.owner().await.read_mail(&id).await.map(drop).map_err(|error| error.code()), Err(Code::NotFound));
        fresh.clock.advance(LASTS);
        assert_eq!(acme.owner().await.read_mail(&id).await.map(drop).map_err(|error| error.code()), Err(Code::LinkExpired));
        sending.close().await;
    }

    /// KY4
    async fn what_waits_is_sealed_again_under_a_new_master_key(fresh) {
        let acme = fresh.tenant("acme").await;
        let id = queued(&acme).await;
        let before = body(&fresh.core, &id).await;
        let new = MasterKey::generate();
        fresh.core.rotate_master_key(&new).await.expect("rotated");
        assert_ne!(body(&fresh.core, &id).await, before);
        assert_eq!(acme.owner().await.send_test_mail().await.map(drop).map_err(|error| error.code()), Err(Code::Unavailable));
        let again = Core::open(fresh.location.clone(), KeySource::Given(new), fresh.clock.clone(), settings()).await.expect("opens");
        assert_eq!(again.take_mail().await.expect("opens").expect("a mail").id, id);
        again.close().await;
    }

    async fn the_outbox_forgets_what_ended_long_ago(fresh) {
        let acme = fresh.tenant("acme").await;
        let id = queued(&acme).await;
        fresh.clock.advance(LASTS);
        fresh.core.end_overdue_mail().await.expect("looked");
        fresh.clock.advance(30 * DAY - SECOND);
        fresh.core.sweep().await.expect("swept");
        assert!(store::with_body(fresh.core.db(), &acme.tenant, &id).await.expect("answers").is_some());
        fresh.clock.advance(2 * SECOND);
        fresh.core.sweep().await.expect("swept");
        assert!(store::with_body(fresh.core.db(), &acme.tenant, &id).await.expect("answers").is_none());
    }

    /// The database itself holds to it.
    async fn a_row_that_ended_holds_no_body_and_none_waits_longer_than_it_may(fresh) {
        let acme = fresh.tenant("acme").await;
        let id = queued(&acme).await;
        for wrong in ["state = 'sent', ended_at = 1", "body = null", "state = 'lost'", "ended_at = 1", "expires_at = expires_at + 1"] {
            assert!(fresh.sql(format!("update mail set {wrong} where id = '{id}'")).await.is_err(), "{wrong}");
        }
    }
}
