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
        let preview = preview(&mut config).await?;
        let core = installation::open(&config).await?;
        let metrics = match config.metrics_listen {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        // Before anybody is told that we run, or a signal that follows at once would kill instead of end.
        let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let link = core.issue_set_up_link().await?;
        let url = config.public_url.to_string();
        let preview_url = config.preview.as_ref().map(|preview| preview.url.to_string());
        let set_up = link.as_ref().map_or(String::new(), |link| {
            format!("\nNobody owns it yet. Until {} this link makes you its owner, once:\n{}", link.expires_at, link.url.reveal())
        });
        output.data(
            &json!({ "listening": at.to_string(), "public_url": url, "preview_url": preview_url, "set_up": link }),
            &format!("Mintmark listens on {at}. Open {url}{set_up}"),
        );
        let shutdown = async move {
            tokio::select! {
                _ = term.recv() => {}
                _ = int.recv() => {}
            }
        };
        run(Listeners { main, metrics, preview }, core, config, shutdown).await;
        Ok(())
    }
}

/// The preview's listener. Nobody asked for one on the address that we choose ourselves, so we start without it where that is taken.
async fn preview(config: &mut Config) -> Result<Option<TcpListener>, io::Error> {
    let Some(place) = &mut config.preview else { return Ok(None) };
    match bind(place.listen).await {
        Ok(listener) => {
            place.url.take_port(listener.local_addr()?.port());
            Ok(Some(listener))
        }
        Err(error) if place.chosen_by_us => {
            tracing::warn!("There is no preview in Embed Studio. {error} MINTMARK_PREVIEW_LISTEN names another address.");
            config.preview = None;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

async fn bind(address: std::net::SocketAddr) -> Result<TcpListener, io::Error> {
    TcpListener::bind(address).await.map_err(|error| io::Error::new(error.kind(), format!("Cannot listen on {address}: {error}.")))
}
