//! A public name uses the words of payments, Stripe and AWS, one word for one thing (docs/ARCHITECTURE.md, Words).

use crate::sources::rust_files;

/// Words that once stood for something else here, or say nothing, with the word to use.
const BANNED: [(&str, &str); 22] = [
    ("attend", "refresh"),
    ("attention", "open item"),
    ("closure", "closed reason"),
    ("common", "the name of what is in it"),
    ("desk", "the name of what it edits"),
    ("happening", "event payload"),
    ("helpers", "the name of what is in it"),
    ("insist", "retry"),
    ("learn", "join, apply or save"),
    ("learned", "joined, applied or saved"),
    ("look_after", "refresh"),
    ("move", "transfer instruction"),
    ("moved", "executed"),
    ("moves", "transfer instructions"),
    ("news", "changed"),
    ("observation", "snapshot"),
    ("observed", "snapshot"),
    ("see_to", "refresh"),
    ("sight", "snapshot"),
    ("sighting", "received object"),
    ("told", "applied, reported or sent"),
    ("utils", "the name of what is in it"),
];

const ITEMS: [&str; 8] = ["fn", "struct", "enum", "trait", "type", "const", "static", "mod"];

#[test]
fn no_public_name_uses_a_banned_word() {
    let mut found = Vec::new();
    for (path, text) in rust_files() {
        let names = text.lines().filter_map(public_name);
        for name in names {
            for (word, better) in BANNED {
                if words(name).contains(&format!("_{word}_")) {
                    found.push(format!("{path}: `{name}`: not \"{word}\" but {better}"));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// The name that a line makes public, in the crate or beyond it.
fn public_name(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("pub")?;
    let rest = match rest.chars().next()? {
        '(' => rest.split_once(')')?.1,
        ' ' => rest,
        _ => return None,
    };
    let mut tokens =
        rest.split_whitespace().skip_while(|token| matches!(*token, "async" | "const" | "unsafe"));
    let first = tokens.next()?;
    // `const` is an item's own word where no `fn` follows it.
    let item = if ITEMS.contains(&first) { tokens.next()? } else { first };
    let name = item.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next()?;
    (!name.is_empty()).then_some(name)
}

/// The words of a name in either case, as in `_transfer_instruction_`.
fn words(name: &str) -> String {
    let mut words = String::from("_");
    let mut after_small = false;
    for letter in name.chars() {
        if letter.is_uppercase() && after_small {
            words.push('_');
        }
        after_small = letter.is_lowercase() || letter.is_numeric();
        words.extend(letter.to_lowercase());
    }
    words.push('_');
    words
}

#[test]
fn names_are_found_and_split_into_words() {
    assert_eq!(public_name("    pub async fn look_after("), Some("look_after"));
    assert_eq!(public_name("pub(crate) struct TransferMove {"), Some("TransferMove"));
    assert_eq!(public_name("pub const MOVES_MAX: usize = 5;"), Some("MOVES_MAX"));
    assert_eq!(public_name("    pub refreshed_at: Option<Timestamp>,"), Some("refreshed_at"));
    assert_eq!(public_name("publish(&event)"), None);
    assert_eq!(words("TransferMove"), "_transfer_move_");
    assert_eq!(words("MOVES_MAX"), "_moves_max_");
    assert!(words("look_after").contains("_look_after_"));
}
