//! How PostgreSQL goes about a statement whatever its values are.

use super::Fresh;
use crate::Location;
use sqlx::{AssertSqlSafe, ConnectOptions, raw_sql};

impl Fresh {
    /// The plan that readers use, with statistics of what is in this table. On PostgreSQL alone.
    pub(crate) async fn generic_plan(&self, table: &str, sql: &str) -> String {
        let Location::Postgres(options) = &self.location else { panic!("only PostgreSQL has one") };
        let mut conn = options.connect().await.expect("a connection");
        let values = (1..=20).take_while(|number| sql.contains(&format!("${number}"))).map(|_| "null").collect::<Vec<_>>().join(", ");
        let prepared = format!("analyze {table}; set plan_cache_mode = force_generic_plan; prepare statement as {sql}");
        raw_sql(AssertSqlSafe(prepared)).execute(&mut conn).await.expect("prepared");
        let asked = format!("explain execute statement ({values})");
        let lines: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(asked)).fetch_all(&mut conn).await.expect("a plan");
        lines.into_iter().map(|(line,)| line + "\n").collect()
    }
}
