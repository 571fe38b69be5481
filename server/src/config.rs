//! What the operator decided: flags, then environment, then file, then defaults. Unknown settings fail.

use crate::{client::Networks, preview::Place, settings::Settings, smtp::Smtp, surface::Surface};
use mintmark::{Secret, secret::Digest};
use std::{
    fmt, fs,
    net::SocketAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
    time::Duration,
};
use url::{Host, Url};
use zeroize::Zeroizing;

/// A setting that cannot be used; the sentence names it. It never holds a secret's value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadSetting(pub String);

/// Everything that was decided, checked and complete.
pub struct Config {
    /// Where the program listens.
    pub listen: SocketAddr,
    /// Where browsers and backends find it; the issuer of every token.
    pub public_url: PublicUrl,
    /// A folder that only its owner reads.
    pub data_dir: PathBuf,
    /// `sqlite:...` or `postgres://...`; may carry a password.
    pub database_url: Secret,
    /// Where the master key lies; none: in the data folder, made on first use.
    pub master_key_file: Option<PathBuf>,
    /// Who may say in `x-forwarded-for` whom it speaks for.
    pub trusted_proxies: Networks,
    /// A listener of its own for `/metrics`, without a token.
    pub metrics_listen: Option<SocketAddr>,
    /// Where products are shown as pages show them; none: nowhere.
    pub preview: Option<Place>,
    /// What `/metrics` on the main listener asks for.
    pub metrics_token: Option<Digest>,
    /// How long a client may take, and how many there may be.
    pub bounds: Bounds,
    /// Where mail goes; none: it stays in the outbox, where owners and admins read it.
    pub smtp: Option<Smtp>,
    /// `max-age` of the JWKS.
    pub jwks_max_age: Duration,
    /// Sign-in attempts a minute and address.
    pub sign_in_limit: u32,
    /// Wrong verification secrets that one product may see.
    pub wrong_secret_limit: u32,
    /// Identity tokens that one verification secret may buy.
    pub identity_limit: NonZeroU32,
    /// Messages that one client may write to products.
    pub client_message_limit: u32,
    /// Messages that visitors may write to one product.
    pub product_message_limit: NonZeroU32,
    /// Tokens that one address may ask about without an API key.
    pub verify_limit: u32,
    /// Requests a minute of one API key.
    pub api_key_limit: Option<NonZeroU32>,
    /// Widgets' calls and mints a minute for one organization.
    pub organization_limit: Option<NonZeroU32>,
}

/// How long a client may take, and how many clients there may be (X4, DS4).
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// From the first to the last byte of a request's head, and between two requests of one connection.
    pub header_timeout: Duration,
    /// From the head to the last byte of the body.
    pub body_timeout: Duration,
    /// From the head to the head of the answer; also the longest pause of a client that reads it.
    pub response_timeout: Duration,
    /// Connections at once; further ones wait in the kernel's queue.
    pub connections: usize,
    /// Connections at once of one client (IPv6: of one /64); further ones are closed. Trusted proxies are exempt.
    pub connections_per_client: usize,
    /// How long `/readyz` answers 503 before the listener closes, so that a balancer notices.
    pub drain_delay: Duration,
    /// How long requests under way may take to finish after that.
    pub drain_timeout: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            header_timeout: Duration::from_secs(15),
            body_timeout: Duration::from_secs(30),
            response_timeout: Duration::from_secs(30),
            connections: 4_096,
            connections_per_client: 256,
            drain_delay: Duration::ZERO,
            drain_timeout: Duration::from_secs(30),
        }
    }
}

