//! The one decision whether a creator may receive a payment, with every reason against it.
//!
//! The profile, the creation of a payment and the operator's explanation all ask here.

use crate::{
    Admission, Allowed, AmountLimits, ConnectedAccount, Countries, Currency, FeeSchedule, Money, ReasonCode,
    Receiver, Receiving, Rollout, SenderLimits, Timestamp, Usages, UserId,
};

/// Everything that the decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Who would receive.
    pub receiver: &'a Receiver,
    /// How far receiving is open.
    pub rollout: &'a Rollout,
    /// Who would send, if someone in particular.
    pub sender: Option<&'a UserId>,
    /// Whether the creator blocked the sender.
    pub sender_blocked: bool,
    /// Whether the sender is held from sending.
    pub sender_held: bool,
    /// What the sender has sent today; nothing is limited where it is not known.
    pub usages: Option<&'a Usages>,
    /// The chosen amount, if one was named.
    pub chosen: Option<Money>,
    /// The deployment's terms.
    pub policy: &'a Policy,
    /// When it is asked.
    pub now: Timestamp,
}

/// The terms that a deployment sets.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// The greatest amounts.
    pub limits: AmountLimits,
    /// The fees, which bound the greatest amount too.
    pub fees: FeeSchedule,
    /// Where creators can receive.
    pub countries: Countries,
    /// Whether the creator's account is the merchant of a charge (`on_behalf_of`): it needs the `card_payments`
    /// capability then.
    pub on_behalf_of: bool,
    /// How often and how much can be sent.
    pub senders: SenderLimits,
}

impl<'a> Question<'a> {
    /// About a creator as such, without a sender or an amount.
    #[must_use]
    pub fn of(receiver: &'a Receiver, rollout: &'a Rollout, policy: &'a Policy, now: Timestamp) -> Self {
        Self {
            receiver,
            rollout,
            sender: None,
            sender_blocked: false,
            sender_held: false,
            usages: None,
            chosen: None,
            policy,
            now,
        }
    }
}

impl Policy {
    /// Whether Stripe lets money be sent to an account, on this deployment's terms.
    #[must_use]
    pub fn may_be_paid(&self, account: &ConnectedAccount) -> bool {
        account.transfers_active && (account.card_payments_active || !self.on_behalf_of)
    }

    /// The least amount of a currency that can be chosen, in minor units.
    #[must_use]
    pub fn least(&self, currency: Currency) -> i64 {
        self.limits.least(currency)
    }

    /// The greatest amount of a currency that can be chosen, in minor units.
    #[must_use]
    pub fn greatest(&self, currency: Currency) -> i64 {
        self.limits.greatest(currency, &self.fees)
    }

    /// Amounts to offer for a tap, in minor units.
    #[must_use]
    pub fn presets(&self, currency: Currency) -> Vec<i64> {
        self.limits.presets(currency, &self.fees)
    }
}

/// What one rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// The rule, named by the reason that it gives when it refuses.
    pub rule: ReasonCode,
    /// Whether it refuses.
    pub refuses: bool,
}

/// What all rules say, in the order in which reasons are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// One verdict by each rule.
    pub verdicts: Vec<Verdict>,
    /// Through what the creator may receive, as far as operators and waves go; `None` when they open nothing.
    pub admission: Option<Admission>,
    /// When the limits on the sender that refuse it have ended.
    pub limited_until: Option<Timestamp>,
    rollout_version: u64,
    receiver_version: u64,
    wave_resumes: u32,
}

impl Decision {
    /// Whether the payment is allowed.
    #[must_use]
    pub fn allows(&self) -> bool {
        self.reasons().next().is_none()
    }

    /// What is kept with a payment that it allows.
    #[must_use]
    pub fn allowed(&self) -> Option<Allowed> {
        let by = self.admission.clone().filter(|_| self.allows())?;
        let Self { rollout_version, receiver_version, wave_resumes, .. } = *self;
        Some(Allowed { by, rollout_version, receiver_version, wave_resumes })
    }

    /// Every reason against it, in order.
    pub fn reasons(&self) -> impl Iterator<Item = ReasonCode> {
        self.verdicts.iter().filter(|verdict| verdict.refuses).map(|verdict| verdict.rule)
    }

    /// Every reason that concerns who may receive from whom, not the request's own amount or currency.
    #[must_use]
    pub fn not_receiving(&self) -> Vec<ReasonCode> {
        self.reasons().filter(|reason| !reason.is_about_request()).collect()
    }
}

