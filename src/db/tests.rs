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
