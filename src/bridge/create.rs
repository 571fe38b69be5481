//! Making a bridge key, or taking over the public half of one.

use super::{
    BridgeAlgorithm, BridgeKey, BridgeKeyState, CreatedBridgeKey, NewBridgeKey, SECRET_PREFIX, WARNING_OF_PUBLIC_KEY, WARNING_OF_SECRET,
    public_key::{self, asymmetric},
    store,
};
use crate::{
    BridgeKeyId, Core, Error, Op, Permission, ProductId, Reach, Result, Secret, TenantId,
    audit::{Action, Event},
    key::{Sealer, jws},
    secret::generate_secret,
    writer::Write,
};

/// The halves of a new key: what verifies, and what is shown once.
struct Halves {
    public_jwk: Option<String>,
    secret: Option<Secret>,
    private_key: Option<Secret>,
}

impl Op {
    /// The first key of a product is its active one, later ones are next. All of them verify from this moment on.
    pub async fn create_bridge_key(&self, product: &ProductId, asked: NewBridgeKey) -> Result<CreatedBridgeKey> {
        let mut tx = self.begin(Permission::ManageBridgeKeys, Reach::Tenant)?;
        self.product(product).await?;
        let made_here = asked.public_key.is_none();
        let halves = halves(&asked).await?;
        let is_first = !store::has_active(self.core().db(), product).await?;
        let state = if is_first { BridgeKeyState::Active } else { BridgeKeyState::Next };
        let (created_by, created_by_name) = self.actor().signature();
        let key = BridgeKey {
            id: BridgeKeyId::new(tx.now()),
            product_id: product.clone(),
            algorithm: asked.algorithm,
            state,
            made_here,
            created_by,
            created_by_name,
            created_at: tx.now(),
            activated_at: is_first.then(|| tx.now()),
            retiring_at: None,
            retired_at: None,
            held_at: None,
            revoked_at: None,
            revoke_reason: None,
            live_sessions: 0,
            last_used_at: None,
        };
        let sealer = self.core().sealer();
        let sealed =
            halves.secret.as_ref().map(|secret| sealer.seal(&owner(self.tenant(), &key.id), secret.reveal().as_bytes())).transpose()?;
        tx.write(store::insert(self.tenant(), &key, halves.public_jwk.as_deref(), sealed.as_deref(), sealer.fingerprint()));
        let event = Event::new(Action::BridgeKeyCreated)
            .target(&key.id)
            .with("product", product.as_str())
            .with("algorithm", key.algorithm.as_str())
            .with("state", key.state.as_str())
            .with("made_here", made_here);
        tx.commit(event).await?;
        let warning = if made_here { WARNING_OF_SECRET } else { WARNING_OF_PUBLIC_KEY };
        Ok(CreatedBridgeKey { key, secret: halves.secret, private_key: halves.private_key, warning: warning.to_owned() })
    }
}

async fn halves(asked: &NewBridgeKey) -> Result<Halves> {
    match (asymmetric(asked.algorithm), &asked.public_key) {
        (None, Some(_)) => Err(Error::invalid("public_key", "An HS256 key is a secret that we make: it has no public half.")),
        (None, None) => {
            debug_assert!(asked.algorithm == BridgeAlgorithm::Hs256);
            Ok(Halves { public_jwk: None, secret: Some(generate_secret(SECRET_PREFIX)), private_key: None })
        }
        (Some(algorithm), Some(given)) => {
            let jwk = public_key::read(algorithm, given)?;
            Ok(Halves { public_jwk: Some(jwk.to_string()), secret: None, private_key: None })
        }
        (Some(algorithm), None) => {
            let pair = tokio::task::spawn_blocking(move || jws::generate(algorithm)).await.map_err(Error::internal)??;
            let private_key = Some(public_key::private_pem(&pair.pkcs8));
            Ok(Halves { public_jwk: Some(pair.public_jwk.to_string()), secret: None, private_key })
        }
    }
}

/// Whose a sealed secret is: its associated data.
pub(super) fn owner(tenant: &TenantId, id: &BridgeKeyId) -> String {
    format!("{tenant}/{id}")
}

/// Every shared secret, sealed again by `new`.
pub(crate) async fn reseal(core: &Core, new: &Sealer) -> Result<Vec<Write>> {
    let rows = store::sealed(core.db()).await?;
    let again = rows.into_iter().map(|row| {
        let sealed = core.sealer().reseal(new, &owner(&row.tenant_id, &row.id), &row.sealed_secret)?;
        Ok(store::reseal(&row.id, sealed))
    });
    again.collect()
}
