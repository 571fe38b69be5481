//! `mintmark audit`: whether history is as it was written.

use super::{Failed, Output};
use crate::{config::Config, installation};
use mintmark::audit::AuditReport;

/// One thing to do with history.
#[derive(clap::Args)]
pub struct Audit {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// Walk every chain; exit code 1 and the first bad row if one was edited, deleted, inserted, swapped or cut off
    Verify,
}

impl Audit {
    /// Does it.
    pub async fn run(self, config: Config, output: Output) -> Result<(), Failed> {
        let Verb::Verify = self.verb;
        let core = installation::open(&config).await?;
        let report = core.verify_audit().await;
        core.close().await;
        let report = report?;
        let ends = report.chains.iter().map(|chain| format!("{} {} {}\n", chain.chain, chain.seq, chain.hash)).collect::<Vec<_>>().concat();
        output.data(&report, format!("{} events checked. The ends of their chains:\n{ends}", report.rows).trim_end());
        judge(&report)
    }
}

fn judge(report: &AuditReport) -> Result<(), Failed> {
    match report.first_bad() {
        Some(bad) => Err(Failed::Found(format!("History is not as it was written: {bad}."))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mintmark::audit::{BadRow, ChainReport, Fault};

    /// AU2: a script sees by the exit code alone that something is wrong.
    #[test]
    fn a_bad_row_fails_the_command_and_is_named() {
        let bad = BadRow { chain: "ten_x".into(), seq: 7, id: None, fault: Fault::Missing };
        let chain = ChainReport { chain: "ten_x".into(), rows: 6, after: 0, seq: 6, hash: "h".into(), bad: Some(bad) };
        let failed = judge(&AuditReport { rows: 6, chains: vec![chain] }).expect_err("one is bad");
        assert_eq!(failed.code(), 1);
        assert!(failed.to_string().contains("ten_x, row 7 is missing"), "{failed}");
        assert!(judge(&AuditReport { rows: 0, chains: Vec::new() }).is_ok());
    }
}
