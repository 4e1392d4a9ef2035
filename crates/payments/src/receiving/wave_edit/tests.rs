//! Edits of waves and the differences they make, in examples and for any waves and lists.

use super::*;
use crate::ids::AccountId;
use crate::ids::WaveName;
use crate::money::Currency;
use crate::receiving::CreatorDifference;
use crate::receiving::EligibilityInput;
use crate::receiving::MembershipEffect;
use crate::receiving::Policy;
use crate::receiving::Receiver;
use crate::receiving::Rollout;
use crate::receiving::WaveDifference;
use crate::receiving::decide;
use crate::receiving::{ConnectedAccount, Receiving};
use proptest::prelude::*;

const NOW: Timestamp = Timestamp::from_seconds(1_000);

fn id(n: usize) -> CreatorId {
    CreatorId::parse(&format!("creator-{n}")).expect("id")
}

fn name(text: &str) -> WaveName {
    WaveName::parse(text).expect("name")
}

fn percent(percent: u8) -> Percentage {
    Percentage::new(percent).expect("percentage")
}

/// A creator whose account is ready, left to the rollout.
fn ready(n: usize) -> Receiver {
    let usd = Currency::parse("usd").expect("currency");
    let account = ConnectedAccount {
        transfers_active: true,
        payouts_enabled: true,
        ..ConnectedAccount::opened(AccountId::parse(&format!("acct_{n}")).expect("id"), "US", usd)
    };
    Receiver { account: Some(account), ..Receiver::unknown(id(n)) }
}

fn may_receive(receiver: &Receiver, rollout: &Rollout) -> bool {
    decide(&EligibilityInput::of(receiver, rollout, &Policy::default(), NOW)).allows()
}

fn edit(lists: &[(usize, ListChange)]) -> Result<WaveEdit, WaveEditError> {
    let lists = lists.iter().map(|(n, change)| (id(*n), *change));
    WaveEdit::new(RuleChange::default(), lists)
}

#[test]
fn a_creator_is_named_in_one_list_and_at_most_a_thousand_at_once() {
    assert_eq!(edit(&[(1, ListChange::Add), (1, ListChange::Deny)]), Err(WaveEditError::InTwoLists));
    let doubled = edit(&[(1, ListChange::Add), (1, ListChange::Add)]).expect("named twice alike");
    assert_eq!((doubled.creators().count(), doubled.of(&id(1))), (1, Some(ListChange::Add)));
    let many = |count| edit(&(0..count).map(|n| (n, ListChange::Add)).collect::<Vec<_>>());
    assert!(many(1_000).is_ok());
    assert_eq!(many(1_001), Err(WaveEditError::TooManyCreators));
}

#[test]
fn a_rate_is_at_most_100_percent() {
    let halt_at = |dispute_rate_ppm, failure_rate_ppm| {
        let halt = Some(HaltRule { dispute_rate_ppm, failure_rate_ppm, min_payments: 1 });
        WaveEdit::new(RuleChange { halt, ..RuleChange::default() }, []).map(drop)
    };
    assert_eq!(halt_at(1_000_000, 1_000_000), Ok(()));
    assert_eq!(halt_at(1_000_001, 0), Err(WaveEditError::RateTooHigh));
    assert_eq!(halt_at(0, 1_000_001), Err(WaveEditError::RateTooHigh));
}

#[test]
fn a_rule_keeps_what_a_change_does_not_name() {
    let halt = HaltRule { dispute_rate_ppm: 1, failure_rate_ppm: 2, min_payments: 3 };
    let rule = Wave { halted: true, starts_at: Some(NOW), ..Wave::new(name("a")) };
    let changed = rule.changed(RuleChange { halt: Some(halt), ..RuleChange::default() });
    assert_eq!(changed, Wave { halt: Some(halt), ..rule.clone() });
    let wider = changed.changed(RuleChange { percentage: Some(percent(5)), ..RuleChange::default() });
    assert_eq!((wider.halt, wider.starts_at, wider.percentage.get()), (Some(halt), Some(NOW), 5));
    let starts_at = Some(NOW.plus_seconds(60));
    let later = wider.changed(RuleChange { starts_at, ..RuleChange::default() });
    assert_eq!(later, Wave { starts_at, ..wider });
}

#[test]
fn an_edit_that_only_removes_is_recognized() {
    assert!(edit(&[(1, ListChange::Remove)]).expect("an edit").only_removes());
    assert!(!edit(&[(1, ListChange::Remove), (2, ListChange::Deny)]).expect("an edit").only_removes());
    let rule = RuleChange { percentage: Some(percent(1)), ..RuleChange::default() };
    assert!(!WaveEdit::new(rule, []).expect("an edit").only_removes());
}

#[test]
fn adding_and_lifting_a_denial_open_receiving_and_every_other_change_restricts_it() {
    let wave = name("a");
    let denied = ready(1).with_list_change(&wave, ListChange::Deny).expect("denied");
    let restricting = |receiver: &Receiver| {
        [ListChange::Add, ListChange::Remove, ListChange::Deny].map(|c| c.restricts(receiver, &wave))
    };
    assert_eq!(restricting(&ready(1)), [false, true, true]);
    assert_eq!(restricting(&denied), [false, false, true]);
}

