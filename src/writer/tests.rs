//! The one writer: what it is given is kept whole or not at all, whoever hangs up, and it takes no more than it can hold.

use super::*;
use crate::{
    Core, Origination, TenantId, Tx, Who,
    audit::{Action, Event},
    db::args,
    on_each_engine,
    testing::Fresh,
};
use std::{future::poll_fn, pin::Pin, task::Poll};

type Commit = Pin<Box<dyn Future<Output = Result<Committed>> + Send>>;

fn begin(core: &Core, tenant: &TenantId, note: &str) -> Tx {
    let mut tx = core.begin(Who::System, Some(tenant.clone()), Origination::default());
    let insert = Write::any("insert into credential_use (id, last_used_at) values ($1, 1)", args![note]);
    tx.write(insert.on_duplicate(Code::AlreadyExists, "That note is there."));
    tx
}

fn commit(tx: Tx, note: &str) -> Commit {
    Box::pin(tx.commit(Event::new(Action::TenantUpdated).with("note", note)))
}

fn keep(core: &Core, tenant: &TenantId, note: &str) -> Commit {
    commit(begin(core, tenant, note), note)
}

/// One of many of a kind. What was written together with others says so, by the number that it keeps.
fn alike(core: &Core, tenant: &TenantId, note: &str) -> Commit {
    let mut tx = core.begin(Who::System, Some(tenant.clone()), Origination::default());
    let alone = "insert into credential_use (id, last_used_at) select $1, $2 where $1 <> 'refused'";
    let insert = Write::one(alone, args![note, 1_i64], Code::Conflict, "It is refused.")
        .many("insert into credential_use (id, last_used_at) select n.id, n.at + 1 from unnest($1::text[], $2::bigint[]) n (id, at) where n.id <> 'refused' returning id")
        .on_duplicate(Code::AlreadyExists, "That note is there.");
    tx.write(insert);
    commit(tx, note)
}

