//! A PostgreSQL whose link falls silent: nobody waits for it for ever, and work goes on over new connections.

use super::*;
use crate::{
    Core, KeySource,
    testing::{Engine, Fresh, fresh, settings},
    writer::Write,
};
use sqlx::postgres::PgConnectOptions;
use std::future::pending;
use tokio::{
    io::copy_bidirectional,
    net::{TcpStream, UnixListener, UnixStream},
    sync::watch,
    task::JoinSet,
};

/// A socket before the tests' PostgreSQL. Connections that are open when it falls silent stay so for ever, and those that are open
/// when it is cut end; later ones pass.
struct Link {
    folder: std::path::PathBuf,
    silent: watch::Sender<()>,
    cut: watch::Sender<()>,
}

impl Link {
    fn before(options: &PgConnectOptions) -> Self {
        let folder = std::env::temp_dir().join(format!("link-{}", crate::EventId::new(crate::Time::default())));
        std::fs::create_dir_all(&folder).expect("a folder");
        let listener = UnixListener::bind(folder.join(format!(".s.PGSQL.{}", options.get_port()))).expect("a socket");
        let (silent, cut, there) = (watch::Sender::new(()), watch::Sender::new(()), options.clone());
        let (telling, ending) = (silent.clone(), cut.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let passing = pass(client, there.clone(), telling.subscribe());
                let mut cut = ending.subscribe();
                tokio::spawn(async move {
                    tokio::select! {
                        () = passing => {}
                        _ = cut.changed() => {}
                    }
                });
            }
        });
        Self { folder, silent, cut }
    }
}

async fn pass(mut client: UnixStream, there: PgConnectOptions, mut silent: watch::Receiver<()>) {
    let folder = there.get_socket().map_or_else(|| there.get_host().to_owned(), |path| path.display().to_string());
    let passing = async {
        if folder.starts_with('/') {
            let mut server = UnixStream::connect(format!("{folder}/.s.PGSQL.{}", there.get_port())).await.expect("PostgreSQL");
            tokio::select! {
                _ = copy_bidirectional(&mut client, &mut server) => {}
                _ = silent.changed() => pending().await,
            }
        } else {
            let mut server = TcpStream::connect((folder, there.get_port())).await.expect("PostgreSQL");
            tokio::select! {
                _ = copy_bidirectional(&mut client, &mut server) => {}
                _ = silent.changed() => pending().await,
            }
        }
    };
    passing.await;
}

impl Drop for Link {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn behind(fresh: &Fresh) -> (Core, Link) {
    let Location::Postgres(options) = &fresh.location else { unreachable!("the test's engine") };
    let link = Link::before(options);
    let location = Location::Postgres(Box::new((**options).clone().socket(&link.folder)));
    let core = Core::open(location, KeySource::Given(fresh.master_key()), fresh.clock.clone(), settings()).await.expect("opens");
    (core, link)
}

async fn write(core: &Core, note: &str) -> Result<()> {
    let insert = "insert into credential_use (id, last_used_at) values ($1, 1)";
    core.keep(vec![Write::any(insert, args![note])]).await.map(drop)
}

/// As many reads at once as there are readers; how many were answered.
async fn read(core: &Core) -> usize {
    let mut reads = JoinSet::new();
    for _ in 0..16 {
        let core = core.clone();
        reads.spawn(async move { core.ready().await.is_ok() });
    }
    reads.join_all().await.into_iter().filter(|answered| *answered).count()
}

/// X1: writer and readers give such a connection up and take their places back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_fell_silent_is_given_up() {
    let fresh = fresh(Engine::Postgres).await;
    let (core, link) = behind(&fresh).await;
    write(&core, "before").await.expect("written");
    assert_eq!(read(&core).await, 16);
    link.silent.send_replace(());
    let (written, answered) = tokio::join!(write(&core, "lost"), read(&core));
    assert_eq!(written.err().map(|error| error.code()), Some(Code::Unavailable));
    assert!(answered < 16, "some of them were on the silent link");
    write(&core, "after").await.expect("written over a new connection");
    assert_eq!(read(&core).await, 16, "no place is lost");
}

/// What a request waited for one statement it does not wait again for the next; and the next request meets none of the other
/// connections that were open when the link fell silent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_waits_of_one_request_add_up() {
    let fresh = fresh(Engine::Postgres).await;
    let (core, link) = behind(&fresh).await;
    assert_eq!(read(&core).await, 16, "so many connections are open");
    link.silent.send_replace(());
    let two = Box::pin(async { (core.ready().await.is_ok(), core.ready().await.is_ok()) });
    let (first, second) = one_request(two).await;
    assert!(!first, "its connection was silent");
    assert!(!second, "nothing of its two seconds was left");
    core.ready().await.expect("another request has two seconds of its own");
}

/// A server that was started anew, or whose operator ended its clients: whoever reads next does not notice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_whose_connections_ended_begin_anew() {
    let fresh = fresh(Engine::Postgres).await;
    let (core, link) = behind(&fresh).await;
    assert_eq!(read(&core).await, 16);
    link.cut.send_replace(());
    for _ in 0..20 {
        core.ready().await.expect("read over a new connection");
    }
}

