//! Each rule by itself, all of them together, and what opens receiving.

use super::*;
use crate::ids::{AccountId, CreatorId, UserId, WaveName};
use crate::money::{AmountLimits, Currency};
use crate::receiving::{
    account::ConnectedAccount,
    countries::Countries,
    percentage::Percentage,
    policy::Policy,
    receiver::Receiver,
    sender_limits::{ScopeLimits, Usages},
    settings::{OwnAmounts, Settings},
    wave::Wave,
};
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
            w.receiver = w.receiver.with_settings(Settings { currency: None, amounts: Some(amounts) }, usd());
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
