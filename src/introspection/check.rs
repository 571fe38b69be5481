//! The bearer's own question: is this token good, and whose is it (N7 to N9, N19, ID6).

use super::{
    CheckReason, TokenCheck,
    live::{Live, Person},
};
use crate::{
    Core, Result,
    token::{Claims, Kind, Rejection},
};
use serde_json::{Map, Value, json};

impl Core {
    /// The token is the credential, so it tells of nobody but its own subject; of other kinds it tells nothing.
    pub async fn check_token(&self, bearer: &str) -> Result<TokenCheck> {
        let claims = match self.verify(bearer).await? {
            Ok(claims) => claims,
            Err(Rejection::Invalid { .. }) => return Ok(TokenCheck::no(CheckReason::InvalidToken)),
            Err(Rejection::Expired(claims)) if of_an_end_user(claims.kind) => return Ok(TokenCheck::no(CheckReason::Expired)),
            Err(Rejection::Expired(_)) => return Ok(TokenCheck::no(CheckReason::WrongKind)),
        };
        if !of_an_end_user(claims.kind) {
            return Ok(TokenCheck::no(CheckReason::WrongKind));
        }
        Ok(match self.live(&claims).await? {
            Some(Live::Session(_, person)) => TokenCheck::yes(&claims, "access", &person),
            Some(Live::Identity(person)) => TokenCheck::yes(&claims, "identity", &person),
            Some(Live::Widget(_) | Live::Dashboard(_)) | None => TokenCheck::no(CheckReason::Revoked),
        })
    }
}

fn of_an_end_user(kind: Kind) -> bool {
    matches!(kind, Kind::Session | Kind::Identity)
}

impl TokenCheck {
    fn no(reason: CheckReason) -> Self {
        Self { valid: false, reason: Some(reason), payload: None, user: None }
    }

    fn yes(claims: &Claims, kind: &str, person: &Person) -> Self {
        let mut payload = claims.all();
        payload.insert("type".to_owned(), json!(kind));
        let mut user = Map::new();
        user.insert("id".to_owned(), json!(claims.subject));
        user.insert("email".to_owned(), json!(person.email));
        user.insert("display_name".to_owned(), json!(person.name));
        user.insert("avatar_url".to_owned(), Value::Null);
        user.insert("email_verified".to_owned(), json!(person.email_verified));
        Self { valid: true, reason: None, payload: Some(payload), user: Some(user) }
    }

    /// The same with the names of code that was written for others: `projectId`, `displayName` (N8). What the tenant's own backend put
    /// into `metadata` keeps its names.
    #[must_use]
    pub fn in_camel_case(mut self) -> Self {
        for said in [&mut self.payload, &mut self.user].into_iter().flatten() {
            *said = std::mem::take(said).into_iter().map(|(name, value)| (camel(&name), value)).collect();
        }
        self
    }
}

fn camel(name: &str) -> String {
    if name == "product_id" {
        return "projectId".to_owned();
    }
    let mut words = name.split('_');
    let mut text = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        text.extend(letters.next().into_iter().flat_map(char::to_uppercase).chain(letters));
    }
    text
}
