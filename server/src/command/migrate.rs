//! `mintmark migrate`: bring the database up to date, and find out whether it can be opened.

use super::{Failed, Output};
use crate::{config::Config, installation};
use serde_json::json;

/// Migrates and closes.
#[derive(clap::Args)]
pub struct Migrate {}

impl Migrate {
    /// Once; a second time does nothing.
    pub async fn run(self, config: Config, output: Output) -> Result<(), Failed> {
        let core = installation::open(&config).await?;
        let engine = core.engine();
        core.close().await;
        output.data(&json!({ "engine": engine, "migrated": true }), &format!("The database ({engine}) is up to date."));
        Ok(())
    }
}