impl Config {
    /// Checks the settings and fills in the defaults. Touches no file but those that hold secrets.
    pub fn resolve(settings: Settings) -> Result<Self, BadSetting> {
        let listen = settings.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000)));
        let public_url = PublicUrl::resolve(settings.public_url.as_deref(), listen)?;
        let preview = Place::resolve(&settings, &public_url)?;
        let data_dir = settings.data_dir.unwrap_or_else(|| "data".into());
        let database_url = settings.database_url.unwrap_or_else(|| format!("sqlite:{}", data_dir.join("mintmark.db").display()));
        let defaults = Bounds::default();
        let seconds = |given: Option<u64>, default: Duration| given.map_or(default, Duration::from_secs);
        let bounds = Bounds {
            header_timeout: seconds(settings.header_timeout, defaults.header_timeout),
            body_timeout: seconds(settings.body_timeout, defaults.body_timeout),
            response_timeout: seconds(settings.response_timeout, defaults.response_timeout),
            connections: settings.max_connections.unwrap_or(defaults.connections),
            connections_per_client: settings.max_connections_per_client.unwrap_or(defaults.connections_per_client),
            drain_delay: seconds(settings.drain_delay, defaults.drain_delay),
            drain_timeout: seconds(settings.drain_timeout, defaults.drain_timeout),
        };
        for (name, value) in [
            ("header-timeout", bounds.header_timeout),
            ("body-timeout", bounds.body_timeout),
            ("response-timeout", bounds.response_timeout),
        ] {
            if value.is_zero() || value > Duration::from_hours(1) {
                return Err(BadSetting(format!("{name} is a number of seconds from 1 to 3600.")));
            }
        }
        if bounds.connections == 0 || bounds.connections_per_client == 0 {
            return Err(BadSetting("max-connections and max-connections-per-client are at least 1.".into()));
        }
        let jwks_max_age = seconds(settings.jwks_max_age, Duration::from_mins(5));
        if jwks_max_age < Duration::from_secs(1) || jwks_max_age > Duration::from_hours(24) {
            return Err(BadSetting("jwks-max-age is a number of seconds from 1 to 86400.".into()));
        }
        let smtp = match (&settings.smtp_url, &settings.mail_from) {
            (Some(url), from) => {
                let smtp = Smtp::resolve(url, from.as_deref(), &public_url)?;
                Some(match &settings.smtp_ca_file {
                    Some(file) => smtp.trusting(&fs::read(file).map_err(|error| unreadable(file, &error))?)?,
                    None => smtp,
                })
            }
            (None, Some(_)) => {
                return Err(BadSetting("MINTMARK_MAIL_FROM says who sends, and MINTMARK_SMTP_URL must say through whom.".into()));
            }
            (None, None) => None,
        };
        Ok(Self {
            public_url,
            preview,
            smtp,
            metrics_token: settings
                .metrics_token_file
                .as_deref()
                .map(read_secret)
                .transpose()?
                .map(|token| Digest::of(token.reveal().as_bytes())),
            database_url: Secret::new(database_url),
            master_key_file: settings.master_key_file,
            trusted_proxies: Networks::new(settings.trusted_proxies.unwrap_or_default()),
            metrics_listen: settings.metrics_listen,
            sign_in_limit: 10,
            wrong_secret_limit: 60,
            identity_limit: NonZeroU32::new(60_000).unwrap_or(NonZeroU32::MIN),
            client_message_limit: 60,
            product_message_limit: NonZeroU32::new(600).unwrap_or(NonZeroU32::MIN),
            verify_limit: 60_000,
            api_key_limit: settings.api_key_limit,
            organization_limit: settings.organization_limit,
            listen,
            data_dir,
            bounds,
            jwks_max_age,
        })
    }

    /// Whether browsers are to stay on TLS with this face.
    pub(crate) fn is_https(&self, surface: Surface) -> bool {
        match (&self.preview, surface) {
            (Some(preview), Surface::Preview) => preview.url.is_https(),
            _ => self.public_url.is_https(),
        }
    }

    /// Makes the data folder, for its owner only, and takes away from others what they have (KY7). Answers whether it was loose.
    pub fn prepare_data_dir(&self) -> Result<bool, BadSetting> {
        use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
        let say = |error: std::io::Error| BadSetting(format!("The data folder {} cannot be used: {error}.", self.data_dir.display()));
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.data_dir).map_err(say)?;
        let mode = fs::metadata(&self.data_dir).map_err(say)?.permissions().mode();
        let loose = loose(mode);
        if loose {
            fs::set_permissions(&self.data_dir, fs::Permissions::from_mode(0o700)).map_err(say)?;
        }
        Ok(loose)
    }
}

/// Where the world finds this installation: scheme, host and port, nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    /// `https` anywhere; `http` on loopback only, where it is also the default.
    pub fn resolve(given: Option<&str>, listen: SocketAddr) -> Result<Self, BadSetting> {
        const SETTING: &str = "MINTMARK_PUBLIC_URL";
        let Some(text) = given else {
            return if listen.ip().is_loopback() {
                Self::parse(SETTING, &format!("http://{listen}"))
            } else {
                Err(BadSetting(format!("Listening on {listen} needs {SETTING}: the https address that browsers use.")))
            };
        };
        Self::parse(SETTING, text)
    }

    /// Of the text of this setting.
    pub(crate) fn parse(setting: &str, text: &str) -> Result<Self, BadSetting> {
        let bad = |why: &str| BadSetting(format!("{setting} {why}"));
        let url = Url::parse(text).map_err(|error| bad(&format!("is no URL: {error}.")))?;
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some()
        {
            return Err(bad("is scheme, host and port only, such as https://mintmark.example.com."));
        }
        let loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => return Err(bad("has no host.")),
        };
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if loopback => Ok(Self(url)),
            "http" => Err(bad("must be https; http is allowed on loopback only.")),
            _ => Err(bad("must be https.")),
        }
    }

    /// As browsers send it in `Origin`: lower case, default port dropped.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// With the port that the system chose, where it was left to choose one.
    pub(crate) fn take_port(&mut self, port: u16) {
        if self.0.port() == Some(0) {
            let _ = self.0.set_port(Some(port));
        }
    }

    /// The start page.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Whether cookies may be `Secure` and browsers told to stay on TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }
}

