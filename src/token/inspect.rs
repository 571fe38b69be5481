//! What a token is, and how a call with it would fare: the guard's own steps, taken one by one and told.
//!
//! Longer than most because the sentences of all six steps stand together.
//!
//! Nothing is counted, remembered or written: looking is no use and no refusal, and the token's text is dropped here.

use super::{
    Kind, WidgetToken,
    guard::store::{Death, GuardRow, guard_row},
    scope_of, steps, store,
    verify::{Flaw, Rejection},
};
use crate::{
    Code, CustomerId, Error, KeyId, Op, OrganizationId, Permission, Reach, Result, Secret, Time, TokenId,
    key::{Algorithm, KeyState, named_key},
    token::Claims,
};
use std::sync::Arc;

/// What is looked at.
#[derive(Clone, Copy)]
pub enum Shown<'a> {
    /// The text of a token of any kind.
    Text(&'a Secret),
    /// A widget token's row: nobody but its bearer has the text.
    Id(&'a TokenId),
}

/// The call that is imagined.
#[derive(Debug, Clone, Copy, Default)]
pub struct Imagined<'a> {
    /// The `Origin` header that the page would send; empty for none.
    pub origin: &'a str,
    /// The route: `/widget/session`.
    pub path: &'a str,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inspection {
    /// No JWT that anybody here could have signed.
    NoToken(Flaw),
    /// Signed by no key of this tenant. Nothing more is said of such tokens.
    NotOfThisTenant,
    /// It names a key of this tenant, which is the more reason to say what is wrong with it.
    Flawed {
        /// The key that its header names.
        key: Option<NamedKey>,
        /// How a call would fare.
        walk: Vec<Step>,
    },
    /// One of this tenant's.
    Ours {
        /// Of which kind.
        kind: Kind,
        /// Until when it is good by itself.
        expires_at: Time,
        /// The key that signed it.
        key: Option<NamedKey>,
        /// What its row says.
        row: Row,
        /// How a call on `/widget/*` would fare.
        walk: Vec<Step>,
    },
}

/// A signing key by its id, with its present state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedKey {
    /// The `kid`.
    pub id: KeyId,
    /// Where it is in its life.
    pub state: KeyState,
    /// What it signs with.
    pub algorithm: Algorithm,
}

/// What the row behind a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// There is none any more.
    Gone,
    /// A widget token's.
    Widget(Box<WidgetToken>),
    /// A customer's session.
    Session {
        /// Whose.
        customer: CustomerId,
        /// Why a call would be refused, whatever its page; none when it is alive.
        refused: Option<Code>,
    },
    /// A dashboard session.
    Dashboard {
        /// Whether it opens this tenant now.
        alive: bool,
    },
    /// An identity token's.
    Identity {
        /// Whom the tenant's backend named.
        customer: CustomerId,
        /// Whether a page that sends it is believed now.
        alive: bool,
    },
    /// Whoever looks may not see rows of this kind; with what one would need.
    Withheld(Permission),
}

/// One step of the guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// 1 to 6, as in the contract.
    pub number: u8,
    /// What it asks: "The token's row is alive".
    pub asks: &'static str,
    /// What it answers.
    pub verdict: Verdict,
}

/// What a step answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It lets the call on; a sentence says on what ground.
    Passed(String),
    /// It refuses: what the caller gets, and a sentence that says why. Origins, scopes and ids stand between backticks.
    Refused(Code, String),
    /// Only the token's text would show it.
    NotJudged,
    /// A step before it refused.
    NotReached,
}

const ASKS: [&str; 6] = [
    "There is a bearer token",
    "Header, signature and claims are right, and it is in its time",
    "It is a widget token",
    "Its row is alive, with its key, tenant and organization",
    "The page's origin is one of the token's",
    "It holds the scope that the route needs",
];

/// The walk so far.
#[derive(Default)]
struct Walk(Vec<Step>);

impl Walk {
    fn push(&mut self, verdict: Verdict) {
        if let Some(asks) = ASKS.get(self.0.len()) {
            self.0.push(Step { number: u8::try_from(self.0.len() + 1).unwrap_or_default(), asks, verdict });
        }
    }

    fn passed(&mut self, told: impl Into<String>) {
        self.push(Verdict::Passed(told.into()));
    }

    /// The refusal, and all that is not reached after it.
    fn ended(mut self, error: &Error, why: impl Into<String>) -> Vec<Step> {
        self.push(Verdict::Refused(error.code(), why.into()));
        while self.0.len() < ASKS.len() {
            self.push(Verdict::NotReached);
        }
        self.0
    }
}

