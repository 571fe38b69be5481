//! The second factor, recovery codes and proof of presence.

use super::{credentials, secret, try_sign_in};
use crate::{
    Code, Op, Secret, on_each_engine,
    testing::{Fixture, Fresh, PASSWORD},
    time::{MINUTE, SECOND},
    user::{PasswordChange, Presence, RecoveryCodes, SignIn, Visitor},
};
use totp_rs::Builder;

/// An authenticator with this secret.
struct Authenticator(Secret);

impl Authenticator {
    fn code(&self, fresh: &Fresh) -> String {
        let secret = totp_rs::Secret::try_from_base32(self.0.reveal()).expect("base32");
        let totp = Builder::new().with_secret(secret).with_account_name("x").build().expect("builds");
        totp.generate(u64::try_from(fresh.clock.now().seconds()).expect("after 1970")).to_string()
    }
}

async fn enrol(fresh: &Fresh, op: &Op) -> (Authenticator, RecoveryCodes) {
    let offer = op.offer_second_factor().await.expect("an offer");
    assert!(offer.url.reveal().starts_with("otpauth://totp/") && offer.qr_svg.reveal().starts_with("<svg"));
    let authenticator = Authenticator(offer.secret);
    let codes = op.confirm_second_factor(&secret(&authenticator.code(fresh))).await.expect("confirmed");
    (authenticator, codes)
}

async fn come_in(acme: &Fixture, code: Option<&str>) -> Result<bool, Code> {
    let asked = credentials(&acme.owner.email, PASSWORD, code);
    try_sign_in(&acme.core, &asked, None).await.map(|signed_in| signed_in.is_some()).map_err(|error| error.code())
}