/// Asks every rule.
#[must_use]
pub fn decide(question: &Question<'_>) -> Decision {
    let Question { receiver, rollout, chosen, policy, .. } = *question;
    let account = receiver.account.as_ref();
    let opening = Opening::of(question);
    let currency = receiver.currency;
    // An amount in another currency cannot be compared with the limits.
    let amount = chosen.filter(|money| money.currency() == currency).map(Money::amount);
    let limited_until = limited_until(question);
    let verdicts = [
        (ReasonCode::Paused, rollout.paused),
        (ReasonCode::NotInAWave, opening == Opening::Nothing),
        (ReasonCode::WaveNotStarted, matches!(opening, Opening::Waits { not_started: true, .. })),
        (ReasonCode::WaveHalted, matches!(opening, Opening::Waits { halted: true, .. })),
        (
            ReasonCode::DisabledByOperator,
            receiver.receiving == Receiving::Disabled || !receiver.denied_by.is_empty(),
        ),
        (ReasonCode::NoAccount, account.is_none()),
        (ReasonCode::AccountRestricted, account.is_some_and(|account| !policy.may_be_paid(account))),
        (
            ReasonCode::CountryUnsupported,
            account.is_some_and(|account| !policy.countries.include(&account.country)),
        ),
        (ReasonCode::UnavailableToYou, question.sender_blocked),
        (ReasonCode::SelfPayment, question.sender.is_some_and(|sender| receiver.creator.is_user(sender))),
        (ReasonCode::CurrencyMismatch, chosen.is_some_and(|money| money.currency() != currency)),
        (ReasonCode::AmountBelowMinimum, amount.is_some_and(|amount| amount < receiver.least(policy))),
        (ReasonCode::AmountAboveMaximum, amount.is_some_and(|amount| amount > policy.greatest(currency))),
        (ReasonCode::SenderLimit, limited_until.is_some()),
        (ReasonCode::SenderHeld, question.sender_held),
    ];
    let admission = match opening {
        Opening::Through(admission) => Some(admission),
        Opening::Waits { .. } | Opening::Nothing | Opening::Closed => None,
    };
    Decision {
        verdicts: verdicts.map(|(rule, refuses)| Verdict { rule, refuses }).into(),
        wave_resumes: admission.as_ref().map_or(0, |admission| resumes(rollout, admission)),
        admission,
        limited_until,
        rollout_version: rollout.version,
        receiver_version: receiver.version,
    }
}

/// How often the wave was resumed that admits.
fn resumes(rollout: &Rollout, admission: &Admission) -> u32 {
    match admission {
        Admission::Operator | Admission::Percentage => 0,
        Admission::Wave(name) => rollout.wave(name).map_or(0, |wave| wave.resumes),
    }
}

/// When the sender's limits have ended, if they refuse the chosen amount; without one, the least that can be chosen.
fn limited_until(question: &Question<'_>) -> Option<Timestamp> {
    let Question { receiver, chosen, policy, usages, now, .. } = *question;
    let least = || Money::new(policy.least(receiver.currency), receiver.currency).ok();
    policy.senders.refuse_until(usages?, chosen.or_else(least)?, now)
}

/// What opens receiving to a creator.
#[derive(Debug, PartialEq, Eq)]
enum Opening {
    /// This does.
    Through(Admission),
    /// Only waves that are not open at the moment.
    Waits { not_started: bool, halted: bool },
    /// Nothing.
    Nothing,
    /// An operator closed it: the rollout is not asked.
    Closed,
}

