//! Exact matches in Stripe's search query language (docs.stripe.com/search):
//! `metadata['key']:'value' AND status:'succeeded'`. Stripe's search lags by up to a minute; this one does not.

use crate::wire::errors::StripeError;

/// One `field:value` of a query.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Clause {
    Metadata { key: String, value: String },
    Field { name: String, value: String },
}

/// Clauses that must all hold.
pub(crate) fn parse(query: &str) -> Result<Vec<Clause>, StripeError> {
    let mut clauses = Vec::new();
    let mut rest = query.trim();
    loop {
        let (clause, after) = clause(rest).ok_or_else(|| {
            StripeError::invalid(format!(
                "We were unable to parse your search query: {query}. The stand-in understands exact matches \
                 (metadata['key']:'value', status:'…', currency:'…') joined by AND."
            ))
            .param("query")
        })?;
        clauses.push(clause);
        let after = after.trim_start();
        if after.is_empty() {
            return Ok(clauses);
        }
        let joined = after.get(..4).filter(|word| word.eq_ignore_ascii_case("and ")).map(|_| &after[4..]);
        // Anything but the end or AND becomes a clause that does not parse.
        rest = joined.map_or(":", str::trim_start);
    }
}

fn clause(text: &str) -> Option<(Clause, &str)> {
    if let Some(rest) = text.strip_prefix("metadata[") {
        let (key, rest) = quoted(rest)?;
        let (value, rest) = quoted(rest.strip_prefix("]:")?)?;
        return Some((Clause::Metadata { key, value }, rest));
    }
    let (name, rest) = text.split_once(':')?;
    if !matches!(name, "status" | "currency" | "amount") {
        return None;
    }
    let (value, rest) = quoted(rest).or_else(|| {
        let end = rest.find(' ').unwrap_or(rest.len());
        (end > 0).then(|| (rest[..end].to_owned(), &rest[end..]))
    })?;
    Some((Clause::Field { name: name.to_owned(), value }, rest))
}

/// A string in single or double quotes, in which a backslash escapes the next character.
fn quoted(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let mut value = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((index, character)) = characters.next() {
        match character {
            '\\' => value.push(characters.next()?.1),
            end if end == quote => return Some((value, &text[index + quote.len_utf8()..])),
            other => value.push(other),
        }
    }
    None
}