impl Op {
    /// Judges what is shown, for this tenant alone, and walks the guard for the imagined call.
    pub async fn inspect(&self, shown: Shown<'_>, call: Imagined<'_>) -> Result<Inspection> {
        match shown {
            Shown::Text(text) => self.inspect_text(text.reveal(), call).await,
            Shown::Id(id) => self.inspect_row(id, call).await,
        }
    }

    async fn inspect_text(&self, text: &str, call: Imagined<'_>) -> Result<Inspection> {
        self.read_somewhere(Permission::ReadTokens)?;
        let bearer = steps::bearer(Some(text))?;
        let verdict = self.core().judge_token(bearer).await?;
        let tenant = match &verdict {
            Ok(claims) | Err(Rejection::Expired(claims)) => Some(&claims.tenant),
            Err(Rejection::Invalid { tenant, flaw }) => match flaw {
                Flaw::Form | Flaw::Header => return Ok(Inspection::NoToken(*flaw)),
                _ => tenant.as_ref(),
            },
        };
        if tenant != Some(self.tenant()) {
            return Ok(Inspection::NotOfThisTenant);
        }
        let mut walk = Walk::default();
        walk.passed("The call carries one.");
        let claims = match &verdict {
            Ok(claims) | Err(Rejection::Expired(claims)) => Arc::clone(claims),
            Err(Rejection::Invalid { flaw, .. }) => {
                let (key, why) = (self.named_key(key_of(text).as_ref()).await?, flawed(*flaw));
                return Ok(Inspection::Flawed { key, walk: walk.ended(&steps::invalid(), why) });
            }
        };
        let (key, row) = (self.named_key(Some(&claims.key)).await?, self.row_behind(&claims).await?);
        let walk = match steps::judged(verdict) {
            Err(error) => walk.ended(&error, format!("It expired at {}.", claims.expires_at)),
            Ok(claims) => {
                walk.passed(format!("Signed by `{}`, and good until {}.", claims.key, claims.expires_at));
                if let Err(error) = steps::kind(&claims) {
                    walk.ended(&error, format!("It is a {} token.", claims.kind))
                } else {
                    walk.passed("Its kind is `widget`.");
                    self.walk_row(walk, &claims.id, call).await?
                }
            }
        };
        Ok(Inspection::Ours { kind: claims.kind, expires_at: claims.expires_at, key, row, walk })
    }

    /// What only the text shows is left out.
    async fn inspect_row(&self, id: &TokenId, call: Imagined<'_>) -> Result<Inspection> {
        let token = self.token(id).await?;
        let mut walk = Walk::default();
        walk.push(Verdict::NotJudged);
        walk.push(Verdict::NotJudged);
        walk.passed("The id is a widget token's.");
        let walk = self.walk_row(walk, id.as_str(), call).await?;
        let key = self.named_key(Some(&token.signing_key_id)).await?;
        Ok(Inspection::Ours { kind: Kind::Widget, expires_at: token.expires_at, key, row: Row::Widget(Box::new(token)), walk })
    }

    /// Steps 4 to 6.
    async fn walk_row(&self, mut walk: Walk, id: &str, call: Imagined<'_>) -> Result<Vec<Step>> {
        let found = guard_row(self.core(), self.tenant(), id, true).await?;
        let why = dead(found.as_ref());
        let row = match steps::row(found, self.core().now()) {
            Ok(row) => row,
            Err(error) => return Ok(walk.ended(&error, why)),
        };
        if let Err(error) = steps::permission(&row) {
            return Ok(walk.ended(&error, error.problem().message));
        }
        walk.passed(match &row.customer_id {
            None => format!("Its key is {}, and nothing that it depends on has ended.", row.key_state),
            Some(customer) => format!("Its key is {}, and `{customer}` holds what its scopes need.", row.key_state),
        });
        let page = steps::page(Some(call.origin).filter(|origin| !origin.is_empty()), None);
        if let Err(error) = steps::origin(&row, &page) {
            return Ok(walk.ended(&error, foreign(&row, call.origin)));
        }
        walk.passed(format!("`{page}` is one of its origins."));
        match scope_of(call.path) {
            None => walk.passed("This route needs no scope of its own."),
            Some(scope) => match steps::scope(&row.scope.0, scope) {
                Ok(()) => walk.passed(format!("It holds `{scope}`.")),
                Err(error) => {
                    let held: Vec<_> = row.scope.0.iter().map(|scope| format!("`{scope}`")).collect();
                    return Ok(walk.ended(&error, format!("The route needs `{scope}`; the token holds {}.", held.join(" and "))));
                }
            },
        }
        Ok(walk.0)
    }