#[test]
fn the_difference_lists_each_named_creator_with_the_effect() {
    let wave = name("a");
    let [listed, denied] = [ListChange::Add, ListChange::Deny]
        .map(|change| move |n| ready(n).with_list_change(&name("a"), change).expect("changed"));
    let receivers = [
        (ready(1), listed(1)),
        (listed(2), ready(2)),
        (listed(3), denied(3)),
        (denied(4), ready(4)),
        (denied(5), listed(5)),
        (listed(6), listed(6)),
    ];
    let before = Rollout::default().with_wave(Wave::new(wave.clone()));
    let difference = WaveDifference::between(&wave, (&before, &before), &receivers, &Policy::default(), NOW);
    let effects: Vec<_> = difference.creators.iter().map(|creator| creator.effect).collect();
    let expected = [
        MembershipEffect::Enters,
        MembershipEffect::Leaves,
        MembershipEffect::Denied,
        MembershipEffect::Undenied,
        MembershipEffect::Enters,
        MembershipEffect::Unchanged,
    ];
    assert_eq!(effects, expected);
    let may = |creator: &CreatorDifference| (creator.can_receive_before, creator.can_receive_after);
    let may: Vec<_> = difference.creators.iter().map(may).collect();
    let [opens, closes, stays_shut, stays_open] =
        [(false, true), (true, false), (false, false), (true, true)];
    assert_eq!(may, [opens, closes, closes, stays_shut, opens, stays_open]);
    assert_eq!((difference.counts[&MembershipEffect::Enters], difference.rule), (2, vec![]));
}

#[test]
fn the_difference_of_a_rule_lists_its_fields_and_the_percentages() {
    let wave = name("a");
    let rule = Wave::new(wave.clone());
    let before = Rollout::default().with_wave(rule.clone());
    let wider = rule.changed(RuleChange { percentage: Some(percent(100)), ..RuleChange::default() });
    let listed = ready(1).with_list_change(&wave, ListChange::Add).expect("listed");
    let receivers = [(ready(2), ready(2)), (listed.clone(), ready(1))];
    let after = before.with_wave(wider);
    let difference = WaveDifference::between(&wave, (&before, &after), &receivers, &Policy::default(), NOW);
    assert_eq!(difference.rule.len(), 1);
    assert_eq!(
        (difference.rule[0].field.as_str(), difference.rule[0].to.as_deref()),
        ("percentage", Some("100"))
    );
    assert_eq!((difference.percentage.from.get(), difference.percentage.to.get()), (0, 100));
    let effects: Vec<_> = difference.creators.iter().map(|creator| creator.effect).collect();
    assert_eq!(effects, [MembershipEffect::Enters, MembershipEffect::Stays]);
}

/// Waves of one letter, each with a percentage.
fn any_rollout() -> impl Strategy<Value = Rollout> {
    let waves = prop::collection::btree_map("[a-c]", 0_u8..=100, 0..4);
    (0_u8..=100, waves).prop_map(|(everyone, waves)| {
        let rules =
            waves.iter().map(|(wave, share)| Wave { percentage: percent(*share), ..Wave::new(name(wave)) });
        let rollout = Rollout { percentage: percent(everyone), ..Rollout::default() };
        rules.fold(rollout, |rollout, rule| rollout.with_wave(rule))
    })
}

fn any_lists() -> impl Strategy<Value = Vec<(String, ListChange)>> {
    let change = prop_oneof![Just(ListChange::Add), Just(ListChange::Remove), Just(ListChange::Deny)];
    prop::collection::vec(("[a-c]", change), 0..6)
}

fn listed(receiver: Receiver, lists: &[(String, ListChange)]) -> Receiver {
    lists.iter().fold(receiver, |receiver, (wave, change)| {
        receiver.with_list_change(&name(wave), *change).unwrap_or(receiver)
    })
}

proptest! {
    #[test]
    fn deny_always_wins(rollout in any_rollout(), lists in any_lists(), n in 0_usize..1_000, enabled: bool) {
        let mut receiver = listed(ready(n), &lists);
        if enabled {
            receiver.receiving = Receiving::Enabled;
        }
        let denied = receiver.with_list_change(&name("d"), ListChange::Deny).expect("denied");
        prop_assert!(!may_receive(&denied, &rollout));
        let lifted = denied.with_list_change(&name("d"), ListChange::Remove).expect("lifted");
        prop_assert_eq!(may_receive(&lifted, &rollout), may_receive(&receiver, &rollout));
    }

    #[test]
    fn a_wave_that_grows_keeps_everybody(
        rollout in any_rollout(), lists in any_lists(), n in 0_usize..1_000, less in 0_u8..=100, more in 0_u8..=100,
    ) {
        prop_assume!(less <= more);
        let receiver = listed(ready(n), &lists);
        let at = |share| {
            let rule = RuleChange { percentage: Some(percent(share)), ..RuleChange::default() };
            rollout.with_wave(Wave::new(name("grows")).changed(rule))
        };
        prop_assert!(!may_receive(&receiver, &at(less)) || may_receive(&receiver, &at(more)));
    }

    #[test]
    fn rolling_back_and_removing_undo_a_wave(
        rollout in any_rollout(), lists in any_lists(), n in 0_usize..1_000, share in 0_u8..=100,
    ) {
        let receiver = listed(ready(n), &lists);
        let wave = name("undone");
        let rule = RuleChange { percentage: Some(percent(share)), ..RuleChange::default() };
        let with = rollout.with_wave(Wave::new(wave.clone()).changed(rule));
        let member = receiver.with_list_change(&wave, ListChange::Add).expect("listed");
        let denied = receiver.with_list_change(&wave, ListChange::Deny).expect("denied");
        prop_assert!(may_receive(&member, &with) || !receiver.denied_by.is_empty());
        let back = with.without_wave(&wave);
        prop_assert_eq!(may_receive(&member, &back), may_receive(&receiver, &rollout));
        for changed in [member, denied] {
            let removed = changed.with_list_change(&wave, ListChange::Remove).expect("removed");
            prop_assert_eq!((removed.waves, removed.denied_by), (receiver.waves.clone(), receiver.denied_by.clone()));
        }
    }
}
