//! Accepting: the link's page, and the one write that makes a member (AZ8).

use super::{Acceptance, Accepted, InvitationView, PREFIX, store};
use crate::{
    Code, Core, Error, Result, Who,
    audit::{Action, Event},
    member,
    secret::{Digest, looks_like_secret},
    session::{NewSession, Session, open},
    user::{self, Device, NewUser, Proof, SignedIn, User, Visitor},
    writer::Write,
};

impl Core {
    /// What the link leads to: 404 unknown, 410 used, withdrawn, late or void.
    pub async fn invitation(&self, token: &str) -> Result<InvitationView> {
        let found = self.found_invitation(token).await?;
        Ok(InvitationView {
            id: found.id,
            tenant_name: found.tenant_name,
            organization_name: found.organization_name,
            role: found.role,
            email: found.email,
            invited_by_name: found.invited_by_name,
            account_exists: found.account_exists,
            expires_at: found.expires_at,
        })
    }

    async fn found_invitation(&self, token: &str) -> Result<store::Waiting> {
        let unknown = || Error::not_found("invitation");
        if !looks_like_secret(PREFIX, token) {
            return Err(unknown());
        }
        let found = store::waiting(self.db(), &Digest::of(token.as_bytes()).to_hex(), self.now()).await?.ok_or_else(unknown)?;
        if found.accepted_at.is_some() {
            return Err(Error::new(Code::LinkConsumed, "This invitation has been used already. Sign in instead."));
        }
        if found.revoked_at.is_some() || found.expires_at <= self.now() || !found.rightful {
            return Err(Error::new(Code::LinkExpired, "This invitation is no longer valid. Ask for a new one."));
        }
        Ok(found)
    }

    /// Makes the invited person a member. A new one chooses name and password; a known one is signed in already, or proves
    /// who they are. Bound to the address: another person's session does not help.
    pub async fn accept_invitation(&self, asked: &Acceptance, signed_in: Option<&Session>, visitor: &Visitor<'_>) -> Result<Accepted> {
        let found = self.found_invitation(asked.token.reveal()).await?;
        let entrant = match signed_in.filter(|session| session.email == found.email) {
            Some(session) => Entrant::present(session),
            None => self.admit(asked, &found, visitor).await?,
        };
        let Entrant { user, who, writes, session, device } = entrant;
        let mut tx = self.begin(who, Some(found.tenant_id.clone()), visitor.from.clone());
        tx.write(store::accept(&found.id, &Digest::of(asked.token.reveal().as_bytes()).to_hex(), tx.now()));
        tx.write_all(writes);
        tx.write(member::store::insert(&user.id, &found.tenant_id, found.organization_id.as_ref(), found.role, tx.now()));
        tx.write(store::land(&user.id, &found.tenant_id));
        let mut event =
            Event::new(Action::InvitationAccepted).target(&found.id).with("user", user.id.as_str()).with("role", found.role.as_str());
        if let Some(id) = &found.organization_id {
            event = event.organization(id);
        }
        tx.commit(event).await?;
        self.uses().tenant_entered(&user.id, &found.tenant_id);
        let signed_in = match session {
            Some(session) => {
                let tenants = self.tenants_of(&user.id).await?;
                Some(SignedIn { user, session, device: device.and_then(|device| device.fresh), tenants })
            }
            None => None,
        };
        Ok(Accepted { tenant: found.tenant_id, tenant_slug: found.tenant_slug, signed_in })
    }

    /// Somebody without a session: a new person, or a known one who proves who they are.
    async fn admit(&self, asked: &Acceptance, found: &store::Waiting, visitor: &Visitor<'_>) -> Result<Entrant> {
        let missing = |field: &'static str, message: &'static str| Error::new(Code::MissingField, message).field(field);
        let password = asked.password.as_ref().ok_or_else(|| missing("password", "A password is needed."))?;
        let (user, mut writes) = if found.account_exists {
            let Proof::Whole(mut proven) = self.prove(&found.email, password, asked.code.as_ref(), visitor).await? else {
                return Err(Error::new(Code::SecondFactorRequired, "A code of the second factor is needed as well.").field("code"));
            };
            self.use_up(&mut proven, Some(&found.tenant_id), &visitor.from).await?;
            (proven.account.user.clone(), proven.writes())
        } else {
            let name = asked.name.as_deref().ok_or_else(|| missing("name", "A name is needed."))?;
            let (email, tenant) = (found.email.clone(), &found.tenant_id);
            let new = NewUser::prepare(self, self.now(), email, name, password, tenant, &found.tenant_name).await?;
            (new.user, vec![new.write])
        };
        let opening = open(&user, self.now(), &visitor.from);
        let device = Device::of(visitor);
        writes.extend([opening.write, device.note(&user, self.now())]);
        Ok(Entrant { user, who: opening.who, writes, session: Some(opening.session), device: Some(device) })
    }
}

/// Who comes in, and what must be written for them beside the membership.
struct Entrant {
    user: user::User,
    who: Who,
    writes: Vec<Write>,
    session: Option<NewSession>,
    device: Option<Device>,
}

impl Entrant {
    fn present(session: &Session) -> Self {
        let user = User { id: session.user_id.clone(), email: session.email.clone(), name: session.name.clone() };
        let (id, name) = (user.id.clone(), user.name.clone());
        let who = Who::User { id, name, session: session.id.clone(), proved_at: session.proved_at };
        Self { user, who, writes: Vec::new(), session: None, device: None }
    }
}