    /// A key of this tenant by its id.
    async fn named_key(&self, id: Option<&KeyId>) -> Result<Option<NamedKey>> {
        let Some(id) = id else { return Ok(None) };
        let found = named_key(self.core().db(), self.tenant(), id).await?;
        Ok(found.map(|(algorithm, state)| NamedKey { id: id.clone(), state, algorithm }))
    }

    /// Only what whoever looks may see; a widget token of an organization out of reach is not there at all.
    async fn row_behind(&self, claims: &Claims) -> Result<Row> {
        let may = |permission| self.actor().roles.hold(permission, Reach::Tenant);
        match claims.kind {
            Kind::Widget => {
                let id: TokenId = claims.id.parse().map_err(|_| Error::not_found("widget token"))?;
                let Some(row) = store::find(self.core().db(), self.tenant(), &id).await? else {
                    let organization = claims.all().get("organization_id").and_then(|id| id.as_str()?.parse().ok());
                    self.reached(&organization.ok_or_else(|| Error::not_found("widget token"))?)?;
                    return Ok(Row::Gone);
                };
                let token = row.record(self.core().now());
                self.reached(&token.organization_id)?;
                Ok(Row::Widget(Box::new(token)))
            }
            Kind::Session | Kind::Identity if !may(Permission::ReadCustomers) => Ok(Row::Withheld(Permission::ReadCustomers)),
            Kind::Session => Ok(match self.core().session_verdict(claims).await? {
                Some((customer, refused)) => Row::Session { customer, refused },
                None => Row::Gone,
            }),
            Kind::Dashboard if !may(Permission::ReadMembers) => Ok(Row::Withheld(Permission::ReadMembers)),
            Kind::Dashboard => Ok(Row::Dashboard { alive: self.core().dashboard_token_opens(claims).await? }),
            Kind::Identity => Ok(match self.core().identity_verdict(claims).await? {
                Some((customer, alive)) => Row::Identity { customer, alive },
                None => Row::Gone,
            }),
        }
    }

    fn reached(&self, organization: &OrganizationId) -> Result<()> {
        if self.reaches(organization) { self.require(Permission::ReadTokens, organization) } else { Err(Error::not_found("widget token")) }
    }
}

/// The key that the header of a token names.
fn key_of(token: &str) -> Option<KeyId> {
    crate::key::compact::Compact::read(token)?.parameter("kid")?.parse().ok()
}

fn flawed(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::Form => "It is not three parts of base64url, or its header asks for what is never honoured.",
        Flaw::Header => "Its header names no kind of token that is signed here.",
        Flaw::UnknownKey => "Nobody here has the key that it names.",
        Flaw::Signature => "The key that its header names did not sign it. Somebody changed it, or made it up.",
        Flaw::Claims => "The signature is right, but the claims do not fit together.",
        Flaw::NotYet => "It is not valid yet: its `iat` or `nbf` lies in the future.",
    }
}

/// Why the fourth step refuses; what is not dead is past its time.
fn dead(row: Option<&GuardRow>) -> String {
    let Some(row) = row else { return "There is no such row any more.".to_owned() };
    match row.death() {
        None => format!("It expired at {}.", row.expires_at),
        Some(Death::Revoked) => "It was revoked.".to_owned(),
        Some(Death::Key(state)) => format!("The key that signed it is {state}."),
        Some(Death::Everything) => "Everything that was issued before was revoked.".to_owned(),
        Some(Death::Tenant) => "The tenant is suspended.".to_owned(),
        Some(Death::Organization) => "Its organization was deleted.".to_owned(),
        Some(Death::Customer) => "The customer for whom it was minted is banned or erased.".to_owned(),
    }
}

/// Why the fifth step refuses, in the words of who chose the origin.
fn foreign(row: &GuardRow, origin: &str) -> String {
    let listed: Vec<_> = row.origins.0.iter().map(|origin| format!("`{origin}`")).collect();
    match (origin, listed.as_slice()) {
        ("", _) => format!("The page says no origin; the token may be used from {}.", listed.join(", ")),
        (_, [one]) => format!("`{origin}` is not {one}."),
        (_, _) => format!("`{origin}` is none of {}.", listed.join(", ")),
    }
}
