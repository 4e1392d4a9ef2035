//! What a rewrite keeps of an item that a later release wrote (docs/adr/0015).
//!
//! Unknown attributes of an item, and unknown fields at the root of its domain values, belong to the item and are kept.
//! Deeper ones belong to the value that they are in, such as one transfer instruction, and are kept where what is known
//! beside them stays the same. Otherwise the item is not written: beside another value they could mean something else.

use crate::{
    StoreError,
    item::NewItem,
    keys::{Item, Key},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

type Fields = HashMap<String, AttributeValue>;

/// An unknown field would be lost.
struct Lost;

/// Adds to `new` what `old` has and this release does not know.
///
/// # Errors
/// [`StoreError::LaterRelease`] when some of it would be lost.
pub(crate) fn keep_unknown(old: &Item, new: &mut NewItem) -> Result<(), StoreError> {
    for (name, value) in old {
        if new.absent.contains(&name.as_str()) {
            continue;
        }
        let Some(written) = new.item.get_mut(name) else {
            new.item.insert(name.clone(), value.clone());
            continue;
        };
        let document = new.documents.iter().find(|document| document.0 == name.as_str());
        let Some(known) = document.and_then(|(_, as_known)| as_known(value)) else { continue };
        if merge(value, &known, written, Place::Root).is_err() {
            let key = Key::of(&new.item).map(|key| key.for_operators()).unwrap_or_default();
            return Err(StoreError::LaterRelease { kind: new.kind, key });
        }
    }
    Ok(())
}

/// Where a map is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Its unknown fields belong to an item, or to an element of a list that has a name.
    Root,
    Deeper,
}

/// Merges what `old` has beyond `known`, which is its known part, into `new`.
fn merge(
    old: &AttributeValue,
    known: &AttributeValue,
    new: &mut AttributeValue,
    place: Place,
) -> Result<(), Lost> {
    if !has_more(old, known) {
        return Ok(());
    }
    match (old, known) {
        (AttributeValue::M(old), AttributeValue::M(known)) => merge_maps(old, known, new, place),
        (AttributeValue::L(old), AttributeValue::L(known)) => merge_lists(old, known, new),
        _ => Ok(()),
    }
}

fn merge_maps(old: &Fields, known: &Fields, new: &mut AttributeValue, place: Place) -> Result<(), Lost> {
    let is_same = matches!(&*new, AttributeValue::M(new) if new == known);
    let AttributeValue::M(new) = new else { return Err(Lost) };
    for (name, value) in old {
        match (known.get(name), new.get_mut(name)) {
            (Some(known), Some(new)) => merge(value, known, new, Place::Deeper)?,
            (Some(known), None) if has_more(value, known) => return Err(Lost),
            (Some(_), None) => {}
            (None, _) if place == Place::Deeper && !is_same => return Err(Lost),
            (None, Some(_)) => {}
            (None, None) => {
                new.insert(name.clone(), value.clone());
            }
        }
    }
    Ok(())
}

/// Elements are found again by their known part, or by their name. A named element that is gone was removed.
fn merge_lists(
    old: &[AttributeValue],
    known: &[AttributeValue],
    new: &mut AttributeValue,
) -> Result<(), Lost> {
    let AttributeValue::L(new) = new else { return Err(Lost) };
    for (old, known) in old.iter().zip(known).filter(|(old, known)| has_more(old, known)) {
        let place = match name_of(known) {
            Some(name) => new.iter().position(|element| name_of(element) == Some(name)),
            None => new.iter().position(|element| element == known),
        };
        let found = match place {
            Some(place) => new.get_mut(place),
            None => None,
        };
        match (found, name_of(known)) {
            (Some(new), Some(_)) => merge(old, known, new, Place::Root)?,
            (Some(new), None) => merge(old, known, new, Place::Deeper)?,
            (None, Some(_)) => {}
            (None, None) => return Err(Lost),
        }
    }
    Ok(())
}

fn name_of(element: &AttributeValue) -> Option<&AttributeValue> {
    element.as_m().ok()?.get("name")
}

