//! Schemas of other versions (E14).

use super::sqlite;
use crate::{
    Code, Core, KeySource, Location, Standbys,
    key::MasterKey,
    on_each_engine,
    testing::{Engine, Fixture, Fresh, PAGE, fresh, location, settings},
};
use sqlx::{ConnectOptions, Connection};

/// Of the databases in `schema_3.*.sql`; it seals nothing else.
const SCHEMA_3_KEY: &str = "a5def0a92ea2ecd63daf0b32a31600186505463070a8287f9fe7e4a3f40e8f67";

async fn open(fresh: &Fresh) -> crate::Result<Core> {
    Core::open(fresh.location.clone(), KeySource::Given(fresh.master_key()), fresh.clock.clone(), settings()).await
}

impl Location {
    /// Runs a whole script on an empty database.
    async fn fill(&self, script: &'static str) {
        match self {
            Self::Sqlite(path) => {
                let mut conn = sqlite(path).foreign_keys(false).connect().await.expect("a file");
                sqlx::raw_sql(script).execute(&mut conn).await.expect("filled");
                conn.close().await.expect("closed");
            }
            Self::Postgres(options) => {
                let mut conn = options.connect().await.expect("PostgreSQL answers");
                sqlx::raw_sql(script).execute(&mut conn).await.expect("filled");
                conn.close().await.expect("closed");
            }
        }
    }
}

/// Takes the last migrations back, as if the program before them had written the database.
async fn as_before(fresh: &Fresh) {
    for statement in [
        "delete from _sqlx_migrations where version > 2",
        "drop view audit_reason",
        "drop index audit_event_refusals",
        "drop index audit_event_refusals_by_reason",
        "drop index audit_event_refusals_by_organization",
        "drop index audit_event_refusals_by_origin",
        "drop index audit_event_by_outcome",
        "create index audit_event_by_outcome on audit_event (chain, outcome, seq)",
        "create index audit_event_by_time on audit_event (chain, at, seq)",
        "drop table product_step",
        "drop table mail",
        "drop table conversation_message",
        "drop table conversation",
        "drop table identity_token",
        "drop table verification_secret",
        "drop table bridge_token_use",
        "drop table customer_session",
        "drop table kept_sign_in",
        "drop table customer_organization",
        "drop table customer_role",
        "drop table customer_password",
        "drop table password_link",
        "drop table password_request",
        "drop table customer",
        "drop table bridge_key",
        "drop table magic_link",
        "drop table magic_link_request",
        "drop table magic_link_gate",
        "drop table offering",
        "drop table embed_key",
        "drop table product_domain",
        "drop table product",
        "alter table membership drop column held_at",
        "alter table api_key drop column held_at",
        "alter table api_key drop column valid_since",
    ] {
        fresh.sql(statement).await.expect(statement);
    }
    if fresh.core.engine() == "postgres" {
        for function in ["customer_session_stays_revoked", "kept_sign_in_stays_ended", "identity_token_stays_revoked"] {
            fresh.sql(format!("drop function {function}")).await.expect("the trigger's own");
        }
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
        // A tenant that was there before products got its first, under an id made of its own digits.
        let acme = Fixture { core: one.clone(), ..acme };
        let products = acme.owner().await.products(crate::Limit::default(), None).await.expect("a list").data;
        let [first] = products.as_slice() else { panic!("one: {products:?}") };
        assert_eq!(first.product.id.as_str(), acme.tenant.as_str().replace("ten_", "prod_"));
        assert_eq!((first.product.name.as_str(), &first.product.appearance), ("acme", &crate::product::Appearance::default()));
        if let Location::Sqlite(path) = &fresh.location {
            let copy = Location::Sqlite(format!("{}.schema-2", path.display()).into());
            assert_eq!(copy.schema().await.expect("a copy"), Some(2), "what to go back to");
        }
        one.close().await;
        other.close().await;
    }

    /// Not a schema taken back but a database that the last program before products wrote, with its own master key.
    async fn a_database_from_before_products_gets_one_for_each_tenant(fresh) {
        let (engine, dump, folder) = match &fresh.location {
            Location::Sqlite(path) => (Engine::Sqlite, include_str!("schema_3.sqlite.sql"), path.with_file_name("older")),
            Location::Postgres(_) => (Engine::Postgres, include_str!("schema_3.postgres.sql"), std::path::PathBuf::new()),
        };
        if engine == Engine::Sqlite {
            std::fs::create_dir(&folder).expect("a folder");
        }
        let older = location(engine, &folder).await;
        older.fill(dump).await;
        assert_eq!(older.schema().await.expect("read"), Some(3));
        let key = MasterKey::parse(SCHEMA_3_KEY).expect("a key");
        let core = Core::open(older.clone(), KeySource::Given(key), fresh.clock.clone(), settings()).await.expect("opens");
        assert_eq!(older.schema().await.expect("read"), Some(Location::newest_schema()));
        let tenants: Vec<(crate::TenantId, String)> =
            core.db().all("select id, name from tenant order by slug", vec![]).await.expect("tenants");
        assert_eq!(tenants.len(), 2);
        for (id, name) in tenants {
            let roles = crate::Roles { tenant: Some(crate::Role::Owner), ..crate::Roles::default() };
            let actor = crate::Actor { who: crate::Who::CommandLine, tenant: id.clone(), roles, from: crate::Origination::default() };
            let products = core.act_as(actor).products(crate::Limit::default(), None).await.expect("a list").data;
            let [first] = products.as_slice() else { panic!("one: {products:?}") };
            assert_eq!((first.product.id.to_string(), &first.product.name), (id.as_str().replace("ten_", "prod_"), &name));
        }
        assert!(core.verify_audit().await.expect("walked").first_bad().is_none());
        core.close().await;
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

    /// E6; a server with standbys is in `make faults`.
    async fn a_postgres_says_who_follows_it(fresh) {
        let standbys = fresh.location.standbys().await.expect("it may be asked");
        assert_eq!(standbys, (fresh.core.engine() == "postgres").then(Standbys::default));
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

/// E16: with each commit, not at the next start, which whoever puts an older file in its place would be.
#[tokio::test]
async fn what_is_acknowledged_is_noted_at_once() {
    let fresh = fresh(Engine::Sqlite).await;
    let acme = fresh.tenant("acme").await;
    let Location::Sqlite(path) = &fresh.location else { panic!("it is SQLite") };
    let older = path.with_extension("older");
    fresh.location.copy_to(&older).await.expect("copied");
    acme.organization("here").await;
    fresh.core.close().await;
    std::fs::rename(&older, path).expect("the older file is in its place");
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
