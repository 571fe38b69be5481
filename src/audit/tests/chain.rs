//! What is written: one line for each event, in an unbroken sequence, or nothing at all.

use super::*;
use crate::{Code, db::args, on_each_engine, writer::Write};

async fn bodies(core: &Core, tenant: &TenantId) -> Vec<(i64, String)> {
    core.db().all("select seq, body from audit_event where chain = $1 order by seq", args![tenant]).await.expect("rows")
}

fn note(id: &str) -> Write {
    Write::any("insert into credential_use (id, last_used_at) values ($1, 1)", args![id])
        .on_duplicate(Code::AlreadyExists, "That note is there.")
}

async fn notes(core: &Core) -> i64 {
    let (count,): (i64,) = core.db().one("select cast(count(*) as bigint) from credential_use", args![]).await.expect("a count");
    count
}

on_each_engine! {
    /// AU5
    async fn whatever_a_name_holds_an_event_is_one_line(fresh) {
        let (core, tenant) = (&fresh.core, tenant(&fresh.core));
        let nasty = "a\r\nb\u{1b}[2Jc\0d\u{202e}e\u{2066}f\u{2028}g\u{85}h\u{feff}\"\\";
        let who = Who::User {
            id: UserId::new(core.now()),
            name: nasty.to_owned(),
            session: SessionId::new(core.now()),
            proved_at: core.now(),
        };
        let from = Origination { ip: Some(nasty.to_owned()), user_agent: Some(nasty.repeat(4_000)), request_id: None };
        let event = Event::new(Action::TenantUpdated)
            .target(crate::audit::Target { kind: "user".to_owned(), id: nasty.to_owned() })
            .reason(Some(nasty))
            .with("origin", nasty)
            .with(nasty, nasty);
        core.begin(who, Some(tenant.clone()), from).commit(event).await.expect("recorded");
        let bodies = bodies(core, &tenant).await;
        let [(1, line)] = &bodies[..] else { panic!("one row, not {}", bodies.len()) };
        let escaped = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
        assert!(!line.contains(escaped), "{line:?}");
        assert!(line.len() < 64 * 1_024, "{} bytes", line.len());
        let op = person(core, &tenant, Some(Role::Member), &[]);
        let page = op.history(&crate::audit::HistoryFilter::default(), crate::Limit::default(), None).await.expect("reads back");
        assert_eq!(page.data[0].actor.name.as_deref(), Some(nasty));
        assert_eq!(page.data[0].metadata["origin"], nasty);
        assert_eq!(page.data[0].user_agent.as_deref().map(|agent| agent.chars().count()), Some(512));
    }

    /// AU8
    async fn the_sequence_has_no_gap_although_some_of_many_writes_fail(fresh) {
        let (core, tenant) = (&fresh.core, tenant(&fresh.core));
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..200 {
            let (core, tenant) = (core.clone(), tenant.clone());
            tasks.spawn(async move {
                let mut tx = core.begin(Who::System, Some(tenant), Origination::default());
                // Every fourth collides with the one before it.
                tx.write(note(&format!("note_{}", if number % 4 == 3 { number - 1 } else { number })));
                tx.commit(Event::new(Action::TenantUpdated).with("number", number)).await.map_err(|error| error.code())
            });
        }
        let outcomes = tasks.join_all().await;
        let refused = outcomes.iter().filter(|outcome| matches!(outcome, Err(Code::AlreadyExists))).count();
        let kept = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!((kept, refused), (150, 50));
        let bodies = bodies(core, &tenant).await;
        assert_eq!(bodies.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), (1..=150).collect::<Vec<_>>());
        assert_eq!(notes(core).await, 150);
    }

    /// AU3
    async fn what_cannot_be_recorded_is_not_done(fresh) {
        let (core, tenant) = (&fresh.core, tenant(&fresh.core));
        let refuse = if core.engine() == "postgres" {
            fresh.sql("create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$").await.expect("made");
            "create trigger refuse before insert on audit_event for each row execute function refuse()"
        } else {
            "create trigger refuse before insert on audit_event begin select raise(abort, 'no'); end"
        };
        fresh.sql(refuse).await.expect("made");
        let write = || async {
            let mut tx = core.begin(Who::System, Some(tenant.clone()), Origination::default());
            tx.write(note("note_1"));
            tx.commit(Event::new(Action::TenantUpdated)).await.map(drop).map_err(|error| error.code())
        };
        assert_eq!(write().await, Err(Code::Unavailable));
        assert_eq!((notes(core).await, bodies(core, &tenant).await.len()), (0, 0));
        fresh.sql(if core.engine() == "postgres" { "drop trigger refuse on audit_event" } else { "drop trigger refuse" }).await.expect("dropped");
        assert_eq!(write().await, Ok(()));
        assert_eq!((notes(core).await, bodies(core, &tenant).await.len()), (1, 1));
    }

    /// AU2
    async fn direct_sql_can_neither_change_nor_delete_history(fresh) {
        let (core, tenant) = (&fresh.core, tenant(&fresh.core));
        record_many(core, &tenant, Action::TokenMinted, 2).await;
        for statement in ["update audit_event set body = 'x'", "update audit_event set at = 0", "delete from audit_event"] {
            assert!(fresh.sql(statement).await.is_err(), "{statement}");
        }
        fresh.sql("update installation set pruned_before = 5").await.expect("forward");
        assert!(fresh.sql("update installation set pruned_before = 4").await.is_err());
        if core.engine() == "postgres" {
            assert!(fresh.sql("truncate audit_event").await.is_err());
            assert!(fresh.sql("truncate widget_token").await.is_err());
        }
        assert_eq!(bodies(core, &tenant).await.len(), 2);
    }
}
