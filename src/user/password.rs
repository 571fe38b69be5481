//! Passwords at rest: Argon2id (SE6).

use super::hashing::Memory;
use crate::{Core, Error, HashCost, Result, Secret, secret::fill_random};
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

fn argon2(cost: HashCost) -> Result<Argon2<'static>> {
    let params = Params::new(cost.memory, cost.passes, 1, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The PHC string of a password.
fn hash(argon2: &Argon2<'_>, memory: &mut Memory, password: &[u8], salt: &[u8]) -> Result<String> {
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    fill(argon2, memory, password, salt, &mut out)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon2.params()).map_err(Error::internal)?,
        salt: Some(Salt::new(salt).map_err(Error::internal)?),
        hash: Some(Output::new(&out).map_err(Error::internal)?),
    };
    Ok(hash.to_string())
}

/// Whether this is the password behind a PHC string, whatever it cost.
fn matches(memory: &mut Memory, password: &[u8], hash: &str) -> Option<bool> {
    let known = PasswordHash::new(hash).ok()?;
    let (salt, expected) = (known.salt?, known.hash?);
    let algorithm = Algorithm::try_from(known.algorithm.as_str()).ok()?;
    let argon2 = Argon2::new(algorithm, Version::try_from(known.version?).ok()?, Params::try_from(&known).ok()?);
    let mut out = vec![0; expected.len()];
    fill(&argon2, memory, password, &salt, &mut out).ok()?;
    Some(out.ct_eq(expected.as_bytes()).into())
}

fn fill(argon2: &Argon2<'_>, memory: &mut Memory, password: &[u8], salt: &[u8], out: &mut [u8]) -> Result<()> {
    memory.resize(argon2.params().block_count(), Block::new());
    argon2.hash_password_into_with_memory(password, salt, out, memory).map_err(Error::internal)
}

fn copy(password: &Secret) -> Zeroizing<String> {
    Zeroizing::new(password.reveal().to_owned())
}

impl Core {
    /// The PHC string that the database keeps.
    pub(crate) async fn hash_password(&self, password: &Secret) -> Result<String> {
        let (argon2, password) = (argon2(self.settings().hash_cost)?, copy(password));
        let mut salt = [0_u8; 16];
        fill_random(&mut salt);
        self.hashing().hash(move |memory| hash(&argon2, memory, password.as_bytes(), &salt)).await?
    }

    /// Whether the password is the one behind `hash`. Without a hash it never is, at the same cost (SE7).
    pub(crate) async fn password_matches(&self, password: &Secret, hash: Option<&str>) -> Result<bool> {
        let Some(hash) = hash.map(str::to_owned) else {
            self.hash_password(password).await?;
            return Ok(false);
        };
        let password = copy(password);
        self.hashing().hash(move |memory| matches(memory, password.as_bytes(), &hash).unwrap_or(false)).await
    }

    /// Whether `hash` was made more cheaply than one is made today.
    pub(crate) fn hash_is_outdated(&self, hash: &str) -> bool {
        let cost = self.settings().hash_cost;
        let params = PasswordHash::new(hash).ok().and_then(|hash| Params::try_from(&hash).ok());
        params.is_none_or(|params| params.m_cost() < cost.memory || params.t_cost() < cost.passes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::password_hash::{PasswordHasher, PasswordVerifier};

    /// The library's own way to the same string, and back.
    #[test]
    fn hashes_are_those_of_the_library() {
        let (argon2, salt) = (argon2(HashCost { memory: 64, passes: 1 }).expect("costs"), [7; 16]);
        let theirs = argon2.hash_password_with_salt(b"right", &salt).expect("hashed").to_string();
        let mut memory = Memory::new();
        assert_eq!(hash(&argon2, &mut memory, b"right", &salt).expect("hashed"), theirs);
        assert_eq!(matches(&mut memory, b"right", &theirs), Some(true));
        assert_eq!(matches(&mut memory, b"wrong", &theirs), Some(false));
        assert_eq!(matches(&mut memory, b"right", "no hash"), None);
        assert!(argon2.verify_password(b"right", theirs.as_str()).is_ok());
    }
}