impl fmt::Display for PublicUrl {
    /// Without a trailing slash.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin())
    }
}

/// Refuses a file with a secret in it that anyone but its owner may read (KY7).
pub(crate) fn refuse_loose(file: &Path) -> Result<(), BadSetting> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(file).map_err(|error| unreadable(file, &error))?.permissions().mode();
    if !loose(mode) || lent(file, mode) {
        return Ok(());
    }
    Err(BadSetting(format!("{} is readable by others (mode {:03o}); chmod 600 it.", file.display(), mode & 0o777)))
}

/// Whether systemd lends this file to the service (`LoadCredential=`): in a folder that nobody else enters, readable through an
/// access list, which shows as the group's bit.
fn lent(file: &Path, mode: u32) -> bool {
    file.starts_with("/run/credentials") && [0o400, 0o440].contains(&(mode & 0o777))
}

/// The text of a file that holds a secret, without the white space around it.
pub(crate) fn read_secret(file: &Path) -> Result<Secret, BadSetting> {
    refuse_loose(file)?;
    let text = Zeroizing::new(fs::read_to_string(file).map_err(|error| unreadable(file, &error))?);
    let token = text.trim();
    if token.len() < 16 {
        return Err(BadSetting(format!("{} holds fewer than 16 characters.", file.display())));
    }
    Ok(Secret::new(token.to_owned()))
}

fn unreadable(file: &Path, error: &std::io::Error) -> BadSetting {
    BadSetting(format!("{} cannot be read: {error}.", file.display()))
}

/// Whether anyone but the owner may do anything with it.
pub(crate) fn loose(mode: u32) -> bool {
    mode & 0o077 != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(url: Option<&str>, listen: &str) -> Result<String, BadSetting> {
        PublicUrl::resolve(url, listen.parse().expect("an address")).map(|url| url.to_string())
    }

    #[test]
    fn http_is_for_loopback_only_and_anything_else_must_be_said() {
        let ok = |url: &str| Ok(url.to_owned());
        assert_eq!(resolve(None, "127.0.0.1:3000"), ok("http://127.0.0.1:3000"));
        assert_eq!(resolve(None, "[::1]:3000"), ok("http://[::1]:3000"));
        assert_eq!(resolve(Some("http://localhost:8080/"), "0.0.0.0:80"), ok("http://localhost:8080"));
        assert_eq!(resolve(Some("HTTPS://Mint.Example:443"), "0.0.0.0:80"), ok("https://mint.example"));
        for (url, listen) in [
            (None, "0.0.0.0:3000"),
            (Some("http://mint.example"), "127.0.0.1:3000"),
            (Some("http://localhost.evil.example"), "127.0.0.1:3000"),
            (Some("ftp://localhost"), "127.0.0.1:3000"),
            (Some("https://mint.example/path"), "127.0.0.1:3000"),
            (Some("https://user:pass@mint.example"), "127.0.0.1:3000"),
            (Some("https://mint.example?x"), "127.0.0.1:3000"),
            (Some("mint.example"), "127.0.0.1:3000"),
        ] {
            assert!(resolve(url, listen).is_err(), "{url:?} {listen}");
        }
    }

    #[test]
    fn only_what_systemd_lends_may_show_a_group_bit() {
        let lent = |file: &str, mode| lent(Path::new(file), mode);
        assert!(lent("/run/credentials/mintmark.service/master.key", 0o100_440));
        assert!(!lent("/run/credentials/mintmark.service/master.key", 0o100_444));
        assert!(!lent("/run/credentials/mintmark.service/master.key", 0o100_460));
        assert!(!lent("/run/credentials.d/master.key", 0o100_440) && !lent("/etc/mintmark/master.key", 0o100_440));
    }

    #[test]
    fn timeouts_and_caps_have_bounds() {
        let refused = |settings: Settings| assert!(Config::resolve(settings).is_err());
        refused(Settings { header_timeout: Some(0), ..Settings::default() });
        refused(Settings { body_timeout: Some(7_200), ..Settings::default() });
        refused(Settings { max_connections: Some(0), ..Settings::default() });
        refused(Settings { jwks_max_age: Some(0), ..Settings::default() });
    }
}
