//! `mintmark user`: letting in somebody who lost password or second factor.

use super::{Failed, Output};
use crate::{config::Config, installation};

/// One thing to do with people.
#[derive(clap::Args)]
pub struct User {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// Print a one-time link that sets a new password and turns the second factor off
    Reset {
        /// Whose
        #[arg(long)]
        email: String,
    },
}

impl User {
    /// Does it.
    pub async fn run(self, config: Config, output: Output) -> Result<(), Failed> {
        let Verb::Reset { email } = self.verb;
        let core = installation::open(&config).await?;
        let link = core.issue_reset(&email).await;
        core.close().await;
        let link = link?;
        output.data(&link, &format!("Until {} this link works once:\n{}", link.expires_at, link.url.reveal()));
        Ok(())
    }
}