impl Opening {
    fn of(question: &Question<'_>) -> Self {
        let Question { receiver, rollout, now, .. } = *question;
        match receiver.receiving {
            Receiving::Enabled => return Self::Through(Admission::Operator),
            Receiving::Disabled => return Self::Closed,
            Receiving::ByRollout => {}
        }
        let (mut not_started, mut halted) = (false, false);
        // The oldest wave first: a creator stays counted with the wave that they came in by.
        for wave in rollout.waves.iter().filter(|wave| wave.includes(receiver)) {
            if wave.halted {
                halted = true;
            } else if !wave.has_started(now) {
                not_started = true;
            } else {
                return Self::Through(Admission::Wave(wave.name.clone()));
            }
        }
        // The percentage last, though it opens as much: what is paid through a wave is counted with it, and halts it.
        if rollout.reaches(&receiver.creator) {
            return Self::Through(Admission::Percentage);
        }
        if not_started || halted { Self::Waits { not_started, halted } } else { Self::Nothing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountId, CreatorId, OwnAmounts, Percentage, ScopeLimits, Settings, Wave, WaveName};
    use ReasonCode::*;

    fn usd() -> Currency {
        Currency::parse("usd").expect("currency")
    }

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    /// A world in which `sam` may send 10 dollars to `ana`; each test spoils something.
    struct World {
        receiver: Receiver,
        rollout: Rollout,
        sender: UserId,
        blocked: bool,
        held: bool,
        chosen: Option<Money>,
        policy: Policy,
        usages: Usages,
    }

    fn world() -> World {
        World {
            receiver: Receiver {
                receiving: Receiving::Enabled,
                account: Some(ConnectedAccount {
                    transfers_active: true,
                    payouts_enabled: true,
                    ..ConnectedAccount::opened(AccountId::parse("acct_1").expect("id"), "US", usd())
                }),
                ..Receiver::unknown(CreatorId::parse("ana").expect("id"), usd())
            },
            rollout: Rollout::default(),
            sender: UserId::parse("sam").expect("id"),
            blocked: false,
            held: false,
            chosen: Money::new(1_000, usd()).ok(),
            policy: Policy {
                limits: AmountLimits::parse("usd=50000").expect("limits"),
                countries: Countries::parse("US,CA").expect("countries"),
                ..Policy::default()
            },
            usages: Usages::default(),
        }
    }

    fn reasons(spoil: impl FnOnce(&mut World)) -> Vec<ReasonCode> {
        let mut world = world();
        spoil(&mut world);
        let question = Question {
            receiver: &world.receiver,
            rollout: &world.rollout,
            sender: Some(&world.sender),
            sender_blocked: world.blocked,
            sender_held: world.held,
            usages: Some(&world.usages),
            chosen: world.chosen,
            policy: &world.policy,
            now: NOW,
        };
        let decision = decide(&question);
        assert_eq!(decision.allows(), decision.reasons().next().is_none());
        assert!(decision.verdicts.is_sorted_by(|a, b| a.rule < b.rule), "each rule once, in order");
        decision.reasons().collect()
    }

    #[test]
    fn an_enabled_creator_with_a_ready_account_receives() {
        assert_eq!(reasons(|_| ()), []);
    }

    #[test]
    fn each_rule_refuses_for_its_own_reason() {
        assert_eq!(reasons(|w| w.rollout.paused = true), [Paused]);
        assert_eq!(reasons(|w| w.receiver.receiving = Receiving::ByRollout), [NotInAWave]);
        assert_eq!(reasons(|w| w.receiver.receiving = Receiving::Disabled), [DisabledByOperator]);
        assert_eq!(reasons(|w| w.receiver.account = None), [NoAccount]);
        let restrict = |w: &mut World| {
            w.receiver.account.iter_mut().for_each(|account| account.transfers_active = false);
        };
        assert_eq!(reasons(restrict), [AccountRestricted]);
        let move_away = |w: &mut World| {
            w.receiver.account.iter_mut().for_each(|account| account.country = "BR".to_owned());
        };
        assert_eq!(reasons(move_away), [CountryUnsupported]);
        assert_eq!(reasons(|w| w.blocked = true), [UnavailableToYou]);
        assert_eq!(reasons(|w| w.sender = UserId::parse("ana").expect("id")), [SelfPayment]);
        assert_eq!(reasons(|w| w.held = true), [SenderHeld]);
    }

    #[test]
    fn amounts_are_held_to_the_limits_to_the_cent() {
        let choose = |amount| move |w: &mut World| w.chosen = Money::new(amount, usd()).ok();
        assert_eq!(reasons(choose(49)), [AmountBelowMinimum]);
        assert_eq!(reasons(choose(50)), []);
        assert_eq!(reasons(choose(50_000)), []);
        assert_eq!(reasons(choose(50_001)), [AmountAboveMaximum]);
    }

    #[test]
    fn a_creators_own_minimum_refuses_what_is_less() {
        let at_least = |min| {
            move |w: &mut World| {
                let amounts = OwnAmounts { currency: usd(), min_amount: Some(min), presets: vec![] };
                w.receiver =
                    w.receiver.with_settings(Settings { currency: None, amounts: Some(amounts) }, usd());
            }
        };
        assert_eq!(reasons(at_least(1_000)), []);
        assert_eq!(reasons(at_least(1_001)), [AmountBelowMinimum]);
    }

    #[test]
    fn an_account_that_is_the_merchant_needs_the_capability_to_be_one() {
        let as_merchant = |active| {
            move |w: &mut World| {
                w.policy.on_behalf_of = true;
                w.receiver.account.iter_mut().for_each(|account| account.card_payments_active = active);
            }
        };
        assert_eq!(reasons(as_merchant(false)), [AccountRestricted]);
        assert_eq!(reasons(as_merchant(true)), []);
    }

    #[test]
    fn a_sender_who_reached_a_limit_is_refused_and_a_question_without_a_sender_is_not() {
        let limit = |w: &mut World| {
            w.policy.senders.sender = ScopeLimits::parse("usd=1500").expect("limits");
            w.usages.sender.amounts.insert(usd(), 500);
        };
        assert_eq!(reasons(limit), []);
        let more = |w: &mut World| {
            limit(w);
            w.usages.sender.amounts.insert(usd(), 501);
        };
        assert_eq!(reasons(more), [SenderLimit]);
        let without_an_amount = |cents| {
            move |w: &mut World| {
                limit(w);
                w.usages.sender.amounts.insert(usd(), cents);
                w.chosen = None;
            }
        };
        assert_eq!(reasons(without_an_amount(1_450)), []);
        assert_eq!(reasons(without_an_amount(1_451)), [SenderLimit]);
        let mut limited = world();
        more(&mut limited);
        let of_the_creator = Question::of(&limited.receiver, &limited.rollout, &limited.policy, NOW);
        assert!(decide(&of_the_creator).allows());
        let asked = Question { usages: Some(&limited.usages), chosen: limited.chosen, ..of_the_creator };
        assert_eq!(decide(&asked).limited_until, Some(NOW.next_day()));
    }

    #[test]
    fn another_currency_is_a_mismatch_and_not_compared_with_the_limits() {
        let yen = Currency::parse("jpy").expect("currency");
        assert_eq!(reasons(|w| w.chosen = Money::new(1, yen).ok()), [CurrencyMismatch]);
        assert_eq!(reasons(|w| w.chosen = None), []);
    }

    #[test]
    fn the_rollout_reaches_a_creator_without_an_operators_word() {
        let everyone = |w: &mut World| {
            w.receiver.receiving = Receiving::ByRollout;
            w.rollout.percentage = Percentage::new(100).expect("percentage");
        };
        assert_eq!(reasons(everyone), []);
    }

    #[test]
    fn payouts_that_are_held_do_not_keep_a_creator_from_receiving() {
        let hold = |w: &mut World| {
            w.receiver.account.iter_mut().for_each(|account| account.payouts_enabled = false);
        };
        assert_eq!(reasons(hold), []);
    }

    #[test]
    fn all_reasons_are_told_in_order() {
        let spoil_all = |w: &mut World| {
            w.rollout.paused = true;
            w.receiver.receiving = Receiving::Disabled;
            w.receiver.account = None;
            w.blocked = true;
            w.sender = UserId::parse("ana").expect("id");
            w.chosen = Money::new(1, usd()).ok();
            w.held = true;
        };
        let all = [
            Paused,
            DisabledByOperator,
            NoAccount,
            UnavailableToYou,
            SelfPayment,
            AmountBelowMinimum,
            SenderHeld,
        ];
        assert_eq!(reasons(spoil_all), all);
    }

    #[test]
    fn reasons_about_the_request_are_kept_apart_from_those_about_receiving() {
        let question_reasons = [Paused, NoAccount, UnavailableToYou, SenderHeld];
        assert!(question_reasons.iter().all(|reason| !reason.is_about_request()));
        for reason in [SelfPayment, CurrencyMismatch, AmountBelowMinimum, AmountAboveMaximum] {
            assert!(reason.is_about_request());
        }
        let verdicts = [Paused, AmountBelowMinimum].map(|rule| Verdict { rule, refuses: true });
        assert_eq!(Decision { verdicts: verdicts.into(), ..decide_everything() }.not_receiving(), [Paused]);
    }

    #[test]
    fn what_is_offered_for_a_tap_is_within_the_deployments_limits() {
        let policy = world().policy;
        assert_eq!(policy.presets(usd()), policy.limits.presets(usd(), &policy.fees));
        assert_eq!(policy.presets(usd()), [500, 1_000, 2_500]);
    }

    #[test]
    fn codes_are_those_that_serde_writes() {
        for verdict in decide_everything().verdicts {
            let written = serde_json::to_string(&verdict.rule).expect("serializes");
            assert_eq!(written, format!("\"{}\"", verdict.rule.as_str()));
            assert!(verdict.rule.message().ends_with('.'));
        }
    }

    fn decide_everything() -> Decision {
        let world = world();
        decide(&Question::of(&world.receiver, &world.rollout, &world.policy, NOW))
    }

    /// The decision about a creator whom an operator leaves to the rollout.
    fn by_rollout(spoil: impl FnOnce(&mut World)) -> Decision {
        let mut world = world();
        world.receiver.receiving = Receiving::ByRollout;
        spoil(&mut world);
        decide(&Question::of(&world.receiver, &world.rollout, &world.policy, NOW))
    }

    fn name(text: &str) -> WaveName {
        WaveName::parse(text).expect("name")
    }

    fn joins(world: &mut World, wave: Wave) {
        world.receiver.waves.insert(wave.name.clone());
        world.rollout.waves.push(wave);
    }

    #[test]
    fn a_wave_opens_receiving_to_those_on_its_list() {
        let decision = by_rollout(|w| joins(w, Wave::new(name("first"))));
        assert!(decision.allows());
        assert_eq!(decision.admission, Some(Admission::Wave(name("first"))));
        assert_eq!(reasons(|w| w.rollout.waves.push(Wave::new(name("first")))), []);
        let others = by_rollout(|w| w.rollout.waves.push(Wave::new(name("first"))));
        assert_eq!(others.reasons().collect::<Vec<_>>(), [NotInAWave]);
    }

    #[test]
    fn a_wave_that_has_not_started_or_is_halted_opens_nothing_and_says_so() {
        let later = Wave { starts_at: Some(NOW.plus_seconds(1)), ..Wave::new(name("later")) };
        let halted = Wave { halted: true, ..Wave::new(name("halted")) };
        let told = |waves: Vec<Wave>| {
            let decision = by_rollout(|w| waves.into_iter().for_each(|wave| joins(w, wave)));
            (decision.reasons().collect::<Vec<_>>(), decision.admission)
        };
        assert_eq!(told(vec![later.clone()]), (vec![WaveNotStarted], None));
        assert_eq!(told(vec![halted.clone()]), (vec![WaveHalted], None));
        assert_eq!(told(vec![halted.clone(), later.clone()]), (vec![WaveNotStarted, WaveHalted], None));
        let open = Wave::new(name("open"));
        assert_eq!(told(vec![halted, later, open]), (vec![], Some(Admission::Wave(name("open")))));
    }

    #[test]
    fn a_creator_is_counted_with_the_oldest_wave_that_is_open_to_them() {
        let decision = by_rollout(|w| {
            joins(w, Wave::new(name("second")));
            joins(w, Wave::new(name("first")));
        });
        assert_eq!(decision.admission, Some(Admission::Wave(name("second"))));
    }

    #[test]
    fn a_wave_that_is_open_to_a_creator_is_counted_before_the_rollouts_percentage() {
        let both = |halted: bool| {
            by_rollout(|w| {
                joins(w, Wave { halted, ..Wave::new(name("first")) });
                w.rollout.percentage = Percentage::new(100).expect("percentage");
            })
        };
        assert_eq!(both(false).admission, Some(Admission::Wave(name("first"))));
        assert_eq!(both(true).admission, Some(Admission::Percentage), "a halt closes its own wave alone");
        assert!(both(true).allows());
    }

    #[test]
    fn a_denial_wins_over_every_wave_the_percentage_and_an_operators_word() {
        let deny = |w: &mut World| {
            w.receiver.denied_by.insert(name("first"));
        };
        assert_eq!(reasons(deny), [DisabledByOperator]);
        let denied = by_rollout(|w| {
            deny(w);
            joins(w, Wave::new(name("second")));
            w.rollout.percentage = Percentage::new(100).expect("percentage");
        });
        assert_eq!(denied.reasons().collect::<Vec<_>>(), [DisabledByOperator]);
        assert_eq!(denied.allowed(), None);
    }

    #[test]
    fn what_allowed_a_payment_is_kept_with_the_versions_that_it_was_decided_on() {
        let decision = by_rollout(|w| {
            joins(w, Wave { resumes: 3, ..Wave::new(name("first")) });
            (w.rollout.version, w.receiver.version) = (7, 9);
        });
        let allowed = decision.allowed().expect("allowed");
        assert_eq!((allowed.rollout_version, allowed.receiver_version, allowed.wave_resumes), (7, 9, 3));
        assert_eq!(allowed.by, Admission::Wave(name("first")));
        assert_eq!(decide_everything().allowed().map(|allowed| allowed.by), Some(Admission::Operator));
    }
}
