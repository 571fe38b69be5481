//! The settings as people write them: one struct that is flags, environment variables and file at once.

use crate::config::{BadSetting, refuse_loose};
use clap::{Args, CommandFactory};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fs, net::SocketAddr, num::NonZeroU32, path::PathBuf};

/// Names that the repository's own tests and scripts use; the program leaves them alone.
const NOT_SETTINGS: [&str; 1] = ["MINTMARK_VECTORS"];
const NOT_SETTINGS_PREFIX: &str = "MINTMARK_TEST_";

/// Every setting, none of them decided. Flags win over the environment, both over the file.
#[derive(Args, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// Address to listen on [default: 127.0.0.1:3000]
    #[arg(long, env = "MINTMARK_LISTEN", global = true, hide_env_values = true, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// Where browsers find it [default: http://<listen> on loopback; else required, and https]
    #[arg(long, env = "MINTMARK_PUBLIC_URL", global = true, hide_env_values = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// Folder of the database and the master key [default: ./data]
    #[arg(long, env = "MINTMARK_DATA_DIR", global = true, hide_env_values = true, value_name = "FOLDER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
    /// sqlite:<file> or postgres://... [default: mintmark.db in the data folder]
    #[arg(long, env = "MINTMARK_DATABASE_URL", global = true, hide_env_values = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    /// File of the master key, mode 0600 [default: made in the data folder; required with PostgreSQL]
    #[arg(long, env = "MINTMARK_MASTER_KEY_FILE", global = true, hide_env_values = true, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub master_key_file: Option<PathBuf>,
    /// Networks whose X-Forwarded-For is believed, such as 10.0.0.0/8 [default: none]
    #[arg(long, env = "MINTMARK_TRUSTED_PROXIES", global = true, hide_env_values = true, value_name = "NETWORKS", value_delimiter = ',')]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trusted_proxies: Option<Vec<IpNet>>,
    /// Address of a listener for /metrics alone [default: none]
    #[arg(long, env = "MINTMARK_METRICS_LISTEN", global = true, hide_env_values = true, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_listen: Option<SocketAddr>,
    /// File, mode 0600, of the bearer token that /metrics asks for [default: no /metrics here]
    #[arg(long, env = "MINTMARK_METRICS_TOKEN_FILE", global = true, hide_env_values = true, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_token_file: Option<PathBuf>,
    /// Address of the preview's own listener [default: 127.0.0.1:3001 where neither address nor URL is said, else none]
    #[arg(long, env = "MINTMARK_PREVIEW_LISTEN", global = true, hide_env_values = true, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview_listen: Option<SocketAddr>,
    /// Where browsers find the preview, another origin [default: http://<preview-listen> on loopback; else required, and https]
    #[arg(long, env = "MINTMARK_PREVIEW_URL", global = true, hide_env_values = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview_url: Option<String>,
    /// Mail server, a URL that begins with smtps, or with smtp for STARTTLS [default: none, mail stays in the outbox]
    #[arg(long, env = "MINTMARK_SMTP_URL", global = true, hide_env_values = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_url: Option<String>,
    /// File of the certificate (PEM) of an authority whose mail server is believed as well [default: none]
    #[arg(long, env = "MINTMARK_SMTP_CA_FILE", global = true, hide_env_values = true, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_ca_file: Option<PathBuf>,
    /// Sender of mail, an address with or without a name [default: no-reply at the host of the public URL]
    #[arg(long, env = "MINTMARK_MAIL_FROM", global = true, hide_env_values = true, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_from: Option<String>,
    /// What to log, such as info or mintmark=debug [default: info]
    #[arg(long, env = "MINTMARK_LOG", global = true, hide_env_values = true, value_name = "FILTER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
    /// text or json [default: text on a terminal, else json]
    #[arg(long, env = "MINTMARK_LOG_FORMAT", global = true, hide_env_values = true, value_name = "FORMAT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_format: Option<LogFormat>,
    /// Seconds a client may take to send a request's head [default: 15]
    #[arg(long, env = "MINTMARK_HEADER_TIMEOUT", global = true, hide_env_values = true, value_name = "SECONDS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_timeout: Option<u64>,
    /// Seconds a client may take to send a body [default: 30]
    #[arg(long, env = "MINTMARK_BODY_TIMEOUT", global = true, hide_env_values = true, value_name = "SECONDS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_timeout: Option<u64>,
    /// Seconds until an answer begins, and that a client may pause while reading it [default: 30]
    #[arg(long, env = "MINTMARK_RESPONSE_TIMEOUT", global = true, hide_env_values = true, value_name = "SECONDS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_timeout: Option<u64>,
    /// Connections at once [default: 4096]
    #[arg(long, env = "MINTMARK_MAX_CONNECTIONS", global = true, hide_env_values = true, value_name = "NUMBER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_connections: Option<usize>,
    /// Connections at once of one client; trusted proxies are exempt [default: 256]
    #[arg(long, env = "MINTMARK_MAX_CONNECTIONS_PER_CLIENT", global = true, hide_env_values = true, value_name = "NUMBER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_connections_per_client: Option<usize>,
    /// Requests a minute of one API key, in each process; more are 429 [default: no limit]
    #[arg(long, env = "MINTMARK_API_KEY_LIMIT", global = true, hide_env_values = true, value_name = "NUMBER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key_limit: Option<NonZeroU32>,
    /// Widgets' calls and mints a minute for one organization, in each process; more are 429 [default: no limit]
    #[arg(long, env = "MINTMARK_ORGANIZATION_LIMIT", global = true, hide_env_values = true, value_name = "NUMBER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_limit: Option<NonZeroU32>,
    /// Seconds that /readyz answers 503 before the listener closes [default: 0]
    #[arg(long, env = "MINTMARK_DRAIN_DELAY", global = true, hide_env_values = true, value_name = "SECONDS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drain_delay: Option<u64>,
    /// Seconds that requests under way may take to finish at shutdown [default: 30]
    #[arg(long, env = "MINTMARK_DRAIN_TIMEOUT", global = true, hide_env_values = true, value_name = "SECONDS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drain_timeout: Option<u64>,
    /// Seconds for which verifiers may keep the JWKS [default: 300]
    #[arg(long, env = "MINTMARK_JWKS_MAX_AGE", global = true, hide_env_values = true, value_name = "SECONDS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_max_age: Option<u64>,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Settings {
    /// Puts what the file says under what flags and environment said. The file's keys are the flags' names.
    pub fn over_file(self, file: Option<&PathBuf>) -> Result<Self, BadSetting> {
        let Some(path) = file else { return Ok(self) };
        let bad = |error: &dyn std::fmt::Display| BadSetting(format!("{}: {error}", path.display()));
        let text = fs::read_to_string(path).map_err(|error| bad(&error))?;
        let says_password = text.contains("database-url") || text.contains("smtp-url");
        let merged = self.over_text(&text).map_err(|error| bad(&error))?;
        // The addresses of a database and of a mail server may carry a password (KY7).
        if says_password { refuse_loose(path).map(|()| merged) } else { Ok(merged) }
    }

    fn over_text(self, text: &str) -> Result<Self, BadSetting> {
        // The message of the parser quotes the line, which may hold a password; its first line names only the place.
        let first_line = |error: toml::de::Error| BadSetting(error.message().to_owned());
        let mut table: toml::Table = text.parse().map_err(first_line)?;
        table.extend(toml::Table::try_from(self).map_err(|error| BadSetting(error.to_string()))?);
        table.try_into().map_err(first_line)
    }
}

