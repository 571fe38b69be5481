//! The outbox: what was mailed to whom, whether it arrived, and what is in it where none is sent.

use super::{Revealed, acting, id};
use crate::Answer;
use leptos::prelude::*;
use mintmark::{
    Limit, MailId, Secret,
    mail::{Mail, Outbox},
};

/// Newest first.
#[server(endpoint = "list_mail")]
pub async fn list_mail(tenant: String, cursor: Option<String>) -> Answer<Outbox> {
    Ok(acting(&tenant).await?.outbox(Limit::default(), cursor.as_deref()).await?)
}

/// What is in a mail, where none is sent; history tells who read it. It may hold a link that signs somebody in.
#[server(endpoint = "read_mail")]
pub async fn read_mail(tenant: String, mail: String) -> Answer<Revealed> {
    let shown = acting(&tenant).await?.read_mail(&id(&mail, MailId::NOUN)?).await?;
    Ok(Revealed::new(Secret::new(shown.text), String::new()))
}

/// A mail to whoever asks for it.
#[server(endpoint = "send_test_mail")]
pub async fn send_test_mail(tenant: String) -> Answer<Mail> {
    Ok(acting(&tenant).await?.send_test_mail().await?)
}