/// X2: what is acknowledged before it is durable is not written at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_wait_for_its_disk_is_not_written_to() {
    let fresh = fresh(Engine::Postgres).await;
    let Location::Postgres(options) = &fresh.location else { unreachable!("the test's engine") };
    for (level, refused) in [("on", None), ("remote_apply", None), ("local", Some(Code::Unavailable)), ("off", Some(Code::Unavailable))] {
        let location = Location::Postgres(Box::new((**options).clone().options([("synchronous_commit", level)])));
        assert_eq!(location.writer().await.err().map(|error| error.code()), refused, "{level}");
    }
}

/// Rows of `credential_use` as a hot path asks for them; one that holds a 7 cannot be read.
fn gather() -> Gather<(i64,)> {
    Gather::new(
        "select nullif(last_used_at, 7) from credential_use where id = $1 and $2 = 'here'",
        "select r.*, n.place from unnest($1::text[], $2::text[]) with ordinality n (id, tenant, place) cross join lateral
            (select nullif(last_used_at, 7) from credential_use where id = n.id and n.tenant = 'here' offset 0) r",
    )
}

async fn with_uses(fresh: &Fresh) -> Arc<Gather<(i64,)>> {
    let fill = "with recursive n (i) as (select 0 union all select i + 1 from n where i < 99) insert into credential_use (id, last_used_at) select 'use_' || i, i from n";
    fresh.sql(fill).await.expect("filled");
    Arc::new(gather())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_at_once_gets_their_own_row_or_their_own_error() {
    let fresh = fresh(Engine::Postgres).await;
    let gather = with_uses(&fresh).await;
    let mut asked = JoinSet::new();
    for n in 0..300_i64 {
        let (gather, core) = (gather.clone(), fresh.core.clone());
        // A hundred that are there, a hundred that are not, and the first hundred for another tenant.
        let (id, tenant) = (format!("use_{}", n % 200), if n < 200 { "here" } else { "elsewhere" });
        asked.spawn(async move { (n, gather.point(core.db(), &id, tenant).await) });
    }
    for (n, found) in asked.join_all().await {
        match n {
            7 => assert_eq!(found.err().map(|error| error.code()), Some(Code::Internal), "fails alone"),
            0..100 => assert_eq!(found.expect("read"), Some((n,))),
            _ => assert_eq!(found.expect("read"), None, "{n}"),
        }
    }
    let nul = gather.point(fresh.core.db(), "use_\0", "here").await;
    assert_eq!(nul.err().map(|error| error.code()), Some(Code::InvalidField));
}

/// While two statements are under way, all others wait for one; whoever hangs up takes nobody along.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_ask_meanwhile_are_asked_for_together() {
    let fresh = fresh(Engine::Postgres).await;
    let gather = with_uses(&fresh).await;
    let Location::Postgres(options) = &fresh.location else { unreachable!("the test's engine") };
    let mut other = options.connect().await.expect("a connection");
    let mut lock = other.begin().await.expect("begins");
    sqlx::raw_sql("lock table credential_use in access exclusive mode").execute(&mut *lock).await.expect("locked");
    let ask = |n: i64| {
        let (gather, core) = (gather.clone(), fresh.core.clone());
        tokio::spawn(async move { gather.point(core.db(), &format!("use_{n}"), "here").await })
    };
    let until = async |state: (usize, usize)| {
        while gather.state() != state {
            tokio::task::yield_now().await;
        }
    };
    let mut asked = vec![ask(0)];
    until((0, 1)).await;
    asked.push(ask(1));
    until((0, 2)).await;
    asked.extend((10..60).map(ask));
    until((50, 2)).await;
    asked[0].abort();
    asked[20].abort();
    lock.rollback().await.expect("unlocked");
    let mut answered = 0;
    for (n, asked) in [0, 1].into_iter().chain(10..60).zip(asked) {
        if let Ok(found) = asked.await {
            assert_eq!(found.expect("read"), Some((n,)));
            answered += 1;
        }
    }
    assert_eq!(answered, 50);
    until((0, 0)).await;
}

/// X1
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_asked_together_over_a_silent_link_are_told_in_time() {
    let fresh = fresh(Engine::Postgres).await;
    let gather = with_uses(&fresh).await;
    let (core, link) = behind(&fresh).await;
    assert_eq!(gather.point(core.db(), "use_1", "here").await.expect("read"), Some((1,)));
    link.silent.send_replace(());
    let mut asked = JoinSet::new();
    for n in 10..90 {
        let (gather, core) = (gather.clone(), core.clone());
        asked.spawn(async move { gather.point(core.db(), &format!("use_{n}"), "here").await });
    }
    let told = asked.join_all().await;
    assert!(told.iter().any(|told| told.as_ref().is_err_and(|error| error.code() == Code::Unavailable)), "some were on the silent link");
    assert!(
        told.iter()
            .all(|told| told.as_ref().is_ok_and(Option::is_some) || told.as_ref().is_err_and(|error| error.code() == Code::Unavailable))
    );
    assert_eq!(gather.point(core.db(), "use_2", "here").await.expect("over a new connection"), Some((2,)));
}
