//! The second factor: an authenticator's codes (RFC 6238), and the recovery codes that stand in for it.

use super::{RecoveryCodes, SecondFactorOffer, account::Account, store};
use crate::{
    Code, Core, Error, Op, Result, Secret, UserId,
    audit::{Action, Event},
    key::Sealer,
    secret::{Digest, fill_random},
    writer::Write,
};
use fast_qr::{QRBuilder, convert::svg::SvgBuilder};
use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

/// How many recovery codes somebody has.
const RECOVERY_CODES: usize = 10;

/// A code that fits; the write uses it up.
pub(super) struct Used {
    pub(super) write: Write,
    pub(super) recovery: bool,
}

/// Whose a sealed secret is: its associated data.
fn owner(user: &UserId) -> String {
    format!("totp/{user}")
}

/// Every secret of an authenticator, sealed again by `new`.
pub(crate) async fn reseal(core: &Core, new: &Sealer) -> Result<Vec<Write>> {
    let rows = store::totp_secrets(core.db()).await?;
    let again = rows.into_iter().map(|(id, sealed)| {
        let again = core.sealer().reseal(new, &owner(&id), &sealed)?;
        Ok(store::reseal_totp(&id, again))
    });
    again.collect()
}

fn totp(secret: &[u8], email: &str) -> Result<Totp> {
    let builder = Builder::new().with_secret(Vec::from(secret)).with_account_name(email).with_issuer(Some("Mintmark"));
    builder.build().map_err(|error| Error::internal(error.to_string()))
}

/// What an authenticator's camera reads.
fn picture(url: &str) -> Result<Secret> {
    let code = QRBuilder::new(url).build().map_err(|error| Error::internal(error.to_string()))?;
    Ok(Secret::new(SvgBuilder::default().to_str(&code)))
}

/// The step that the code belongs to, if it is right and no later one was used.
fn step_of(core: &Core, account: &Account, sealed: &str, digits: &str) -> Result<Option<i64>> {
    let secret = core.sealer().open(&owner(&account.user.id), sealed)?;
    let now = u64::try_from(core.clock().now().seconds()).unwrap_or(0);
    let step = totp(&secret, &account.user.email)?.check(digits, now).and_then(|step| i64::try_from(step).ok());
    Ok(step.filter(|step| *step > account.totp_last_step))
}

/// Whether the code is right: of the authenticator, else one of the recovery codes.
pub(super) async fn check(core: &Core, account: &Account, typed: &Secret) -> Result<Option<Used>> {
    let typed: Zeroizing<String> = Zeroizing::new(typed.reveal().chars().filter(|c| !c.is_whitespace() && *c != '-').collect());
    if typed.len() == 6 && typed.bytes().all(|b| b.is_ascii_digit()) {
        let Some(sealed) = account.totp_secret.as_deref().filter(|_| account.second_factor()) else { return Ok(None) };
        let step = step_of(core, account, sealed, &typed)?;
        return Ok(step.map(|step| Used { write: store::use_step(&account.user.id, step), recovery: false }));
    }
    let hash = recovery_hash(account, &typed);
    let known = store::has_recovery(core.db(), &account.user.id, &hash).await?;
    Ok(known.then(|| Used { write: store::use_recovery(&account.user.id, &hash, core.now()), recovery: true }))
}

/// Eighty random bits need no slow hash; the user's id keeps equal codes of two people apart.
fn recovery_hash(account: &Account, typed: &str) -> String {
    let text = Zeroizing::new(format!("{}/{}", account.user.id, typed.to_ascii_lowercase()));
    Digest::of(text.as_bytes()).to_hex()
}

/// Ten new codes in groups of four, and the writes that replace the old ones.
fn new_codes(account: &Account) -> (RecoveryCodes, Vec<Write>) {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut writes = vec![store::clear_recovery(&account.user.id)];
    let codes = (0..RECOVERY_CODES).map(|_| {
        let mut bytes = Zeroizing::new([0_u8; 16]);
        fill_random(&mut *bytes);
        let plain = Zeroizing::new(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect::<String>());
        writes.push(store::insert_recovery(&account.user.id, &recovery_hash(account, &plain)));
        Secret::new(format!("{}-{}-{}-{}", &plain[..4], &plain[4..8], &plain[8..12], &plain[12..]))
    });
    let codes = RecoveryCodes { codes: codes.collect() };
    (codes, writes)
}

impl Op {
    /// A secret for an authenticator; it counts only once a code confirms it. Needs proof of presence.
    pub async fn offer_second_factor(&self) -> Result<SecondFactorOffer> {
        let account = self.own_account_proved().await?;
        let mut bytes = Zeroizing::new([0_u8; 20]);
        fill_random(&mut *bytes);
        let totp = totp(&*bytes, &account.user.email)?;
        let url = totp.to_url().map_err(|error| Error::internal(error.to_string()))?;
        let qr_svg = picture(&url)?;
        let sealed = self.core().sealer().seal(&owner(&account.user.id), &*bytes)?;
        self.core().keep(vec![store::offer_totp(&account.user.id, &sealed)]).await?;
        let secret = Secret::new(totp_rs::Secret::from(*bytes).to_base32());
        Ok(SecondFactorOffer { secret, url: Secret::new(url), qr_svg })
    }

    /// The first code turns the second factor on. The recovery codes are shown once.
    pub async fn confirm_second_factor(&self, code: &Secret) -> Result<RecoveryCodes> {
        let account = self.own_account_proved().await?;
        let wrong = || {
            Error::new(Code::InvalidCredentials, "This code is not right; wait for the next one and check the clock of your device.")
                .field("code")
        };
        let sealed =
            account.totp_secret.as_deref().filter(|_| !account.second_factor()).ok_or_else(|| {
                Error::new(Code::Conflict, "There is nothing to confirm: a second factor is on already, or none was begun.")
            })?;
        let step = step_of(self.core(), &account, sealed, code.reveal().trim())?.ok_or_else(wrong)?;
        let (codes, writes) = new_codes(&account);
        let mut tx = self.begin_own();
        tx.write(store::confirm_totp(&account.user.id, sealed, step, tx.now()));
        tx.write_all(writes);
        tx.commit(Event::new(Action::SecondFactorEnabled).target(&account.user.id)).await?;
        Ok(codes)
    }

    /// Turns it off, with its recovery codes. Refused while the password is one that needs it.
    pub async fn disable_second_factor(&self) -> Result<()> {
        let account = self.own_account_proved().await?;
        let mut tx = self.begin_own();
        tx.write(store::require_long_password(&account.user.id));
        tx.write_all(store::drop_totp(&account.user.id));
        tx.commit(Event::new(Action::SecondFactorDisabled).target(&account.user.id)).await?;
        Ok(())
    }

    /// Ten new recovery codes; the old ones stop working.
    pub async fn renew_recovery_codes(&self) -> Result<RecoveryCodes> {
        let account = self.own_account_proved().await?;
        if !account.second_factor() {
            return Err(Error::new(Code::Conflict, "Recovery codes belong to a second factor; turn that on first."));
        }
        let (codes, writes) = new_codes(&account);
        let mut tx = self.begin_own();
        tx.write_all(writes);
        tx.commit(Event::new(Action::RecoveryCodesCreated).target(&account.user.id)).await?;
        Ok(codes)
    }
}
