//! `mintmark healthcheck`: whether the server of these settings can serve, for places without curl.

use super::{Failed, Output};
use crate::config::Config;
use serde_json::json;
use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// From the first byte to the last.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks `/readyz`; exit code 1 unless it is ready.
#[derive(clap::Args)]
pub struct Healthcheck {}

impl Healthcheck {
    /// Does it.
    pub async fn run(self, config: Config, output: Output) -> Result<(), Failed> {
        let at = reachable(config.listen);
        let status = timeout(PATIENCE, ask(at)).await.unwrap_or_else(|late| Err(late.into())).map_err(|error| Failed::Found(format!("Nothing answers on {at}: {error}.")))?;
        if status != 200 {
            return Err(Failed::Found(format!("{at} is not ready: /readyz answers {status}.")));
        }
        output.data(&json!({ "ready": true, "address": at.to_string() }), &format!("{at} is ready."));
        Ok(())
    }
}

/// Whoever listens everywhere is reached on loopback.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// The status of `/readyz`; 0 when what answers does not speak HTTP.
async fn ask(at: SocketAddr) -> io::Result<u16> {
    let mut stream = TcpStream::connect(at).await?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await?;
    let mut head = Vec::new();
    stream.take(64).read_to_end(&mut head).await?;
    let text = String::from_utf8_lossy(&head);
    Ok(text.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_listens_everywhere_is_asked_on_loopback() {
        for (listen, asked) in [("0.0.0.0:80", "127.0.0.1:80"), ("[::]:80", "[::1]:80"), ("10.0.0.1:80", "10.0.0.1:80")] {
            assert_eq!(reachable(listen.parse().expect("an address")).to_string(), asked);
        }
    }
}
