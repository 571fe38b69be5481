//! Mail over real SMTP, to servers that take it, refuse it, hang and hang up (E17).

use crate::app::{PATIENCE, TestApp};
use mintmark::{
    Clock, Limit, MailId,
    mail::{Mail, MailState},
    on_each_engine,
    testing::Fixture,
    time::{MINUTE, SECOND},
};
use server::{config::PublicUrl, smtp::Smtp};
use std::{collections::VecDeque, net::SocketAddr, sync::Arc};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::{Mutex, mpsc},
    task::JoinHandle,
};

/// How a server treats the next mail.
#[derive(Debug, Clone, Copy)]
enum Manner {
    Takes,
    /// Answers so to the recipient.
    Says(&'static str),
    /// Answers so to the message.
    SaysAtTheEnd(&'static str),
    /// Hangs up when it has read the message.
    HangsUp,
}

/// A mail as the server got it.
#[derive(Debug)]
struct Got {
    from: String,
    to: Vec<String>,
    message: String,
}

/// A mail server; one manner for each mail that is offered, then it takes all.
struct Sink {
    at: SocketAddr,
    manners: Arc<Mutex<VecDeque<Manner>>>,
    got: mpsc::UnboundedReceiver<Got>,
    task: JoinHandle<()>,
}

impl Sink {
    async fn start(manners: &[Manner]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let at = listener.local_addr().expect("an address");
        let manners = Arc::new(Mutex::new(manners.iter().copied().collect::<VecDeque<_>>()));
        let (tell, got) = mpsc::unbounded_channel();
        let known = manners.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, known.clone(), tell.clone()));
            }
        });
        Self { at, manners, got, task }
    }

    fn smtp(&self) -> Smtp {
        let public_url = PublicUrl::resolve(None, ([127, 0, 0, 1], 3000).into()).expect("a URL");
        Smtp::resolve(&format!("smtp://{}", self.at), Some("no-reply@mint.example"), &public_url).expect("a server")
    }

    async fn next(&mut self) -> Got {
        tokio::time::timeout(PATIENCE, self.got.recv()).await.expect("a mail arrives").expect("the server runs")
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse(stream: TcpStream, manners: Arc<Mutex<VecDeque<Manner>>>, tell: mpsc::UnboundedSender<Got>) -> Option<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 sink\r\n").await.ok()?;
    let (mut from, mut to, mut manner) = (String::new(), Vec::new(), Manner::Takes);
    while let Some(line) = lines.next_line().await.ok()? {
        let mut answer = "250 fine";
        match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => answer = "250-sink\r\n250 8BITMIME",
            "MAIL" => {
                from = line.clone();
                to.clear();
                manner = manners.lock().await.pop_front().unwrap_or(Manner::Takes);
            }
            "RCPT" => match manner {
                Manner::Says(refusal) => answer = refusal,
                _ => to.push(line.clone()),
            },
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await.ok()?;
                let mut message = String::new();
                while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                    message += &line;
                    message.push('\n');
                }
                tell.send(Got { from: from.clone(), to: to.clone(), message }).ok()?;
                match manner {
                    Manner::HangsUp => return None,
                    Manner::SaysAtTheEnd(refusal) => answer = refusal,
                    _ => {}
                }
            }
            "QUIT" => return None,
            _ => {}
        }
        writer.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
    Some(())
}

async fn find(acme: &Fixture, id: &MailId) -> Mail {
    let outbox = acme.owner().await.outbox(Limit::default(), None).await.expect("a list");
    outbox.mail.data.into_iter().find(|mail| mail.id == *id).expect("it is in the outbox")
}

