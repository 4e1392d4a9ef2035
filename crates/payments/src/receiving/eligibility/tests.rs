//! Each rule alone, all rules together, and what opens receiving.

mod currency;

use super::*;
use crate::ids::{AccountId, CreatorId, UserId, WaveName};
use crate::money::{AmountLimits, Currency};
use crate::receiving::{
    ConnectedAccount, Countries, OwnAmounts, Percentage, Policy, Receiver, Receiving, ScopeLimits, Settings,
    Usages, Wave,
};
use ReasonCode::*;

fn usd() -> Currency {
    Currency::parse("usd").expect("currency")
}

const NOW: Timestamp = Timestamp::from_seconds(1_000);

/// A situation in which `sam` may send 10 dollars to `ana`; each test changes something about it.
struct Situation {
    receiver: Receiver,
    rollout: Rollout,
    sender: UserId,
    blocked: bool,
    held: bool,
    chosen: Option<Money>,
    policy: Policy,
    usages: Usages,
}

fn situation() -> Situation {
    Situation {
        receiver: Receiver {
            receiving: Receiving::Enabled,
            account: Some(ConnectedAccount {
                transfers_active: true,
                payouts_enabled: true,
                ..ConnectedAccount::opened(AccountId::parse("acct_1").expect("id"), "US", usd())
            }),
            ..Receiver::unknown(CreatorId::parse("ana").expect("id"))
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

fn reasons(spoil: impl FnOnce(&mut Situation)) -> Vec<ReasonCode> {
    let mut situation = situation();
    spoil(&mut situation);
    let input = EligibilityInput {
        receiver: &situation.receiver,
        rollout: &situation.rollout,
        sender: Some(&situation.sender),
        sender_blocked: situation.blocked,
        sender_held: situation.held,
        usages: Some(&situation.usages),
        chosen: situation.chosen,
        policy: &situation.policy,
        now: NOW,
    };
    let decision = decide(&input);
    assert_eq!(decision.allows(), decision.reasons().next().is_none());
    assert!(decision.rules.is_sorted_by(|a, b| a.rule < b.rule), "each rule once, in order");
    decision.reasons().collect()
}

#[test]
fn an_enabled_creator_with_a_ready_account_receives() {
    assert_eq!(reasons(|_| ()), []);
}

#[test]
fn each_rule_refuses_for_its_own_reason() {
    assert_eq!(reasons(|s| s.rollout.paused = true), [Paused]);
    assert_eq!(reasons(|s| s.receiver.receiving = Receiving::ByRollout), [NotInAWave]);
    assert_eq!(reasons(|s| s.receiver.receiving = Receiving::Disabled), [DisabledByOperator]);
    assert_eq!(reasons(|s| s.receiver.account = None), [NoAccount]);
    let restrict = |s: &mut Situation| {
        s.receiver.account.iter_mut().for_each(|account| account.transfers_active = false);
    };
    assert_eq!(reasons(restrict), [AccountRestricted]);
    let leave_the_country = |s: &mut Situation| {
        s.receiver.account.iter_mut().for_each(|account| account.country = "BR".to_owned());
    };
    assert_eq!(reasons(leave_the_country), [CountryUnsupported]);
    assert_eq!(reasons(|s| s.blocked = true), [UnavailableToYou]);
    assert_eq!(reasons(|s| s.sender = UserId::parse("ana").expect("id")), [SelfPayment]);
    assert_eq!(reasons(|s| s.held = true), [SenderHeld]);
}

#[test]
fn amounts_are_held_to_the_limits_to_the_cent() {
    let choose = |amount| move |s: &mut Situation| s.chosen = Money::new(amount, usd()).ok();
    assert_eq!(reasons(choose(49)), [AmountBelowMinimum]);
    assert_eq!(reasons(choose(50)), []);
    assert_eq!(reasons(choose(50_000)), []);
    assert_eq!(reasons(choose(50_001)), [AmountAboveMaximum]);
}

#[test]
fn a_creators_own_minimum_refuses_what_is_less() {
    let at_least = |min| {
        move |s: &mut Situation| {
            let amounts = OwnAmounts { currency: usd(), min_amount: Some(min), presets: vec![] };
            s.receiver = s.receiver.with_settings(Settings { currency: None, amounts: Some(amounts) });
        }
    };
    assert_eq!(reasons(at_least(1_000)), []);
    assert_eq!(reasons(at_least(1_001)), [AmountBelowMinimum]);
}

#[test]
fn an_account_that_is_the_merchant_needs_the_capability_to_be_one() {
    let as_merchant = |active| {
        move |s: &mut Situation| {
            s.policy.on_behalf_of = true;
            s.receiver.account.iter_mut().for_each(|account| account.card_payments_active = active);
        }
    };
    assert_eq!(reasons(as_merchant(false)), [AccountRestricted]);
    assert_eq!(reasons(as_merchant(true)), []);
}

#[test]
fn a_sender_who_reached_a_limit_is_refused_and_a_decision_without_a_sender_is_not() {
    let limit = |s: &mut Situation| {
        s.policy.senders.sender = ScopeLimits::parse("usd=1500").expect("limits");
        s.usages.sender.amounts.insert(usd(), 500);
    };
    assert_eq!(reasons(limit), []);
    let more = |s: &mut Situation| {
        limit(s);
        s.usages.sender.amounts.insert(usd(), 501);
    };
    assert_eq!(reasons(more), [SenderLimit]);
    let without_an_amount = |cents| {
        move |s: &mut Situation| {
            limit(s);
            s.usages.sender.amounts.insert(usd(), cents);
            s.chosen = None;
        }
    };
    assert_eq!(reasons(without_an_amount(1_450)), []);
    assert_eq!(reasons(without_an_amount(1_451)), [SenderLimit]);
    let mut limited = situation();
    more(&mut limited);
    let of_the_creator = EligibilityInput::of(&limited.receiver, &limited.rollout, &limited.policy, NOW);
    assert!(decide(&of_the_creator).allows());
    let of_the_sender =
        EligibilityInput { usages: Some(&limited.usages), chosen: limited.chosen, ..of_the_creator };
    assert_eq!(decide(&of_the_sender).limited_until, Some(NOW.next_day()));
}

#[test]
fn the_rollout_reaches_a_creator_whom_no_operator_enabled() {
    let everyone = |s: &mut Situation| {
        s.receiver.receiving = Receiving::ByRollout;
        s.rollout.percentage = Percentage::new(100).expect("percentage");
    };
    assert_eq!(reasons(everyone), []);
}

#[test]
fn payouts_that_are_held_do_not_keep_a_creator_from_receiving() {
    let hold = |s: &mut Situation| {
        s.receiver.account.iter_mut().for_each(|account| account.payouts_enabled = false);
    };
    assert_eq!(reasons(hold), []);
}

#[test]
fn all_reasons_are_listed_in_order() {
    let spoil_all = |s: &mut Situation| {
        s.rollout.paused = true;
        s.receiver.receiving = Receiving::Disabled;
        s.receiver.account = None;
        s.blocked = true;
        s.sender = UserId::parse("ana").expect("id");
        s.chosen = Money::new(1, usd()).ok();
        s.held = true;
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
    let receiving_reasons = [Paused, NoAccount, UnavailableToYou, SenderHeld];
    assert!(receiving_reasons.iter().all(|reason| !reason.is_about_request()));
    for reason in [SelfPayment, CurrencyUnsupported, CurrencyMismatch, AmountBelowMinimum, AmountAboveMaximum]
    {
        assert!(reason.is_about_request());
    }
    let rules = [Paused, AmountBelowMinimum].map(|rule| RuleResult { rule, refuses: true });
    assert_eq!(Decision { rules: rules.into(), ..decide_everything() }.not_receiving(), [Paused]);
}

#[test]
fn codes_are_those_that_serde_writes() {
    for result in decide_everything().rules {
        let written = serde_json::to_string(&result.rule).expect("serializes");
        assert_eq!(written, format!("\"{}\"", result.rule.as_str()));
        assert!(result.rule.message().ends_with('.'));
    }
}

fn decide_everything() -> Decision {
    let situation = situation();
    decide(&EligibilityInput::of(&situation.receiver, &situation.rollout, &situation.policy, NOW))
}

/// The decision about a creator whom an operator leaves to the rollout.
fn by_rollout(spoil: impl FnOnce(&mut Situation)) -> Decision {
    let mut situation = situation();
    situation.receiver.receiving = Receiving::ByRollout;
    spoil(&mut situation);
    decide(&EligibilityInput::of(&situation.receiver, &situation.rollout, &situation.policy, NOW))
}

fn name(text: &str) -> WaveName {
    WaveName::parse(text).expect("name")
}

fn joins(situation: &mut Situation, wave: Wave) {
    situation.receiver.waves.insert(wave.name.clone());
    situation.rollout.waves.push(wave);
}

#[test]
fn a_wave_opens_receiving_to_those_on_its_list() {
    let decision = by_rollout(|s| joins(s, Wave::new(name("first"))));
    assert!(decision.allows());
    assert_eq!(decision.admission, Some(Admission::Wave(name("first"))));
    assert_eq!(reasons(|s| s.rollout.waves.push(Wave::new(name("first")))), []);
    let others = by_rollout(|s| s.rollout.waves.push(Wave::new(name("first"))));
    assert_eq!(others.reasons().collect::<Vec<_>>(), [NotInAWave]);
}

#[test]
fn a_wave_that_has_not_started_or_is_halted_opens_nothing_and_says_so() {
    let later = Wave { starts_at: Some(NOW.plus_seconds(1)), ..Wave::new(name("later")) };
    let halted = Wave { halted: true, ..Wave::new(name("halted")) };
    let outcome = |waves: Vec<Wave>| {
        let decision = by_rollout(|s| waves.into_iter().for_each(|wave| joins(s, wave)));
        (decision.reasons().collect::<Vec<_>>(), decision.admission)
    };
    assert_eq!(outcome(vec![later.clone()]), (vec![WaveNotStarted], None));
    assert_eq!(outcome(vec![halted.clone()]), (vec![WaveHalted], None));
    assert_eq!(outcome(vec![halted.clone(), later.clone()]), (vec![WaveNotStarted, WaveHalted], None));
    let open = Wave::new(name("open"));
    assert_eq!(outcome(vec![halted, later, open]), (vec![], Some(Admission::Wave(name("open")))));
}

#[test]
fn a_creator_is_counted_with_the_oldest_wave_that_is_open_to_them() {
    let decision = by_rollout(|s| {
        joins(s, Wave::new(name("second")));
        joins(s, Wave::new(name("first")));
    });
    assert_eq!(decision.admission, Some(Admission::Wave(name("second"))));
}

#[test]
fn a_wave_that_is_open_to_a_creator_is_counted_before_the_rollouts_percentage() {
    let both = |halted: bool| {
        by_rollout(|s| {
            joins(s, Wave { halted, ..Wave::new(name("first")) });
            s.rollout.percentage = Percentage::new(100).expect("percentage");
        })
    };
    assert_eq!(both(false).admission, Some(Admission::Wave(name("first"))));
    assert_eq!(both(true).admission, Some(Admission::Percentage), "a halt closes its own wave alone");
    assert!(both(true).allows());
}

#[test]
fn a_denial_wins_over_every_wave_the_percentage_and_an_operators_setting() {
    let deny = |s: &mut Situation| {
        s.receiver.denied_by.insert(name("first"));
    };
    assert_eq!(reasons(deny), [DisabledByOperator]);
    let denied = by_rollout(|s| {
        deny(s);
        joins(s, Wave::new(name("second")));
        s.rollout.percentage = Percentage::new(100).expect("percentage");
    });
    assert_eq!(denied.reasons().collect::<Vec<_>>(), [DisabledByOperator]);
    assert_eq!(denied.allowed(), None);
}

#[test]
fn the_record_of_an_allowed_payment_names_the_versions_that_the_decision_read() {
    let decision = by_rollout(|s| {
        joins(s, Wave { resumes: 3, ..Wave::new(name("first")) });
        (s.rollout.version, s.receiver.version) = (7, 9);
    });
    let allowed = decision.allowed().expect("allowed");
    assert_eq!((allowed.rollout_version, allowed.receiver_version, allowed.wave_resumes), (7, 9, 3));
    assert_eq!(allowed.by, Admission::Wave(name("first")));
    assert_eq!(decide_everything().allowed().map(|allowed| allowed.by), Some(Admission::Operator));
}
