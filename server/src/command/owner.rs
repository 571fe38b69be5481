//! `mintmark owner`: a tenant and its first owner, without a browser.

use super::{Failed, Output, from_stdin};
use crate::{config::Config, installation};
use mintmark::tenant::NewOwner;

/// One thing to do with owners.
#[derive(clap::Args)]
pub struct Owner {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// Make a tenant with its signing keys, and its owner; a person who has an account already keeps it
    Create(Create),
}

#[derive(clap::Args)]
struct Create {
    /// What people call the tenant
    #[arg(long)]
    tenant_name: String,
    /// Its part of every address and issuer; never changes
    #[arg(long)]
    tenant_slug: String,
    /// The owner's e-mail
    #[arg(long)]
    email: String,
    /// What people call a new owner [default: the e-mail's first part]
    #[arg(long)]
    name: Option<String>,
    /// Read a new owner's password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
}

impl Owner {
    /// Does it.
    pub async fn run(self, config: Config, output: Output) -> Result<(), Failed> {
        let Verb::Create(Create { tenant_name, tenant_slug, email, name, password_stdin }) = self.verb;
        let password = if password_stdin { Some(from_stdin()?) } else { None };
        let core = installation::open(&config).await?;
        let created = core.create_owner(NewOwner { tenant_name, tenant_slug, email, password, name }).await;
        core.close().await;
        let created = created?;
        output.data(&created, &format!("Tenant {} is there, and {} owns it.", created.tenant_id, created.user_id));
        Ok(())
    }
}