/// Refuses an environment variable that looks like a setting of ours and is none, so that a typo never becomes a default.
pub fn refuse_unknown<C: CommandFactory>(names: impl Iterator<Item = String>) -> Result<(), BadSetting> {
    let command = C::command();
    let known: BTreeSet<_> = command.get_arguments().filter_map(|arg| arg.get_env()?.to_str()).collect();
    for name in names {
        let ours = name.starts_with("MINTMARK_") && !name.starts_with(NOT_SETTINGS_PREFIX) && !NOT_SETTINGS.contains(&name.as_str());
        if ours && !known.contains(name.as_str()) {
            return Err(BadSetting(format!("{name} is no setting. Known are: {}.", known.into_iter().collect::<Vec<_>>().join(", "))));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_win_over_the_file_and_the_file_over_nothing() {
        let given = Settings { listen: Some(([127, 0, 0, 1], 4000).into()), ..Settings::default() };
        let merged = given.over_text("listen = \"127.0.0.1:5000\"\nbody-timeout = 7\n").expect("merges");
        assert_eq!(merged.listen.map(|listen| listen.port()), Some(4000));
        assert_eq!(merged.body_timeout, Some(7));
    }

    #[test]
    fn an_unknown_key_of_the_file_is_named_and_no_value_is() {
        let error = Settings::default().over_text("lisen = \"hunter2\"").err().expect("refused").to_string();
        assert!(error.contains("lisen") && !error.contains("hunter2"), "{error}");
    }
}
