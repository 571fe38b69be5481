//! The mail server: what `MINTMARK_SMTP_URL` says of it, how it is reached, and a mail as it travels.

use crate::config::{BadSetting, PublicUrl};
use lettre::{
    Address, Message,
    message::{Mailbox, MultiPart, header},
    transport::smtp::{
        Error,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, Certificate, TlsParameters, TlsParametersBuilder},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, MailParameter},
    },
};
use mintmark::mail::TakenMail;
use percent_encoding::percent_decode_str;
use std::time::Duration;
use url::{Host, Url};

/// For connecting, and for each answer until the server has agreed to take a message.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where mail goes, and in whose name. It holds a password, so it cannot be printed.
pub struct Smtp {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
    hello: ClientId,
    from: Mailbox,
    /// An authority of the operator's own, beside those that everybody knows.
    authority: Option<Certificate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Security {
    /// On this machine only, unless the operator says so.
    None,
    /// The connection turns to TLS before anything is said, or ends.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

/// A mail in the form in which a server takes it.
pub(crate) struct Ready {
    from: Address,
    to: Address,
    bytes: Vec<u8>,
}

impl Smtp {
    /// `smtps://name:password@host`, or `smtp://...` with STARTTLS; without TLS on loopback, or with `?tls=none`.
    pub fn resolve(url: &str, from: Option<&str>, public_url: &PublicUrl) -> Result<Self, BadSetting> {
        // What is wrong is said without the address, which may hold a password.
        let bad = |why: &str| BadSetting(format!("MINTMARK_SMTP_URL {why}"));
        let url = Url::parse(url).map_err(|_| bad("is no URL; it is like smtps://name:password@mail.example.com."))?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| bad("names no host."))?;
        if url.fragment().is_some() || !matches!(url.path(), "" | "/") {
            return Err(bad("is scheme, name, password, host and port, and ?tls=none at most."));
        }
        let tls: Vec<_> = url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        let without = match tls.as_slice() {
            [] => is_loopback(&url),
            [(name, value)] if name == "tls" && value == "none" => true,
            [(name, value)] if name == "tls" && matches!(value.as_str(), "required" | "starttls") => false,
            _ => return Err(bad("may end in ?tls=none or ?tls=required, and in nothing else.")),
        };
        let (security, usual) = match url.scheme() {
            "smtps" => (Security::Tls, 465),
            "smtp" if without => (Security::None, 25),
            "smtp" => (Security::StartTls, 587),
            _ => return Err(bad("starts with smtps:// or smtp://.")),
        };
        let credentials = credentials(&url).map_err(|()| bad("has a name or password that is not UTF-8."))?;
        if credentials.is_some() && security == Security::None && !is_loopback(&url) {
            return Err(bad("would send its password over a connection that anybody can read; leave ?tls=none away."));
        }
        Ok(Self {
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: url.port().unwrap_or(usual),
            security,
            credentials,
            hello: own_name(public_url),
            from: sender(from, public_url)?,
            authority: None,
        })
    }

    /// Believes certificates that this authority signed as well: PEM, one certificate or several.
    pub fn trusting(self, pem: &[u8]) -> Result<Self, BadSetting> {
        let bad = || BadSetting("MINTMARK_SMTP_CA_FILE holds no certificate; it is like -----BEGIN CERTIFICATE----- and on.".into());
        // What is no PEM at all is an empty list to the library, and no error.
        if !pem.windows(27).any(|piece| piece == b"-----BEGIN CERTIFICATE-----") {
            return Err(bad());
        }
        Ok(Self { authority: Some(Certificate::from_pem(pem).map_err(|_| bad())?), ..self })
    }

    /// Where that is, for people: without name and password.
    #[must_use]
    pub fn place(&self) -> String {
        let how = match self.security {
            Security::None => "without TLS",
            Security::StartTls => "with STARTTLS",
            Security::Tls => "with TLS",
        };
        format!("{}:{} {how}, from {}", self.host, self.port, self.from.email)
    }

    /// A connection on which a message may be offered.
    pub(crate) async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let tls = || {
            let builder = TlsParameters::builder(self.host.clone());
            self.authority.clone().into_iter().fold(builder, TlsParametersBuilder::add_root_certificate).build()
        };
        let at_once = if self.security == Security::Tls { Some(tls()?) } else { None };
        let mut line =
            AsyncSmtpConnection::connect_tokio1((self.host.as_str(), self.port), Some(PATIENCE), &self.hello, at_once, None).await?;
        if self.security == Security::StartTls {
            line.starttls(tls()?, &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            line.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await?;
        }
        Ok(line)
    }

    /// Sender, recipient, and leave to send: whatever happens until here, the server has taken nothing.
    pub(crate) async fn offer(line: &mut AsyncSmtpConnection, ready: &Ready) -> Result<(), Error> {
        // A server that does not know such addresses says no, which is an answer.
        let foreign = [&ready.from, &ready.to].into_iter().any(|address| !AsRef::<str>::as_ref(address).is_ascii());
        let options = if foreign { vec![MailParameter::SmtpUtfEight] } else { Vec::new() };
        line.command(Mail::new(Some(ready.from.clone()), options)).await?;
        line.command(Rcpt::new(ready.to.clone(), Vec::new())).await?;
        line.command(Data).await.map(drop)
    }

    /// The message itself.
    pub(crate) async fn send(line: &mut AsyncSmtpConnection, ready: &Ready) -> Result<(), Error> {
        line.message(&ready.bytes).await.map(drop)
    }

    /// The mail as it travels: one recipient, text and HTML. Names are encoded by the library, so none of them ends a line (ML9).
    pub(crate) fn ready(&self, mail: &TakenMail) -> Result<Ready, String> {
        let to: Address = mail.recipient.parse().map_err(|_| "This is no address that mail can be sent to.".to_owned())?;
        let name = self.from.name.clone().unwrap_or_else(|| mail.sender.clone());
        let from = Mailbox::new(Some(name), self.from.email.clone());
        let id = format!("<{}@{}>", mail.id, self.from.email.domain());
        let message = Message::builder()
            .from(from)
            .to(Mailbox::new(None, to.clone()))
            .subject(&mail.subject)
            .message_id(Some(id))
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
            .map_err(|error| error.to_string())?;
        Ok(Ready { from: self.from.email.clone(), to, bytes: message.formatted() })
    }
}

/// Tells other programs that no person wrote this, so that none of them answers (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl header::Header for AutoSubmitted {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

fn is_loopback(url: &Url) -> bool {
    // Outside http and its kin a host is not parsed as an address, so it is read here.
    match url.host_str().map(Host::parse) {
        Some(Ok(Host::Domain(name))) => name == "localhost",
        Some(Ok(Host::Ipv4(ip))) => ip.is_loopback(),
        Some(Ok(Host::Ipv6(ip))) => ip.is_loopback(),
        _ => false,
    }
}

fn credentials(url: &Url) -> Result<Option<Credentials>, ()> {
    let plain = |text: &str| percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned).map_err(drop);
    match url.password() {
        Some(password) => Ok(Some(Credentials::new(plain(url.username())?, plain(password)?))),
        None if url.username().is_empty() => Ok(None),
        None => Ok(Some(Credentials::new(plain(url.username())?, String::new()))),
    }
}

