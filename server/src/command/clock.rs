//! `mintmark clock`: what to do when the clock ran ahead and was set back.

use super::{Failed, Output};
use crate::{config::Config, installation};
use serde_json::json;

/// One thing to do with the clock.
#[derive(clap::Args)]
pub struct Clock {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// Take the clock's present time for right, although the database has seen a later one
    ///
    /// Everything that was issued until now is dead afterwards, in every tenant: what expired must not live again.
    Accept,
}

impl Clock {
    /// Does it.
    pub async fn run(self, config: Config, output: Output) -> Result<(), Failed> {
        let Verb::Accept = self.verb;
        let core = installation::open(&config).await?;
        let accepted = core.accept_clock().await;
        core.close().await;
        let now = accepted?;
        output.data(&json!({ "accepted": now }), &format!("The clock is taken for right: {now}. Everything issued before is dead."));
        Ok(())
    }
}
