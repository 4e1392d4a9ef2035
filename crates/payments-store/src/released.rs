//! Items of releases (`tests/released`) under the code of today: as they are, and with what a later release could add to them
//! (docs/adr/0015).

mod fixtures;
mod kinds;
mod mutations;
mod recording;

use crate::{
    StoreError,
    item::NewItem,
    keys::{Item, Key},
    unknown_fields::keep_unknown,
};
use aws_sdk_dynamodb::types::AttributeValue;
use fixtures::{Fixture, fixtures};
use kinds::{Kind, kinds};
use recording::Parts;
use std::collections::{BTreeMap, BTreeSet};

/// Fields that no flow of the tests leaves in an item: they are known by their words alone. `State.customer_dropped` is newer than
/// 0.1.0; the next release's folder freezes it.
const NEVER_FROZEN: [&str; 18] = [
    "AccountRequest.refused_at",
    "CancelOpen.cursor",
    "CountGenerations.rebuild",
    "CountRebuild.cursor",
    "Disputes.share_adjustments",
    "Findings.warnings_refused",
    "PassSums.late",
    "PassSums.unbooked",
    "Reconciliation.carried",
    "Reconciliation.unbooked_hours",
    "Reconciliation.warnings_from",
    "Refunds.share_adjustments",
    "Requirements.pending_verification",
    "StageProgress.cursor",
    "State.conflicts",
    "State.customer_dropped",
    "StatementOpening.computed_back_at",
    "TransferReversal.sent",
];

/// What is stored once an item is read and written again without a change.
fn rewritten(kind: &Kind, old: &Item) -> Result<Item, StoreError> {
    let key = Key::of(old).expect("a key");
    let mut new = NewItem::new(key, kind.name);
    for document in &kind.documents {
        if let Some(attribute) = old.get(document.name) {
            let known =
                (document.as_known)(attribute).ok_or(StoreError::corrupt(kind.name, document.name))?;
            new.item.insert(document.name.to_owned(), known);
            new.documents.push((document.name, document.as_known));
        }
    }
    keep_unknown(old, &mut new)?;
    Ok(new.build())
}

/// Whether `new` has everything that `old` has.
fn has_all(new: &AttributeValue, old: &AttributeValue) -> bool {
    match (new, old) {
        (AttributeValue::M(new), AttributeValue::M(old)) => has_all_of(new, old),
        (AttributeValue::L(new), AttributeValue::L(old)) => {
            new.len() == old.len() && old.iter().all(|old| new.iter().any(|new| has_all(new, old)))
        }
        _ => new == old,
    }
}

fn has_all_of(new: &Item, old: &Item) -> bool {
    old.iter().all(|(name, old)| new.get(name).is_some_and(|new| has_all(new, old)))
}

fn kind_of<'a>(kinds: &'a [Kind], fixture: &Fixture) -> &'a Kind {
    let sk = fixture.item["SK"].as_s().expect("a sort key");
    let is_its = |kind: &&Kind| kind.name == fixture.kind && kind.sk.is_none_or(|its| its == sk);
    let kind = kinds.iter().find(is_its);
    kind.unwrap_or_else(|| panic!("kinds.rs lacks {}", fixture.kind))
}

#[test]
fn every_kind_of_item_is_known_here_and_frozen() {
    let constants = include_str!("item.rs").lines().filter_map(|line| {
        line.trim().strip_prefix("pub(crate) const ")?.split('"').nth(1).map(str::to_owned)
    });
    let stored: BTreeSet<String> = constants.collect();
    assert!(stored.len() >= 30, "{stored:?}");
    let here: BTreeSet<String> = kinds().iter().map(|kind| kind.name.to_owned()).collect();
    assert_eq!(here, stored);
    let frozen: BTreeSet<String> = fixtures().into_iter().map(|fixture| fixture.kind).collect();
    assert_eq!(frozen, stored, "tests/released/README.md says how a kind is frozen");
}

#[test]
fn an_item_of_a_release_is_read_and_every_field_of_it_is_known() {
    let kinds = kinds();
    for fixture in fixtures() {
        let (kind, item) = (kind_of(&kinds, &fixture), &fixture.item);
        if let Err(error) = (kind.read)(item.clone(), fixture.terms.clone()) {
            panic!("{fixture}: {error}");
        }
        for document in &kind.documents {
            let Some(old) = item.get(document.name) else { continue };
            let known = (document.as_known)(old).unwrap_or_else(|| panic!("{fixture}: {}", document.name));
            assert!(has_all(&known, old), "{fixture}: {} loses a part of {old:?}: {known:?}", document.name);
        }
        let new = rewritten(kind, item).unwrap_or_else(|error| panic!("{fixture}: {error}"));
        assert!(has_all_of(&new, item), "{fixture}: {new:?}");
    }
}

/// What the types of today know, as far as the items of releases show it.
fn known_parts() -> Parts {
    let (kinds, mut parts) = (kinds(), Parts::default());
    for fixture in fixtures() {
        for document in &kind_of(&kinds, &fixture).documents {
            if let Some(attribute) = fixture.item.get(document.name) {
                (document.record)(attribute, &format!("{}/{}", fixture.kind, document.name), &mut parts);
            }
        }
    }
    parts
}

#[test]
fn every_field_of_what_is_stored_is_in_an_item_of_a_release() {
    let fields = known_parts().fields.into_iter();
    let missing: BTreeSet<String> =
        fields.filter(|(_, is_there)| !is_there).map(|(field, _)| field).collect();
    let never: BTreeSet<String> = NEVER_FROZEN.into_iter().map(str::to_owned).collect();
    assert_eq!(missing, never);
}

#[test]
fn every_field_and_variant_that_a_release_knew_is_known() {
    let known = known_parts().words;
    fixtures::freeze_words(&known);
    let frozen = fixtures::frozen_words();
    assert!(!frozen.is_empty());
    for (version, place, words) in frozen {
        let here = known.get(&place).cloned().unwrap_or_default();
        let gone: Vec<&String> = words.difference(&here).collect();
        assert!(gone.is_empty(), "{version}: at {place} nobody knows {gone:?} any more");
    }
}

#[test]
fn what_a_later_release_adds_anywhere_is_kept_or_that_item_alone_is_refused() {
    let kinds = kinds();
    let mut outcomes: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for fixture in fixtures() {
        let kind = kind_of(&kinds, &fixture);
        for mutation in mutations::of(&fixture.item, kind) {
            let refused = (kind.read)(mutation.item.clone(), fixture.terms.clone()).is_err();
            let outcome = match rewritten(kind, &mutation.item) {
                Ok(new) => {
                    assert!(has_all_of(&new, &mutation.item), "{fixture}: {} is lost", mutation.place);
                    "kept"
                }
                Err(_) => {
                    assert!(refused, "{fixture}: {} is read and cannot be written", mutation.place);
                    assert!(!mutation.is_at_root, "{fixture}: {} is refused", mutation.place);
                    "refused"
                }
            };
            *outcomes.entry((mutation.what, outcome)).or_default() += 1;
        }
    }
    for what in mutations::KINDS {
        assert!(outcomes.contains_key(&(what, "kept")), "{outcomes:?}");
    }
    assert!(outcomes.get(&("another word", "refused")) > Some(&20), "{outcomes:?}");
    assert!(outcomes.get(&("another variant", "refused")) > Some(&5), "{outcomes:?}");
}
