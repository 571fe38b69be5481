//! Embed keys and what they show, on a real database of each engine.

use super::{EmbedCall, EmbedKey, EmbedKeyChange, EmbedKeyRotation, EmbedKeyStatus, KeyMode, MOST, NewEmbedKey};
use crate::{
    Code, Core, EmbedKeyId, KeySource, Limit, Role,
    audit::RefusalFilter,
    offering::{Interval, NewOffering, OfferingChange, OfferingStatus, Price},
    on_each_engine,
    product::{Appearance, ProductChange},
    testing::{PAGE, settings},
    time::{DAY, HOUR, SECOND},
};
use serde_json::{Value, json};

async fn config(core: &Core, key: &EmbedKeyId) -> Result<Value, Code> {
    called(core, key.as_str(), None, Some(PAGE)).await
}

async fn called(core: &Core, key: &str, tenant: Option<&str>, origin: Option<&str>) -> Result<Value, Code> {
    let call = EmbedCall { key, tenant, origin, ..EmbedCall::default() };
    let served = core.embed_config(call).await.map_err(|error| error.code())?;
    Ok(serde_json::from_str(&served.body).expect("JSON"))
}

fn names(config: &Value) -> Vec<&str> {
    config["offerings"].as_array().expect("a list").iter().filter_map(|offering| offering["name"].as_str()).collect()
}

fn asked(origins: &[&str], mode: KeyMode) -> NewEmbedKey {
    let origins = origins.iter().map(ToString::to_string).collect();
    NewEmbedKey { name: "Website".into(), origins, mode, allow_development_origins: None }
}

fn offering(name: &str, status: OfferingStatus) -> NewOffering {
    let price = Price { amount: 1_900, currency: "EUR".into(), interval: Interval::Month };
    NewOffering { name: name.into(), description: None, price, features: vec!["Everything".into()], cta_url: None, status: Some(status) }
}

