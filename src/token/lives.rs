//! How long a tenant lets its tokens live, for whoever is about to mint one.

use super::{Lives, store};
use crate::{Op, Permission, Result};

impl Op {
    /// What a mint is given without asking, and what it is clamped to (A15).
    pub async fn token_lives(&self) -> Result<Lives> {
        let (db, _) = self.read_somewhere(Permission::ReadTokens)?;
        store::lives(db, self.tenant()).await
    }
}
