//! The published keys: whose, and how soon a change is told.

use crate::{Code, key::Rotation, on_each_engine};
use serde_json::Value;
use std::{sync::Arc, time::Instant};

fn kids(body: &str) -> Vec<String> {
    let document: Value = serde_json::from_str(body).expect("JSON");
    document["keys"].as_array().expect("a list").iter().map(|key| key["kid"].as_str().expect("an id").to_owned()).collect()
}

on_each_engine! {
    async fn a_tenant_s_own_keys_are_published_or_those_of_all(fresh) {
        let (acme, other) = (fresh.tenant("acme").await, fresh.tenant("other").await);
        let ours: Vec<_> = acme.owner().await.signing_keys().await.expect("keys").iter().map(|key| key.id.to_string()).collect();
        let mut published = kids(&fresh.core.jwks(Some("acme")).await.expect("a document").body);
        published.sort();
        let mut sorted = ours.clone();
        sorted.sort();
        assert_eq!((published.len(), &published), (2, &sorted));
        let all = kids(&fresh.core.jwks(None).await.expect("a document").body);
        assert_eq!(all.len(), 4);
        assert!(ours.iter().all(|id| all.contains(id)));
        for unknown in ["nobody", ""] {
            assert_eq!(fresh.core.jwks(Some(unknown)).await.err().map(|error| error.code()), Some(Code::NotFound), "{unknown}");
        }
        drop(other);
    }

    async fn a_document_is_made_once_and_anew_after_a_rotation(fresh) {
        let acme = fresh.tenant("acme").await;
        let jwks = async || fresh.core.jwks(Some("acme")).await.expect("a document");
        let (before, after) = loop {
            fresh.core.published().drop_all();
            let (begun, before, after) = (Instant::now(), jwks().await, jwks().await);
            // A slow machine: more than a document's second lay between the two.
            if begun.elapsed().as_millis() < 1_000 {
                break (before, after);
            }
        };
        assert!(Arc::ptr_eq(&before, &after), "made once");
        let forced = Rotation { force: true, reason: Some("a test".to_owned()) };
        let keys = acme.owner().await.rotate_signing_keys(forced).await.expect("rotated");
        let rotated = jwks().await;
        assert_eq!((kids(&rotated.body).len(), keys.len()), (3, 3));
        assert_ne!(rotated.etag, before.etag);
    }
}
