//! The sender: takes mail from the outbox and gives it to the mail server, each at most once (E17).

use crate::smtp::{Ready, Smtp};
use lettre::transport::smtp::{Error, client::AsyncSmtpConnection};
use mintmark::{
    Core, Result,
    mail::{Setback, TakenMail},
};
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Mails under way at once, so that a server that hangs keeps few of them waiting.
const AT_ONCE: usize = 4;
/// From taking a mail until the server has agreed to take it; with what follows less than a lease.
const REACHED: Duration = Duration::from_secs(30);
/// From the first byte of a message until the server says that it has it.
const TAKEN: Duration = Duration::from_secs(45);

/// One turn: answers requests for links and passwords, ends what is overdue, then sends what is due. Without a server mail stays where it is read.
pub(crate) async fn turn(core: &Core, smtp: Option<&Smtp>, done: &CancellationToken) -> Result<()> {
    let answered = core.answer_link_requests().await.and(core.answer_password_requests().await);
    empty(core, smtp, done).await.and(answered)
}

async fn empty(core: &Core, smtp: Option<&Smtp>, done: &CancellationToken) -> Result<()> {
    core.end_overdue_mail().await?;
    let Some(smtp) = smtp else { return Ok(()) };
    let senders = (0..AT_ONCE).map(|_| Box::pin(send_all(core, smtp, done)));
    futures_util::future::join_all(senders).await.into_iter().collect()
}

async fn send_all(core: &Core, smtp: &Smtp, done: &CancellationToken) -> Result<()> {
    let mut line = None;
    while !done.is_cancelled() {
        let Some(mail) = core.take_mail().await? else { break };
        send(core, smtp, done, &mail, &mut line).await?;
    }
    if let Some(mut line) = line {
        // Good manners; the server knows what to do without them.
        let _ = timeout(Duration::from_secs(1), line.quit()).await;
    }
    Ok(())
}

/// A line is kept for the next mail as long as nothing went wrong on it.
async fn send(core: &Core, smtp: &Smtp, done: &CancellationToken, mail: &TakenMail, line: &mut Option<AsyncSmtpConnection>) -> Result<()> {
    let ready = match smtp.ready(mail) {
        Ok(ready) => ready,
        Err(said) => return core.mail_was_not_sent(mail, Setback::Final, &said).await,
    };
    let reached = tokio::select! {
        () = done.cancelled() => return core.mail_was_not_sent(mail, Setback::Stopped, "").await,
        reached = timeout(REACHED, reach(smtp, &ready, line.take())) => reached,
    };
    let mut held = match reached {
        Ok(Ok(held)) => held,
        Ok(Err(error)) => return core.mail_was_not_sent(mail, judged(&error, Setback::Passing), &error.to_string()).await,
        Err(_) => return core.mail_was_not_sent(mail, Setback::Passing, "The mail server did not answer in time.").await,
    };
    if !core.begin_mail(mail).await? {
        return Ok(());
    }
    match timeout(TAKEN, Smtp::send(&mut held, &ready)).await {
        Ok(Ok(())) => {
            *line = Some(held);
            core.mail_was_sent(mail).await
        }
        Ok(Err(error)) => core.mail_was_not_sent(mail, judged(&error, Setback::Unclear), &unclear(&error)).await,
        Err(_) => {
            core.mail_was_not_sent(mail, Setback::Unclear, "The mail server did not say whether it took this. It may have arrived.").await
        }
    }
}

/// A server may have closed a line that was kept, so a new one is tried before the mail pays for it.
async fn reach(smtp: &Smtp, ready: &Ready, kept: Option<AsyncSmtpConnection>) -> std::result::Result<AsyncSmtpConnection, Error> {
    if let Some(mut kept) = kept
        && Smtp::offer(&mut kept, ready).await.is_ok()
    {
        return Ok(kept);
    }
    let mut line = smtp.connect().await?;
    Smtp::offer(&mut line, ready).await?;
    Ok(line)
}

/// A server that answered has said what it means; of silence `otherwise` is to be thought.
fn judged(error: &Error, otherwise: Setback) -> Setback {
    if error.is_permanent() {
        Setback::Final
    } else if error.is_transient() {
        Setback::Passing
    } else {
        otherwise
    }
}

fn unclear(error: &Error) -> String {
    if judged(error, Setback::Unclear) == Setback::Unclear { format!("{error}. It may have arrived.") } else { error.to_string() }
}
