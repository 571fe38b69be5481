//! `mintmark serve`: open, listen, serve, drain.

use super::{Failed, Output};
use crate::{Listeners, config::Config, installation, run};
use serde_json::json;
use std::io;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

/// Listens and serves.
#[derive(clap::Args)]
pub struct Serve {}

impl Serve {
    /// Until a signal ends it.
    pub async fn run(self, mut config: Config, output: Output) -> Result<(), Failed> {
        let main = bind(config.listen).await?;
        let at = main.local_addr()?;
        config.public_url.take_port(at.port());
        let core = installation::open(&config).await?;
        let metrics = match config.metrics_listen {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        // Before anybody is told that we run, or a signal that follows at once would kill instead of end.
        let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let link = core.issue_set_up_link().await?;
        let url = config.public_url.to_string();
        let set_up = link.as_ref().map_or(String::new(), |link| {
            format!("\nNobody owns it yet. Until {} this link makes you its owner, once:\n{}", link.expires_at, link.url.reveal())
        });
        output.data(
            &json!({ "listening": at.to_string(), "public_url": url, "set_up": link }),
            &format!("Mintmark listens on {at}. Open {url}{set_up}"),
        );
        let shutdown = async move {
            tokio::select! {
                _ = term.recv() => {}
                _ = int.recv() => {}
            }
        };
        run(Listeners { main, metrics }, core, config, shutdown).await;
        Ok(())
    }
}

async fn bind(address: std::net::SocketAddr) -> Result<TcpListener, io::Error> {
    TcpListener::bind(address).await.map_err(|error| io::Error::new(error.kind(), format!("Cannot listen on {address}: {error}.")))
}
