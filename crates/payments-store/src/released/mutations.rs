//! What a later release could write in place of an item: it adds a field anywhere, or uses another word or variant.

use super::kinds::Kind;
use crate::keys::Item;
use aws_sdk_dynamodb::types::AttributeValue;

/// What is done to an item.
pub(super) const KINDS: [&str; 3] = ["a field", "another word", "another variant"];
const LATER: &str = "of_a_later_release";

/// An item with one change.
pub(super) struct Mutation {
    pub(super) item: Item,
    pub(super) place: String,
    /// One of [`KINDS`].
    pub(super) what: &'static str,
    /// Whether a field is added to the item itself or to the root of a document.
    pub(super) is_at_root: bool,
}

/// Every item with one change in a document, or with a new attribute.
pub(super) fn of(item: &Item, kind: &Kind) -> Vec<Mutation> {
    let mut with_more = item.clone();
    with_more.insert(LATER.to_owned(), later());
    let place = "the item".to_owned();
    let mut all = vec![Mutation { item: with_more, place, what: KINDS[0], is_at_root: true }];
    for document in &kind.documents {
        let Some(attribute) = item.get(document.name) else { continue };
        for (changed, place, what) in changed(attribute, document.name) {
            let is_at_root = what == KINDS[0] && place == document.name;
            let mut item = item.clone();
            item.insert(document.name.to_owned(), changed);
            all.push(Mutation { item, place, what, is_at_root });
        }
    }
    all
}

fn later() -> AttributeValue {
    AttributeValue::S(LATER.to_owned())
}

/// The attribute with one change here or deeper, each with its place and what it is.
#[expect(clippy::wildcard_enum_match_arm, reason = "the SDK adds variants")]
fn changed(attribute: &AttributeValue, place: &str) -> Vec<(AttributeValue, String, &'static str)> {
    let here = |changed, what| (changed, place.to_owned(), what);
    let mut all = Vec::new();
    match attribute {
        AttributeValue::S(_) => all.push(here(later(), KINDS[1])),
        AttributeValue::L(list) => {
            for (at, element) in list.iter().enumerate() {
                for (changed, place, what) in changed(element, &format!("{place}[{at}]")) {
                    let mut list = list.clone();
                    list[at] = changed;
                    all.push((AttributeValue::L(list), place, what));
                }
            }
        }
        AttributeValue::M(map) => {
            let mut with_more = map.clone();
            with_more.insert(LATER.to_owned(), later());
            all.push(here(AttributeValue::M(with_more), KINDS[0]));
            if let (1, Some(only)) = (map.len(), map.values().next()) {
                let other = Item::from([(LATER.to_owned(), only.clone())]);
                all.push(here(AttributeValue::M(other), KINDS[2]));
            }
            for (name, value) in map {
                for (changed, place, what) in changed(value, &format!("{place}.{name}")) {
                    let mut map = map.clone();
                    map.insert(name.clone(), changed);
                    all.push((AttributeValue::M(map), place, what));
                }
            }
        }
        _ => {}
    }
    all
}