/// Whether `old` has a field that its known part has not, at any depth.
fn has_more(old: &AttributeValue, known: &AttributeValue) -> bool {
    match (old, known) {
        (AttributeValue::M(old), AttributeValue::M(known)) => {
            old.iter().any(|(name, value)| known.get(name).is_none_or(|known| has_more(value, known)))
        }
        (AttributeValue::L(old), AttributeValue::L(known)) if old.len() == known.len() => {
            old.iter().zip(known).any(|(old, known)| has_more(old, known))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::kind;
    use serde::{Deserialize, Serialize};
    use serde_json::{Value, json};

    #[derive(Serialize, Deserialize)]
    struct Rule {
        paused: bool,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        waves: Vec<Wave>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last: Option<Last>,
    }

    #[derive(Serialize, Deserialize)]
    struct Wave {
        name: String,
        halted: bool,
        halt: Last,
    }

    #[derive(Serialize, Deserialize)]
    struct Last {
        number: u32,
    }

    fn attribute(value: &Value) -> AttributeValue {
        serde_dynamo::aws_sdk_dynamodb_1::to_attribute_value(value).expect("an attribute")
    }

    /// What is written when this release replaces `old` by `new`; none when it refuses.
    fn rewritten(old: &Value, new: &Value) -> Option<Value> {
        let new: Rule = serde_json::from_value(new.clone()).expect("a rule");
        let mut new =
            NewItem::new(Key::open_intent_review(), kind::ROLLOUT).value("rule", &new).expect("an item");
        let old =
            Item::from([("rule".to_owned(), attribute(old)), ("later".to_owned(), attribute(&json!(7)))]);
        keep_unknown(&old, &mut new).ok()?;
        let mut item = new.build();
        assert_eq!(
            item.remove("later"),
            Some(attribute(&json!(7))),
            "an unknown attribute of the item is kept"
        );
        serde_dynamo::aws_sdk_dynamodb_1::from_attribute_value(item.remove("rule").expect("a rule")).ok()
    }

    #[test]
    fn an_unknown_field_of_the_item_itself_is_kept_whatever_changes() {
        let kept = rewritten(&json!({"paused": false, "later": {"x": [1]}}), &json!({"paused": true}));
        assert_eq!(kept, Some(json!({"paused": true, "later": {"x": [1]}})));
    }

    #[test]
    fn a_deeper_one_is_kept_while_what_is_beside_it_stays_and_refused_when_it_changes() {
        let old = json!({"paused": false, "last": {"number": 1, "later": "x"}});
        let same = rewritten(&old, &json!({"paused": true, "last": {"number": 1}}));
        assert_eq!(same, Some(json!({"paused": true, "last": {"number": 1, "later": "x"}})));
        assert_eq!(rewritten(&old, &json!({"paused": true, "last": {"number": 2}})), None);
        assert_eq!(rewritten(&old, &json!({"paused": true})), None);
    }

    #[test]
    fn the_elements_of_a_list_are_found_again_by_their_name() {
        let wave = |name: &str, halted: bool| json!({"name": name, "halted": halted, "halt": {"number": 1}});
        let mut first = wave("a", false);
        first["later"] = json!(1);
        first["halt"]["later"] = json!(2);
        let old = json!({"paused": false, "waves": [first, wave("b", false)]});
        let mut halted = first.clone();
        halted["halted"] = json!(true);
        let new = json!({"paused": false, "waves": [wave("b", false), wave("a", true)]});
        assert_eq!(
            rewritten(&old, &new),
            Some(json!({"paused": false, "waves": [wave("b", false), halted]}))
        );
        let mut other_rule = wave("a", false);
        other_rule["halt"]["number"] = json!(9);
        assert_eq!(rewritten(&old, &json!({"paused": false, "waves": [other_rule]})), None);
        let without = rewritten(&old, &json!({"paused": false, "waves": [wave("b", false)]}));
        assert_eq!(without, Some(json!({"paused": false, "waves": [wave("b", false)]})), "a wave is removed");
    }
}
