//! Rotating the master key: every sealed value is opened, sealed again and written in one commit (KY4).

use super::store;
use crate::{
    Core, Origination, Result, Who,
    audit::{Action, Event, HistoryKey},
    bridge, customer_password,
    key::{self, MasterKey, Sealer},
    magic_link, mail, user,
};

impl Core {
    /// Seals everything under `new`; answers how many values that were. This process still holds the old key afterwards:
    /// close it, and open the installation again with the new one, which proves that every value opens.
    pub async fn rotate_master_key(&self, new: &MasterKey) -> Result<usize> {
        let sealer = Sealer::new(new)?;
        let kept = store::read(self.db()).await?.history_key.unwrap_or_default();
        let history_key = HistoryKey::reseal(self.sealer(), &sealer, &kept)?;
        let mut writes = vec![store::replace_keys(self.sealer().fingerprint(), sealer.fingerprint(), &history_key)];
        writes.extend(key::reseal(self, &sealer).await?);
        writes.extend(user::reseal(self, &sealer).await?);
        writes.extend(mail::reseal(self, &sealer).await?);
        writes.extend(bridge::reseal(self, &sealer).await?);
        writes.extend(magic_link::reseal(self, &sealer).await?);
        writes.extend(customer_password::reseal(self, &sealer).await?);
        let values = writes.len();
        let mut tx = self.begin(Who::CommandLine, None, Origination::default());
        tx.write_all(writes);
        let event = Event::new(Action::MasterKeyRotated)
            .with("before", self.sealer().fingerprint())
            .with("after", sealer.fingerprint())
            .with("values", i64::try_from(values).unwrap_or(i64::MAX));
        tx.commit(event).await?;
        Ok(values)
    }

    /// Opens every sealed value; the first that does not open is an error.
    pub async fn prove_master_key(&self) -> Result<()> {
        key::reseal(self, self.sealer()).await?;
        user::reseal(self, self.sealer()).await?;
        mail::reseal(self, self.sealer()).await?;
        magic_link::reseal(self, self.sealer()).await?;
        customer_password::reseal(self, self.sealer()).await?;
        bridge::reseal(self, self.sealer()).await.map(drop)
    }
}