/// The host of the public URL, or `localhost` where that is an address.
fn own_host(public_url: &PublicUrl) -> String {
    match public_url.url().host() {
        Some(Host::Domain(name)) => name.to_owned(),
        _ => "localhost".to_owned(),
    }
}

fn own_name(public_url: &PublicUrl) -> ClientId {
    ClientId::Domain(own_host(public_url))
}

fn sender(from: Option<&str>, public_url: &PublicUrl) -> Result<Mailbox, BadSetting> {
    let text = from.map_or_else(|| format!("no-reply@{}", own_host(public_url)), ToOwned::to_owned);
    let bad = |_| BadSetting("MINTMARK_MAIL_FROM is an address, such as no-reply@example.com or Acme <no-reply@example.com>.".into());
    text.parse().map_err(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(url: &str, from: Option<&str>) -> Result<Smtp, String> {
        let public_url = PublicUrl::resolve(Some("https://mint.example.com"), ([127, 0, 0, 1], 80).into()).expect("a URL");
        Smtp::resolve(url, from, &public_url).map_err(|error| error.to_string())
    }

    fn place(url: &str) -> String {
        resolve(url, None).map_or_else(|error| error, |smtp| smtp.place())
    }

    #[test]
    fn mail_leaves_the_machine_through_tls_unless_somebody_says_otherwise() {
        assert_eq!(place("smtps://ada:secret@mail.example.com"), "mail.example.com:465 with TLS, from no-reply@mint.example.com");
        assert!(place("smtp://ada:secret@mail.example.com").starts_with("mail.example.com:587 with STARTTLS"));
        assert!(place("smtp://mail.example.com:25?tls=none").starts_with("mail.example.com:25 without TLS"));
        assert!(place("smtp://127.0.0.1:2525").starts_with("127.0.0.1:2525 without TLS"));
        assert!(place("smtp://[::1]:2525").starts_with("::1:2525 without TLS"));
        assert!(place("smtp://localhost?tls=required").starts_with("localhost:587 with STARTTLS"));
    }

    #[test]
    fn what_is_no_mail_server_is_refused_without_its_password() {
        for wrong in [
            "mail.example.com",
            "http://ada:hunter2@mail.example.com",
            "smtp://ada:hunter2@mail.example.com?tls=none",
            "smtps://ada:hunter2@mail.example.com?tls=maybe",
            "smtps://ada:hunter2@mail.example.com?tls=required&tls=none",
            "smtps://ada:hunter2@mail.example.com/path",
            "smtps://",
        ] {
            let said = resolve(wrong, None).err().unwrap_or_default();
            assert!(said.contains("MINTMARK_SMTP_URL") && !said.contains("hunter2"), "{wrong}: {said}");
        }
    }

    #[test]
    fn an_authority_is_a_certificate() {
        let smtp = || resolve("smtps://mail.example.com", None).expect("a mail server");
        for wrong in ["", "hello", "-----BEGIN PRIVATE KEY-----", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----"] {
            let said = smtp().trusting(wrong.as_bytes()).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(said.contains("MINTMARK_SMTP_CA_FILE"), "{wrong:?}: {said}");
        }
    }

    #[test]
    fn a_sender_is_an_address_with_or_without_a_name() {
        let from = |text: &str| resolve("smtps://mail.example.com", Some(text)).map(|smtp| smtp.from.to_string());
        assert_eq!(from("Acme Inc <no-reply@acme.example>"), Ok("Acme Inc <no-reply@acme.example>".to_owned()));
        for wrong in ["", "Acme", "a@b\r\nBcc: c@d.example", "a@b.example, c@d.example"] {
            assert!(from(wrong).is_err(), "{wrong:?}");
        }
    }
}
