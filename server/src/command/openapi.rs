//! `mintmark openapi`: the description of the HTTP API, without a running server.

use super::{Failed, Output};
use crate::{api, config::Config};
use serde_json::to_string_pretty;

/// Writes it.
#[derive(clap::Args)]
pub struct Openapi {}

impl Openapi {
    /// To standard output; with `--json` on one line.
    #[expect(clippy::unused_async, reason = "every verb has the same shape")]
    pub async fn run(self, _: Config, output: Output) -> Result<(), Failed> {
        let description = api::description();
        output.data(&description, &to_string_pretty(&description).unwrap_or_default());
        Ok(())
    }
}