/// Polls once: enough to hand the job to the writer, or to be refused.
async fn submit(commit: &mut Commit) -> Option<Result<Committed>> {
    poll_fn(|context| match commit.as_mut().poll(context) {
        Poll::Ready(result) => Poll::Ready(Some(result)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

/// Keeps the writer from committing until it is let go.
async fn hold(fresh: &Fresh) -> Conn {
    let mut conn = fresh.location.writer().await.expect("a connection");
    conn.begin().await.expect("begins");
    if fresh.core.engine() == "postgres" {
        conn.run("lock table audit_head in access exclusive mode").await.expect("locked");
    }
    conn
}

async fn let_go(mut conn: Conn) {
    conn.run("rollback").await.expect("rolled back");
    conn.close().await;
}

/// The notes in the order of their events.
async fn recorded(core: &Core, tenant: &TenantId) -> Vec<String> {
    let bodies: Vec<(String,)> =
        core.db().all("select body from audit_event where chain = $1 order by seq", args![tenant]).await.expect("rows");
    let note = |body: &str| serde_json::from_str::<serde_json::Value>(body).expect("JSON")["metadata"]["note"].as_str().map(str::to_owned);
    bodies.iter().filter_map(|(body,)| note(body)).collect()
}

async fn noted(core: &Core) -> usize {
    let rows: Vec<(String,)> = core.db().all("select id from credential_use", args![]).await.expect("rows");
    rows.len()
}

on_each_engine! {
    /// X1
    async fn a_caller_that_hangs_up_cancels_nothing(fresh) {
        let (core, tenant) = (&fresh.core, TenantId::new(fresh.core.now()));
        for number in 0..50 {
            let mut commit = keep(core, &tenant, &format!("note_{number}"));
            // The writer may even have answered by now.
            let _ = submit(&mut commit).await;
            drop(commit);
        }
        // Queued behind them, so it is answered after them.
        keep(core, &tenant, "last").await.expect("kept");
        assert_eq!((noted(core).await, recorded(core, &tenant).await.len()), (51, 51));
    }

    async fn a_transaction_dropped_before_its_commit_leaves_nothing(fresh) {
        let (core, tenant) = (&fresh.core, TenantId::new(fresh.core.now()));
        drop(begin(core, &tenant, "dropped"));
        drop(keep(core, &tenant, "never polled"));
        keep(core, &tenant, "kept").await.expect("kept");
        assert_eq!((noted(core).await, recorded(core, &tenant).await), (1, vec!["kept".to_owned()]));
    }

    async fn a_member_of_a_group_that_fails_fails_alone(fresh) {
        let (core, tenant) = (&fresh.core, TenantId::new(fresh.core.now()));
        let held = hold(&fresh).await;
        let mut commits: Vec<Commit> = ["first", "same", "same", "last"].map(|note| keep(core, &tenant, note)).into();
        for commit in &mut commits {
            assert!(submit(commit).await.is_none());
        }
        let_go(held).await;
        let mut outcomes = Vec::new();
        for commit in commits {
            outcomes.push(commit.await.map(drop).map_err(|error| error.code()));
        }
        assert_eq!(outcomes, [Ok(()), Ok(()), Err(Code::AlreadyExists), Ok(())]);
        assert_eq!(recorded(core, &tenant).await, ["first", "same", "last"]);
    }

    /// A chain whose end was taken for nothing begins with its first event, not with this.
    async fn a_refused_write_begins_no_chain(fresh) {
        let (core, tenant, other) = (&fresh.core, TenantId::new(fresh.core.now()), TenantId::new(fresh.core.now()));
        keep(core, &tenant, "same").await.expect("kept");
        let refused = keep(core, &other, "same").await.map(drop).map_err(|error| error.code());
        core.keep_in_turn(&other, Vec::new()).await.expect("nothing is kept");
        let chains: Vec<(String,)> = core.db().all("select chain from audit_head", args![]).await.expect("rows");
        assert_eq!((refused, chains), (Err(Code::AlreadyExists), vec![(tenant.to_string(),)]));
    }

    async fn revocations_go_before_what_waits(fresh) {
        let (core, tenant) = (&fresh.core, TenantId::new(fresh.core.now()));
        let held = hold(&fresh).await;
        // More than two groups wait, so that what comes last would be in the third.
        let mut commits: Vec<Commit> = (0..150).map(|number| keep(core, &tenant, &number.to_string())).collect();
        commits.push(commit(begin(core, &tenant, "urgent").urgently(), "urgent"));
        for commit in &mut commits {
            assert!(submit(commit).await.is_none());
        }
        let_go(held).await;
        for commit in commits {
            commit.await.expect("kept");
        }
        let order = recorded(core, &tenant).await;
        let place = order.iter().position(|note| note == "urgent").expect("recorded");
        assert!(place <= GROUP, "it came at {place}");
    }

    async fn past_the_queue_a_write_is_refused_at_once(fresh) {
        let (core, tenant) = (&fresh.core, TenantId::new(fresh.core.now()));
        let held = hold(&fresh).await;
        let (mut waiting, mut refused) = (Vec::new(), 0);
        for number in 0..QUEUE + GROUP + 200 {
            let mut commit = keep(core, &tenant, &number.to_string());
            match submit(&mut commit).await {
                Some(Err(error)) => {
                    assert_eq!((error.code(), error.problem().retry_after), (Code::Unavailable, Some(1)));
                    refused += 1;
                }
                Some(Ok(_)) => panic!("nothing can be kept while the database is held"),
                None => waiting.push(commit),
            }
        }
        let_go(held).await;
        assert!((200..=200 + GROUP).contains(&refused), "{refused}");
        let mut kept = 0;
        for commit in waiting {
            kept += usize::from(commit.await.is_ok());
        }
        // A slow machine may run past the deadline of some; whatever was kept was kept with its event.
        assert!(kept > 0 && noted(core).await >= kept);
        assert_eq!(noted(core).await, recorded(core, &tenant).await.len());
        keep(core, &tenant, "after").await.expect("the writer goes on");
    }

    async fn a_text_with_nul_is_refused_on_both_engines_alike(fresh) {
        let (core, tenant) = (&fresh.core, TenantId::new(fresh.core.now()));
        let refused = keep(core, &tenant, "a\0b").await.map(drop).map_err(|error| error.code());
        assert_eq!(refused, Err(Code::InvalidField));
        assert_eq!(noted(core).await, 0);
    }
}

/// However long another process writes of one tenant, what is written of another one in the same group does not wait for that.
#[tokio::test]
async fn a_held_chain_keeps_its_own_writes_alone() {
    let fresh = crate::testing::fresh(crate::testing::Engine::Postgres).await;
    let core = &fresh.core;
    let [first, held, free] = [(); 3].map(|()| TenantId::new(core.now()));
    for tenant in [&first, &held, &free] {
        keep(core, tenant, &format!("begins {tenant}")).await.expect("kept");
    }
    let (mut before, elsewhere) = (fresh.meanwhile(&first, []).await, fresh.meanwhile(&held, []).await);
    let mut commits: Vec<Commit> =
        [(&first, "first"), (&held, "held"), (&free, "free")].map(|(tenant, note)| keep(core, tenant, note)).into();
    assert!(submit(&mut commits[0]).await.is_none());
    before.is_waited_for().await;
    assert!(submit(&mut commits[1]).await.is_none() && submit(&mut commits[2]).await.is_none());
    before.commits().await;
    let mut outcomes = Vec::new();
    for commit in commits {
        outcomes.push(commit.await.map(drop).map_err(|error| error.code()));
    }
    assert_eq!(outcomes, [Ok(()), Err(Code::Unavailable), Ok(())]);
    elsewhere.commits().await;
    keep(core, &held, "later").await.expect("kept");
    assert_eq!(recorded(core, &held).await.last().map(String::as_str), Some("later"));
}

/// Those that follow each other are one statement on PostgreSQL, and whoever is refused in it is refused alone.
#[tokio::test]
async fn many_of_a_kind_are_written_together() {
    let fresh = crate::testing::fresh(crate::testing::Engine::Postgres).await;
    let (core, tenant) = (&fresh.core, TenantId::new(fresh.core.now()));
    keep(core, &tenant, "begins").await.expect("kept");
    for (notes, expected) in [
        (["a", "refused", "b", "plain 1", "c", "d"], [Ok(()), Err(Code::Conflict), Ok(()), Ok(()), Ok(()), Ok(())]),
        (["e", "f", "f", "g", "h", "i"], [Ok(()), Ok(()), Err(Code::AlreadyExists), Ok(()), Ok(()), Ok(())]),
        (["j", "plain 2", "k", "plain 3", "refused", "l"], [Ok(()), Ok(()), Ok(()), Ok(()), Err(Code::Conflict), Ok(())]),
    ] {
        // The writer waits with the first in its hands, and the others for it.
        let mut elsewhere = fresh.meanwhile(&tenant, []).await;
        let mut first = keep(core, &tenant, &format!("before {}", notes[0]));
        assert!(submit(&mut first).await.is_none());
        elsewhere.is_waited_for().await;
        let mut commits: Vec<Commit> =
            notes.map(|note| if note.starts_with("plain") { keep(core, &tenant, note) } else { alike(core, &tenant, note) }).into();
        for commit in &mut commits {
            assert!(submit(commit).await.is_none());
        }
        elsewhere.commits().await;
        first.await.expect("kept");
        let mut outcomes = Vec::new();
        for commit in commits {
            outcomes.push(commit.await.map(drop).map_err(|error| error.code()));
        }
        assert_eq!(outcomes, expected, "{notes:?}");
    }
    let told = "begins,before a,a,b,plain 1,c,d,before e,e,f,g,h,i,before j,j,plain 2,k,plain 3,l";
    assert_eq!(recorded(core, &tenant).await.join(","), told);
    let rows: Vec<(String,)> =
        core.db().all("select id from credential_use where last_used_at = 2 order by id", args![]).await.expect("rows");
    let together: String = rows.into_iter().map(|(id,)| id).collect();
    assert_eq!(together, "abcdl", "where one was there twice, each was written for itself");
}