/// The mail as soon as it is no longer on its way; the sender looks once a second.
async fn settled(acme: &Fixture, id: &MailId, is: impl Fn(&Mail) -> bool) -> Mail {
    let looking = async {
        let mut turn = tokio::time::interval(std::time::Duration::from_millis(20));
        loop {
            turn.tick().await;
            let mail = find(acme, id).await;
            if is(&mail) {
                return mail;
            }
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.expect("it settles")
}

async fn app(fresh: mintmark::testing::Fresh, sink: &Sink) -> (TestApp, Fixture, Clock) {
    let (acme, clock) = (fresh.tenant("acme").await, fresh.clock.clone());
    let smtp = sink.smtp();
    (TestApp::with(fresh, |config| config.smtp = Some(smtp)).await, acme, clock)
}

async fn queued(acme: &Fixture) -> MailId {
    acme.owner().await.send_test_mail().await.expect("queued").id
}

on_each_engine! {
    /// ML9
    async fn a_mail_arrives_once_at_its_one_recipient_as_text_and_html(fresh) {
        let mut sink = Sink::start(&[]).await;
        let (_app, acme, _) = app(fresh, &sink).await;
        let id = queued(&acme).await;
        let got = sink.next().await;
        assert_eq!((got.from.as_str(), got.to.as_slice()), ("MAIL FROM:<no-reply@mint.example>", [format!("RCPT TO:<{}>", acme.owner.email)].as_slice()));
        for part in [
            "From: acme <no-reply@mint.example>",
            "Subject: Mail from acme arrives",
            &format!("Message-ID: <{id}@mint.example>"),
            "Auto-Submitted: auto-generated",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Type: text/html; charset=utf-8",
        ] {
            assert!(got.message.contains(part), "{part} is not in\n{}", got.message);
        }
        let mail = settled(&acme, &id, |mail| mail.ended_at.is_some()).await;
        assert_eq!((mail.state, mail.attempts), (MailState::Sent, 1));
    }

    async fn what_a_server_refuses_for_now_is_offered_again(fresh) {
        let mut sink = Sink::start(&[Manner::Says("451 later"), Manner::SaysAtTheEnd("452 full")]).await;
        let (_app, acme, clock) = app(fresh, &sink).await;
        let id = queued(&acme).await;
        let mail = settled(&acme, &id, |mail| mail.last_error.is_some()).await;
        assert!(mail.state == MailState::Waiting && mail.last_error.is_some_and(|said| said.contains("451")));
        clock.advance(5 * SECOND);
        sink.next().await;
        settled(&acme, &id, |mail| mail.last_error.as_ref().is_some_and(|said| said.contains("452"))).await;
        clock.advance(15 * SECOND);
        sink.next().await;
        let mail = settled(&acme, &id, |mail| mail.ended_at.is_some()).await;
        assert_eq!((mail.state, mail.attempts, mail.last_error), (MailState::Sent, 3, None));
    }

    async fn what_a_server_refuses_for_good_is_a_dead_letter(fresh) {
        let mut sink = Sink::start(&[Manner::Says("550 nobody here"), Manner::SaysAtTheEnd("554 no")]).await;
        let (_app, acme, _) = app(fresh, &sink).await;
        for part in ["550", "554"] {
            let id = queued(&acme).await;
            let mail = settled(&acme, &id, |mail| mail.ended_at.is_some()).await;
            assert!(mail.state == MailState::Failed && mail.last_error.as_ref().is_some_and(|said| said.contains(part)), "{mail:?}");
        }
        assert!(sink.next().await.message.contains("arrives"), "the second was heard, then refused");
    }

    async fn what_a_server_heard_and_did_not_answer_is_not_sent_again(fresh) {
        let mut sink = Sink::start(&[Manner::HangsUp]).await;
        let (_app, acme, clock) = app(fresh, &sink).await;
        let id = queued(&acme).await;
        sink.next().await;
        let mail = settled(&acme, &id, |mail| mail.ended_at.is_some()).await;
        assert!(mail.state == MailState::Failed && mail.last_error.is_some_and(|said| said.contains("may have arrived")));
        clock.advance(5 * MINUTE);
        // The next mail that the server hears of is another one.
        let second = queued(&acme).await;
        assert!(sink.next().await.message.contains(second.as_str()));
        assert!(sink.manners.lock().await.is_empty());
    }

    async fn without_a_server_mail_waits_for_one(fresh) {
        let mut sink = Sink::start(&[]).await;
        let acme = fresh.tenant("acme").await;
        let without = TestApp::start(fresh).await;
        let id = queued(&acme).await;
        let clock = without.fresh.clock.clone();
        clock.advance(MINUTE);
        assert_eq!(find(&acme, &id).await.state, MailState::Waiting);
        let smtp = sink.smtp();
        let context = server::Context::new(without.fresh.core.clone(), {
            let settings = server::settings::Settings { listen: Some(without.at), ..Default::default() };
            let mut config = server::config::Config::resolve(settings).expect("settings");
            config.smtp = Some(smtp);
            config
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let second = tokio::spawn(async move { server::serve(listener, server::router(&context), &context, std::future::pending()).await });
        assert!(sink.next().await.message.contains(id.as_str()));
        second.abort();
    }
}