on_each_engine! {
    async fn a_code_is_needed_right_and_works_once(fresh) {
        let acme = fresh.tenant("acme").await;
        let (authenticator, codes) = enrol(&fresh, &acme.owner().await).await;
        assert_eq!(codes.codes.len(), 10);
        let letters: std::collections::BTreeSet<char> = codes.codes.iter().flat_map(|code| code.reveal().chars()).collect();
        assert!(letters.len() > 16, "of 32 letters and the hyphen: {letters:?}");
        assert_eq!(come_in(&acme, None).await, Ok(false));
        assert_eq!(come_in(&acme, Some(&authenticator.code(&fresh))).await, Err(Code::InvalidCredentials), "it confirmed already");
        fresh.clock.advance(30 * SECOND);
        let code = authenticator.code(&fresh);
        assert_eq!(come_in(&acme, Some(&code)).await, Ok(true));
        assert_eq!(come_in(&acme, Some(&code)).await, Err(Code::InvalidCredentials));
        assert_eq!(come_in(&acme, Some("000000")).await, Err(Code::InvalidCredentials));
    }

    /// KY1: an authenticator that somebody put into another person's row opens nothing.
    async fn a_sealed_secret_in_the_row_of_another_person_lets_nobody_in(fresh) {
        let acme = fresh.tenant("acme").await;
        let known = acme.member(crate::Role::Member).await;
        let (_, _) = enrol(&fresh, &acme.owner().await).await;
        let (authenticator, _) = enrol(&fresh, &acme.op(&known).await).await;
        let moved = format!("(select totp_secret from dashboard_user where id = '{}')", known.id);
        fresh.sql(format!("update dashboard_user set totp_secret = {moved} where id = '{}'", acme.owner.id)).await.expect("moved");
        fresh.clock.advance(30 * SECOND);
        assert_eq!(come_in(&acme, Some(&authenticator.code(&fresh))).await, Err(Code::Internal));
    }

    async fn the_second_step_works_with_the_ticket_of_the_first(fresh) {
        let acme = fresh.tenant("acme").await;
        let (authenticator, _) = enrol(&fresh, &acme.owner().await).await;
        fresh.clock.advance(30 * SECOND);
        let asked = credentials(&acme.owner.email, PASSWORD, None);
        let SignIn::SecondFactorRequired { ticket } = acme.core.sign_in(&asked, &Visitor::default()).await.expect("half in") else {
            panic!("a code is needed");
        };
        let wrong = acme.core.finish_sign_in(&ticket, &secret("000000"), &Visitor::default()).await.err().map(|error| error.code());
        assert_eq!(wrong, Some(Code::InvalidCredentials));
        let code = secret(&authenticator.code(&fresh));
        assert!(acme.core.finish_sign_in(&ticket, &code, &Visitor::default()).await.is_ok());
        fresh.clock.advance(6 * MINUTE);
        let code = secret(&authenticator.code(&fresh));
        let late = acme.core.finish_sign_in(&ticket, &code, &Visitor::default()).await.err().map(|error| error.code());
        assert_eq!(late, Some(Code::InvalidCredentials));
    }

    async fn a_recovery_code_lets_exactly_one_of_many_in(fresh) {
        let acme = fresh.tenant("acme").await;
        let (_, codes) = enrol(&fresh, &acme.owner().await).await;
        let attempts: Vec<_> = (0..4)
            .map(|_| {
                let (core, asked) = (fresh.core.clone(), credentials(&acme.owner.email, PASSWORD, Some(codes.codes[0].reveal())));
                tokio::spawn(async move { try_sign_in(&core, &asked, None).await.is_ok() })
            })
            .collect();
        let mut came_in = 0;
        for attempt in attempts {
            came_in += usize::from(attempt.await.expect("ran"));
        }
        assert_eq!(came_in, 1);
        assert_eq!(acme.owner().await.profile().await.expect("a page").recovery_codes_left, 9);
        let typed = codes.codes[1].reveal().to_uppercase().replace('-', " ");
        assert_eq!(come_in(&acme, Some(&typed)).await, Ok(true));
    }

    /// SE5: eight characters are enough beside a second factor, which then cannot go.
    async fn a_short_password_keeps_the_second_factor_on(fresh) {
        let acme = fresh.tenant("acme").await;
        let owner = acme.owner().await;
        let short = |old: &str| PasswordChange { current_password: secret(old), new_password: secret("zQ7!mvt-Kw2") };
        let alone = owner.change_password(&short(PASSWORD)).await.err().map(|error| error.code());
        assert_eq!(alone, Some(Code::WeakPassword));
        enrol(&fresh, &owner).await;
        owner.change_password(&short(PASSWORD)).await.expect("changed");
        assert!(owner.profile().await.expect("a page").short_password);
        assert_eq!(owner.disable_second_factor().await.err().map(|error| error.code()), Some(Code::WeakPassword));
        let long = PasswordChange { current_password: secret("zQ7!mvt-Kw2"), new_password: secret(PASSWORD) };
        owner.change_password(&long).await.expect("changed");
        owner.disable_second_factor().await.expect("off");
        assert!(!owner.profile().await.expect("a page").second_factor);
    }

    /// SE10 and SE2: presence lasts five minutes; proving it changes the cookie, and the old one finds nothing.
    async fn presence_is_proved_again_after_five_minutes_under_a_new_cookie(fresh) {
        let acme = fresh.tenant("acme").await;
        fresh.clock.advance(5 * MINUTE + 1);
        let owner = acme.owner().await;
        assert_eq!(owner.offer_second_factor().await.err().map(|error| error.code()), Some(Code::StepUpRequired));
        let wrong = Presence { password: Some(secret("not it")), code: None };
        assert_eq!(owner.step_up(&wrong, &Visitor::default()).await.err().map(|error| error.code()), Some(Code::InvalidCredentials));
        let proof = Presence { password: Some(secret(PASSWORD)), code: None };
        let cookie = owner.step_up(&proof, &Visitor::default()).await.expect("proved");
        assert!(fresh.core.session(acme.owner.cookie.reveal()).await.expect("read").is_none());
        let session = fresh.core.session(cookie.reveal()).await.expect("read").expect("alive");
        assert_eq!(session.id, acme.owner.session);
        let actor = fresh.core.actor_for_session(&session, "acme", crate::Origination::default()).await.expect("a member");
        let owner = fresh.core.act_as(actor);
        let (authenticator, _) = enrol(&fresh, &owner).await;
        fresh.clock.advance(5 * MINUTE + 1);
        let by_code = Presence { password: None, code: Some(secret(&authenticator.code(&fresh))) };
        owner.step_up(&by_code, &Visitor::default()).await.expect("proved by code");
    }
}
