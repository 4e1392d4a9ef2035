//! Once the stream is read to its end, the counts are the sums over the payments and receivers in the table.

use super::Simulation;
use crate::actors::{CREATORS, WAVES};
use crate::invariants::creator_balance;
use payments::{Contribution, CreatorId, Currency, FirstPayment, Totals, WaveCounters, WaveName};
use std::collections::{BTreeMap, BTreeSet};

/// The counts as sums over everything in the table.
#[derive(Default)]
struct Sums {
    totals: BTreeMap<CreatorId, BTreeMap<Currency, Totals>>,
    waves: BTreeMap<WaveName, WaveCounters>,
    first_payments: BTreeSet<FirstPayment>,
}

impl Sums {
    fn add(&mut self, contribution: Contribution) {
        for (creator, by_currency) in contribution.totals {
            for (currency, totals) in by_currency {
                let sum = self.totals.entry(creator.clone()).or_default().entry(currency).or_default();
                *sum = *sum + totals;
            }
        }
        for (wave, counters) in contribution.waves {
            let sum = self.waves.entry(wave).or_default();
            *sum = std::mem::take(sum) + counters;
        }
        if let Some(first) = contribution.first_payment
            && self.first_payments.insert(first.clone())
        {
            self.waves.entry(first.wave).or_default().first_payments += 1;
        }
    }
}

impl Simulation {
    /// Reads the stream to its end, where there is one, and compares every count.
    pub(crate) async fn counts_agree(&mut self) -> Result<(), String> {
        if !self.has_readers() {
            return Ok(());
        }
        self.drain_stream().await?;
        let (mut sums, policy) = (Sums::default(), &self.services.config.policy);
        self.invariants.payments().filter_map(Contribution::of_payment).for_each(|counted| sums.add(counted));
        self.invariants.receivers().for_each(|it| sums.add(Contribution::of_receiver(it, policy)));
        let store = self.services.store.clone();
        for creator in CREATORS {
            let creator = CreatorId::parse(creator).map_err(|error| error.to_string())?;
            let reading = async { store.creator_totals(&creator).await };
            let mut counted =
                self.without_faults("totals", reading).await?.map_err(|error| error.to_string())?;
            let mut expected = sums.totals.remove(&creator).unwrap_or_default();
            // A zero may be stored or absent.
            for totals in [&mut counted, &mut expected] {
                totals.retain(|_, totals| *totals != Totals::default());
            }
            if counted != expected {
                return Err(format!("{creator} is counted {counted:?} and has {expected:?}"));
            }
            // Nothing is to recover at the end, so the net is the balance in the ledger.
            let net: i64 = counted.values().map(|it| it.received - it.refunded - it.disputed).sum();
            let balance = creator_balance(self.backends.table.rows(), &creator)?;
            if net != balance {
                return Err(format!("{creator} is counted {net} and has {balance} in the ledger"));
            }
        }
        if !sums.totals.is_empty() {
            return Err(format!("unknown creators have {:?}", sums.totals));
        }
        for wave in WAVES {
            // A creator who was removed from the wave is removed from its counts.
            let wave = WaveName::parse(wave).map_err(|error| error.to_string())?;
            let expected = sums.waves.remove(&wave).unwrap_or_default();
            let reading = async { store.wave_counters(&wave).await };
            let counted = self
                .without_faults("a wave's counters", reading)
                .await?
                .map_err(|error| error.to_string())?;
            if counted != expected {
                return Err(format!("{wave} is counted {counted:?} and has {expected:?}"));
            }
        }
        if sums.waves.is_empty() { Ok(()) } else { Err(format!("unknown waves have {:?}", sums.waves)) }
    }
}
