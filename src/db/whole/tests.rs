//! Schemas of other versions (E14).

use crate::{
    Code, Core, KeySource, Location, on_each_engine,
    testing::{Engine, Fresh, PAGE, fresh, location, settings},
};

async fn open(fresh: &Fresh) -> crate::Result<Core> {
    Core::open(fresh.location.clone(), KeySource::Given(fresh.master_key()), fresh.clock.clone(), settings()).await
}

/// Takes the last migration back, as if the program before it had written the database.
async fn as_before(fresh: &Fresh) {
    for statement in [
        "delete from _sqlx_migrations where version = 3",
        "alter table membership drop column held_at",
        "alter table api_key drop column held_at",
        "alter table api_key drop column valid_since",
    ] {
        fresh.sql(statement).await.expect(statement);
    }
}

on_each_engine! {
    async fn an_older_schema_is_brought_up_to_date_with_all_that_is_in_it(fresh) {
        let acme = fresh.tenant("acme").await;
        let organization = acme.organization("here").await;
        let token = acme.token(&acme.owner().await, &organization).await;
        let key = acme.api_key(crate::Role::Admin, None).await;
        fresh.core.close().await;
        as_before(&fresh).await;
        assert_eq!(fresh.location.schema().await.expect("read"), Some(2));
        // Two programs that start at once: one migrates, the other waits, neither fails.
        let (one, other) = tokio::join!(open(&fresh), open(&fresh));
        let (one, other) = (one.expect("opens"), other.expect("opens"));
        assert_eq!(fresh.location.schema().await.expect("read"), Some(Location::newest_schema()));
        let call = crate::token::Presented { bearer: Some(token.token.reveal()), origin: Some(PAGE), ..Default::default() };
        assert!(one.guard(call).await.is_ok());
        assert!(other.actor_for_api_key(key.key.reveal(), crate::Origination::default()).await.is_ok());
        if let Location::Sqlite(path) = &fresh.location {
            let copy = Location::Sqlite(format!("{}.schema-2", path.display()).into());
            assert_eq!(copy.schema().await.expect("a copy"), Some(2), "what to go back to");
        }
        one.close().await;
        other.close().await;
    }

    /// Of several programs that start at once on an empty database one makes the schema, the others wait for it, and none fails.
    async fn an_empty_database_gets_its_schema_once(fresh) {
        let (engine, folder) = match &fresh.location {
            Location::Sqlite(path) => (Engine::Sqlite, path.with_file_name("empty")),
            Location::Postgres(_) => (Engine::Postgres, std::path::PathBuf::new()),
        };
        if engine == Engine::Sqlite {
            std::fs::create_dir(&folder).expect("a folder");
        }
        let empty = location(engine, &folder).await;
        let open = || Core::open(empty.clone(), KeySource::Given(fresh.master_key()), fresh.clock.clone(), settings());
        let (one, two, three) = tokio::join!(open(), open(), open());
        for core in [one, two, three] {
            let core = core.expect("opens");
            core.ready().await.expect("the schema is whole");
            core.close().await;
        }
        assert_eq!(empty.schema().await.expect("read"), Some(Location::newest_schema()));
    }

    async fn a_newer_schema_is_refused_and_named(fresh) {
        fresh.core.close().await;
        let later = if fresh.core.engine() == "postgres" { "'\\x00', true" } else { "x'00', 1" };
        let columns = "version, description, checksum, success, execution_time";
        fresh.sql(format!("insert into _sqlx_migrations ({columns}) values (999, 'later', {later}, 0)")).await.expect("written");
        let refused = open(&fresh).await.err().expect("refused").problem();
        assert_eq!(refused.code, Code::Unavailable);
        assert!(refused.message.contains("number 999") && refused.message.contains("newer Mintmark"), "{}", refused.message);
    }
}

/// E16: SQLite serves a file whose end was lost, or an older one, as if nothing were missing.
#[tokio::test]
async fn a_database_behind_what_it_acknowledged_is_not_served() {
    let fresh = fresh(Engine::Sqlite).await;
    let acme = fresh.tenant("acme").await;
    let organization = acme.organization("here").await;
    let owner = acme.owner().await;
    let token = acme.token(&owner, &organization).await;
    let Location::Sqlite(path) = &fresh.location else { panic!("it is SQLite") };
    let older = path.with_extension("older");
    fresh.location.copy_to(&older).await.expect("copied");
    owner.revoke_token(&token.id, crate::token::Revocation::default()).await.expect("revoked");
    fresh.core.close().await;
    open(&fresh).await.expect("nothing is missing").close().await;

    std::fs::rename(&older, path).expect("the older file is in its place");
    let refused = open(&fresh).await.err().expect("refused");
    assert_eq!(refused.code(), Code::Unavailable);
    assert!(refused.to_string().contains("restore --adopt"), "{refused}");
    fresh.location.forget_end().expect("forgotten");
    open(&fresh).await.expect("taken as it is").close().await;

    std::fs::write(crate::end_of(path), "no number").expect("damaged");
    assert_eq!(open(&fresh).await.err().map(|error| error.code()), Some(Code::Unavailable));
}

/// A command beside a server that writes: what one notes never makes the other believe that something is missing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_process_opens_while_the_first_writes() {
    let fresh = fresh(Engine::Sqlite).await;
    let acme = fresh.tenant("acme").await;
    let organization = acme.organization("here").await;
    let owner = acme.owner().await;
    let writing = async {
        for _ in 0..300 {
            acme.token(&owner, &organization).await;
        }
    };
    let opening = async {
        for _ in 0..12 {
            open(&fresh).await.expect("nothing is missing").close().await;
        }
    };
    tokio::join!(writing, opening);
}

#[tokio::test]
async fn a_copy_is_whole_while_the_original_is_written() {
    let fresh = fresh(Engine::Sqlite).await;
    let acme = fresh.tenant("acme").await;
    let organization = acme.organization("here").await;
    let Location::Sqlite(path) = &fresh.location else { panic!("it is SQLite") };
    let copy = path.with_extension("copy");
    let owner = acme.owner().await;
    let (copied, ()) = tokio::join!(fresh.location.copy_to(&copy), async {
        for _ in 0..20 {
            acme.token(&owner, &organization).await;
        }
    });
    copied.expect("copied");
    assert!(fresh.location.copy_to(&copy).await.is_err(), "nothing is overwritten");
    let copy = Location::Sqlite(copy);
    assert!(copy.damage().await.expect("looked").is_empty());
    let core = Core::open(copy, KeySource::Given(fresh.master_key()), fresh.clock.clone(), settings()).await.expect("opens");
    assert!(core.verify_audit().await.expect("walked").first_bad().is_none());
    core.close().await;
}