on_each_engine! {
    /// F5: drafts and archived offerings never leave, and order holds.
    async fn a_page_is_shown_what_is_published_and_nothing_else(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let key = acme.embed_key(&product).await;
        let mut made = Vec::new();
        for (name, status) in [("Draft", OfferingStatus::Draft), ("Basic", OfferingStatus::Published), ("Old", OfferingStatus::Archived), ("Team", OfferingStatus::Published)] {
            made.push(owner.create_offering(&product, offering(name, status)).await.expect("made"));
        }
        let looks = Appearance { accent: Some("#1a6b4f".into()), ..Appearance::default() };
        owner.update_product(&product, ProductChange { appearance: Some(looks), ..ProductChange::default() }).await.expect("changed");
        let shown = config(&fresh.core, &key.id).await.expect("shown");
        assert_eq!(shown["tenant"], json!({ "slug": "acme", "name": "acme" }));
        assert_eq!(shown["product"], json!({ "id": product, "name": "acme" }));
        assert_eq!((&shown["mode"], &shown["appearance"]), (&json!("live"), &json!({ "accent": "#1a6b4f" })));
        assert_eq!(names(&shown), ["Basic", "Team"]);
        assert_eq!(shown["offerings"][0]["price"], json!({ "amount": 1_900, "currency": "EUR", "interval": "month" }));
        for hidden in ["position", "status", "created_at", "product_id"] {
            assert!(shown["offerings"][0].get(hidden).is_none(), "{hidden}");
        }
        // What changes here is shown at the very next call.
        let change = |status| OfferingChange { status: Some(status), ..OfferingChange::default() };
        owner.update_offering(&product, &made[0].id, change(OfferingStatus::Published)).await.expect("published");
        owner.archive_offering(&product, &made[1].id).await.expect("archived");
        assert_eq!(names(&config(&fresh.core, &key.id).await.expect("shown")), ["Draft", "Team"]);
        assert_eq!(owner.embed_key(&product, &key.id).await.expect("read").last_used_at, None);
        fresh.core.flush_uses().await.expect("written");
        assert_eq!(owner.embed_key(&product, &key.id).await.expect("read").last_used_at, Some(fresh.core.now()));
    }

    /// OR5: unknown, disabled, replaced, deleted and another tenant's are one refusal.
    async fn a_key_that_does_not_work_is_as_one_that_never_was(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let key = acme.embed_key(&product).await;
        let refused = Err(Code::InvalidEmbedKey);
        for text in ["", "pk_live_", "pk_live_0123456789abcdef01234567", "pk_test_0123456789abcdef01234567", "sk_live_x", key.id.as_str().to_uppercase().as_str()] {
            assert_eq!(called(&fresh.core, text, None, Some(PAGE)).await, refused, "{text}");
        }
        assert!(called(&fresh.core, key.id.as_str(), Some("acme"), Some(PAGE)).await.is_ok());
        fresh.tenant("other").await;
        for slug in ["other", "nobody", "ACME", ""] {
            assert_eq!(called(&fresh.core, key.id.as_str(), Some(slug), Some(PAGE)).await, refused, "{slug}");
        }
        let disabled = owner.disable_embed_key(&product, &key.id, Some("leaving".into())).await.expect("disabled");
        assert_eq!((disabled.status, disabled.disable_reason.as_deref()), (EmbedKeyStatus::Disabled, Some("leaving")));
        assert_eq!(config(&fresh.core, &key.id).await, refused);
        fresh.clock.advance(SECOND);
        assert_eq!(owner.disable_embed_key(&product, &key.id, None).await.expect("the same"), disabled);
        assert_eq!(owner.enable_embed_key(&product, &key.id).await.expect("enabled").status, EmbedKeyStatus::Active);
        assert!(config(&fresh.core, &key.id).await.is_ok());
        owner.delete_product(&product).await.expect("deleted");
        assert_eq!(config(&fresh.core, &key.id).await, refused);
        assert_eq!(owner.enable_embed_key(&product, &key.id).await.err().map(|error| error.code()), Some(Code::NotFound));
    }

    /// OR2, F6: the page's origin is compared byte for byte with the key's own list.
    async fn only_a_page_of_a_listed_origin_is_shown_anything(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let key = owner.create_embed_key(&product, asked(&["https://app.acme.com", "https://b.example:8443"], KeyMode::Live)).await.expect("made");
        let from = async |origin: Option<&str>| called(&fresh.core, key.id.as_str(), None, origin).await.map(drop);
        for listed in ["https://app.acme.com", "https://b.example:8443"] {
            assert_eq!(from(Some(listed)).await, Ok(()), "{listed}");
        }
        for elsewhere in [
            "https://evil-app.acme.com", "https://app.acme.com.evil.com", "https://app.acme.comevil.com", "https://acme.com", "http://app.acme.com",
            "https://app.acme.com:8443", "https://app.acme.com:443", "https://app.acme.com@evil.com", "https://evil.com#app.acme.com", "null", "file://",
            "HTTPS://APP.ACME.COM", "https://app.acme.com.", "https://app.acme.com/", " https://app.acme.com", "https://аpp.acme.com", "", "*", "https://b.example",
            "https://app.acme.com, https://b.example:8443", "app.acme.com", "https://app.acme.com%00",
        ] {
            assert_eq!(from(Some(elsewhere)).await, Err(Code::EmbedOriginNotAllowed), "{elsewhere}");
        }
        assert_eq!(from(None).await, Err(Code::EmbedOriginNotAllowed));
        assert!(!key.is_only_for("https://app.acme.com"), "it is for another one too");
        let single = owner.create_embed_key(&product, asked(&["https://app.acme.com"], KeyMode::Live)).await.expect("made");
        assert!(single.is_only_for("https://app.acme.com") && !single.is_only_for("https://b.example:8443"));
        // A list that changes counts from the next call on.
        let change = EmbedKeyChange { origins: Some(vec!["https://c.example".into()]), ..EmbedKeyChange::default() };
        owner.update_embed_key(&product, &key.id, change).await.expect("changed");
        assert_eq!(from(Some("https://app.acme.com")).await, Err(Code::EmbedOriginNotAllowed));
        assert_eq!(from(Some("https://c.example")).await, Ok(()));
        // The product's registered domains are another list (identity's).
        owner.add_domain(&product, &crate::product::NewDomain { origin: "https://d.example".into() }).await.expect("added");
        assert_eq!(from(Some("https://d.example")).await, Err(Code::EmbedOriginNotAllowed));
    }

    /// Contract, section 6: development origins need the switch, which a test key has on unless said otherwise.
    async fn a_list_always_fits_the_switch(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let code = |made: Result<EmbedKey, crate::Error>| made.err().map(|error| error.code());
        let local = "http://localhost:3000";
        assert_eq!(code(owner.create_embed_key(&product, asked(&[local], KeyMode::Live)).await), Some(Code::InvalidOrigin));
        for wrong in [&[][..], &["*"], &["https://a.example/"], &["null"]] {
            assert_eq!(code(owner.create_embed_key(&product, asked(wrong, KeyMode::Test)).await), Some(Code::InvalidOrigin), "{wrong:?}");
        }
        let key = owner.create_embed_key(&product, asked(&[local, "https://a.example", local], KeyMode::Test)).await.expect("made");
        assert!(key.id.as_str().starts_with("pk_test_") && key.allow_development_origins);
        assert_eq!(key.origins.0.len(), 2, "duplicates collapse");
        let off = || EmbedKeyChange { allow_development_origins: Some(false), ..EmbedKeyChange::default() };
        assert_eq!(code(owner.update_embed_key(&product, &key.id, off()).await), Some(Code::InvalidOrigin));
        let both = EmbedKeyChange { origins: Some(vec!["https://a.example".into()]), ..off() };
        assert!(!owner.update_embed_key(&product, &key.id, both).await.expect("changed").allow_development_origins);
        let live = NewEmbedKey { allow_development_origins: Some(true), ..asked(&[local], KeyMode::Live) };
        assert!(owner.create_embed_key(&product, live).await.expect("made").id.as_str().starts_with("pk_live_"));
    }

    /// F7: both work until the old one's end.
    async fn a_rotation_overlaps(fresh) {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let old = acme.embed_key(&product).await;
        let owner = acme.owner().await;
        let rotation = |overlap_seconds| EmbedKeyRotation { overlap_seconds };
        for wrong in [-1, 91 * DAY / SECOND] {
            assert_eq!(owner.rotate_embed_key(&product, &old.id, &rotation(wrong)).await.err().map(|error| error.code()), Some(Code::InvalidField));
        }
        let new = owner.rotate_embed_key(&product, &old.id, &rotation(3_600)).await.expect("rotated");
        assert_eq!((&new.name, &new.origins, new.mode), (&old.name, &old.origins, old.mode));
        assert_ne!(new.id, old.id);
        let before = owner.embed_key(&product, &old.id).await.expect("read");
        assert_eq!((before.rotated_to.as_ref(), before.expires_at), (Some(&new.id), Some(fresh.core.now().plus(HOUR))));
        assert_eq!(owner.rotate_embed_key(&product, &old.id, &rotation(0)).await.err().map(|error| error.code()), Some(Code::Conflict));
        assert!(config(&fresh.core, &old.id).await.is_ok() && config(&fresh.core, &new.id).await.is_ok());
        // Its last second passes while the answer is still in memory.
        fresh.clock.advance(HOUR - 1);
        assert!(config(&fresh.core, &old.id).await.is_ok());
        fresh.clock.advance(1);
        assert_eq!(config(&fresh.core, &old.id).await, Err(Code::InvalidEmbedKey));
        assert!(config(&fresh.core, &new.id).await.is_ok());
        let owner = acme.op(&acme.sign_in(&acme.owner.email).await).await;
        assert_eq!(owner.embed_key(&product, &old.id).await.expect("read").status, EmbedKeyStatus::Expired);
        assert_eq!(owner.enable_embed_key(&product, &old.id).await.err().map(|error| error.code()), Some(Code::Conflict));
        assert_eq!(owner.embed_keys(&product, Limit::default(), None).await.expect("a list").data.len(), 2);
    }

    /// Contract, section 4: what another process changes is known at most a second later.
    async fn another_process_knows_within_a_second(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let key = acme.embed_key(&product).await;
        let other = Core::open(fresh.location.clone(), KeySource::Given(fresh.master_key()), fresh.clock.clone(), settings()).await.expect("opens");
        assert_eq!(names(&config(&other, &key.id).await.expect("shown")), [""; 0]);
        owner.create_offering(&product, offering("Basic", OfferingStatus::Published)).await.expect("made");
        fresh.clock.advance(SECOND);
        assert_eq!(names(&config(&other, &key.id).await.expect("shown")), ["Basic"]);
        owner.disable_embed_key(&product, &key.id, None).await.expect("disabled");
        fresh.clock.advance(SECOND);
        assert_eq!(config(&other, &key.id).await, Err(Code::InvalidEmbedKey));
        other.close().await;
    }

    /// A key is public, but who makes one is not anybody.
    async fn keys_are_managed_by_admins_of_the_tenant_in_their_own_product(fresh) {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let key = acme.embed_key(&product).await;
        for role in [Role::Viewer, Role::Member] {
            let op = acme.op(&acme.member(role).await).await;
            assert!(op.embed_key(&product, &key.id).await.is_ok());
            assert_eq!(op.create_embed_key(&product, asked(&[PAGE], KeyMode::Live)).await.err().map(|error| error.code()), Some(Code::InsufficientRole));
            assert_eq!(op.disable_embed_key(&product, &key.id, None).await.err().map(|error| error.code()), Some(Code::InsufficientRole));
        }
        let owner = acme.owner().await;
        let second = owner.create_product(crate::product::NewProduct { name: "Second".into(), ..Default::default() }).await.expect("made").id;
        assert_eq!(owner.embed_key(&second, &key.id).await.err().map(|error| error.code()), Some(Code::NotFound));
        let other = fresh.tenant("other").await;
        let theirs = other.product().await;
        assert_eq!(other.owner().await.disable_embed_key(&theirs, &key.id, None).await.err().map(|error| error.code()), Some(Code::NotFound));
        assert_eq!(owner.create_embed_key(&theirs, asked(&[PAGE], KeyMode::Live)).await.err().map(|error| error.code()), Some(Code::NotFound));
    }

    async fn fifty_keys_of_a_product_work_at_once(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let mut last = None;
        for _ in 0..MOST {
            last = Some(owner.create_embed_key(&product, asked(&[PAGE], KeyMode::Live)).await.expect("room").id);
        }
        let full = owner.create_embed_key(&product, asked(&[PAGE], KeyMode::Live)).await;
        assert_eq!(full.err().map(|error| error.code()), Some(Code::Conflict));
        owner.disable_embed_key(&product, &last.expect("a key"), None).await.expect("disabled");
        assert!(owner.create_embed_key(&product, asked(&[PAGE], KeyMode::Live)).await.is_ok());
    }

    /// A page that still carries a dead key is told nothing; the key's tenant is told of the page.
    async fn a_page_with_a_dead_key_is_told_to_the_tenant_alone(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let key = acme.embed_key(&product).await;
        assert_eq!(called(&fresh.core, key.id.as_str(), Some("other"), Some(PAGE)).await, Err(Code::InvalidEmbedKey));
        owner.disable_embed_key(&product, &key.id, None).await.expect("disabled");
        assert_eq!(config(&fresh.core, &key.id).await, Err(Code::InvalidEmbedKey));
        let call = EmbedCall { key: key.id.as_str(), origin: Some(PAGE), ..EmbedCall::default() };
        assert_eq!(fresh.core.enter(&call).await.err().map(|error| error.code()), Some(Code::InvalidEmbedKey));
        assert_eq!(called(&fresh.core, "pk_live_0123456789abcdef01234567", None, Some(PAGE)).await, Err(Code::InvalidEmbedKey));
        fresh.core.flush_refusals().await.expect("written");
        let filter = RefusalFilter { reason: Some(Code::InvalidEmbedKey), ..RefusalFilter::default() };
        let told = owner.refusals(&filter, Limit::default(), None).await.expect("a page").data;
        let [one] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!(one.target.as_ref().map(|target| target.id.as_str()), Some(key.id.as_str()));
        assert_eq!((&one.metadata["origin"], &one.metadata["count"]), (&json!(PAGE), &json!(3)));
    }

    /// A crowd with a key that opens nothing does not reach the database each time.
    async fn what_is_wrong_with_a_key_is_remembered_for_a_second(fresh) {
        let never = "pk_live_0123456789abcdef01234567";
        let asked = async || called(&fresh.core, never, None, Some(PAGE)).await;
        assert_eq!(asked().await, Err(Code::InvalidEmbedKey));
        fresh.sql("alter table embed_key rename to elsewhere").await.expect("out of reach");
        assert_eq!(asked().await, Err(Code::InvalidEmbedKey));
        fresh.clock.advance(SECOND);
        assert_ne!(asked().await, Err(Code::InvalidEmbedKey), "then it is asked again");
    }

    /// Our own preview carries an ordinary key that nobody else can use, made once.
    async fn the_previews_key_is_for_its_one_page_and_is_made_once(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let preview = fresh.core.settings().preview.clone().expect("a preview");
        assert_eq!(owner.preview_key(&product).await.expect("read"), None);
        owner.create_embed_key(&product, asked(&[&preview, PAGE], KeyMode::Test)).await.expect("made");
        assert_eq!(owner.preview_key(&product).await.expect("read"), None, "a key for other pages as well is the tenant's");
        let key = owner.create_preview_key(&product).await.expect("made");
        assert_eq!((key.mode, key.name.as_str(), key.is_only_for(&preview)), (KeyMode::Test, "Preview", true));
        assert_eq!(owner.create_preview_key(&product).await.expect("answered").id, key.id);
        assert_eq!(owner.preview_key(&product).await.expect("read").map(|found| found.id), Some(key.id.clone()));
        assert!(called(&fresh.core, key.id.as_str(), None, Some(&preview)).await.is_ok());
        assert_eq!(called(&fresh.core, key.id.as_str(), None, Some(PAGE)).await.err(), Some(Code::EmbedOriginNotAllowed));
        owner.disable_embed_key(&product, &key.id, None).await.expect("disabled");
        assert_eq!(owner.preview_key(&product).await.expect("read"), None);
        assert_ne!(owner.create_preview_key(&product).await.expect("made").id, key.id);
        let theirs = fresh.tenant("other").await;
        assert_eq!(theirs.owner().await.preview_key(&product).await.err().map(|error| error.code()), Some(Code::NotFound));
    }
}
