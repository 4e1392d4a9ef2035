//! DynamoDB's condition expressions, as far as the store uses them. Anything else panics: a simulation that
//! misunderstood a condition would prove nothing.

use super::Item;
use serde_json::{Map, Value};
use std::cmp::Ordering;

/// An expression and the values of its placeholders.
pub(super) struct Expression<'a> {
    text: &'a str,
    names: Option<&'a Map<String, Value>>,
    values: Option<&'a Map<String, Value>>,
}

impl<'a> Expression<'a> {
    /// The expression in a field of a request, if there is one.
    pub(super) fn of(request: &'a Map<String, Value>, field: &str) -> Option<Self> {
        Some(Self {
            text: request.get(field)?.as_str().expect("an expression is a text"),
            names: request.get("ExpressionAttributeNames").and_then(Value::as_object),
            values: request.get("ExpressionAttributeValues").and_then(Value::as_object),
        })
    }

    /// Whether it holds for an item; an absent item is an empty one.
    pub(super) fn holds(&self, item: &Item) -> bool {
        let mut reader = Reader { expression: self, tokens: tokens(self.text), at: 0, item };
        let holds = reader.any();
        assert_eq!(reader.at, reader.tokens.len(), "the simulated table cannot read {:?}", self.text);
        holds
    }
}

struct Reader<'a> {
    expression: &'a Expression<'a>,
    tokens: Vec<&'a str>,
    at: usize,
    item: &'a Item,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> &'a str {
        self.tokens.get(self.at).copied().unwrap_or_default()
    }

    fn next(&mut self) -> &'a str {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn word(&mut self, word: &str) -> bool {
        let is = self.peek().eq_ignore_ascii_case(word);
        self.at += usize::from(is);
        is
    }

    fn must(&mut self, word: &str) {
        assert!(self.word(word), "the simulated table cannot read {:?}", self.expression.text);
    }

    fn any(&mut self) -> bool {
        let mut holds = self.all();
        while self.word("OR") {
            holds |= self.all();
        }
        holds
    }

    fn all(&mut self) -> bool {
        let mut holds = self.one();
        while self.word("AND") {
            holds &= self.one();
        }
        holds
    }

    fn one(&mut self) -> bool {
        if self.word("NOT") {
            return !self.one();
        }
        if self.word("(") {
            let holds = self.any();
            self.must(")");
            return holds;
        }
        if self.tokens.get(self.at + 1) == Some(&"(") {
            return self.function();
        }
        let left = self.operand();
        if self.word("BETWEEN") {
            let low = self.operand();
            self.must("AND");
            let high = self.operand();
            return compared(left, low).is_some_and(Ordering::is_ge)
                && compared(left, high).is_some_and(Ordering::is_le);
        }
        let operator = self.next();
        let right = self.operand();
        let order = compared(left, right);
        match operator {
            "=" => order.is_some_and(Ordering::is_eq),
            "<" => order.is_some_and(Ordering::is_lt),
            "<=" => order.is_some_and(Ordering::is_le),
            ">" => order.is_some_and(Ordering::is_gt),
            ">=" => order.is_some_and(Ordering::is_ge),
            _ => panic!("the simulated table does not know {operator:?}"),
        }
    }

    fn function(&mut self) -> bool {
        let name = self.next();
        self.must("(");
        let first = self.operand();
        let holds = match name {
            "attribute_not_exists" => first.is_none(),
            "attribute_exists" => first.is_some(),
            "begins_with" => {
                self.must(",");
                let prefix = self.operand().and_then(text).expect("a prefix is a text");
                first.and_then(text).is_some_and(|text| text.starts_with(prefix))
            }
            _ => panic!("the simulated table does not know {name}()"),
        };
        self.must(")");
        holds
    }

    fn operand(&mut self) -> Option<&'a Value> {
        let token = self.next();
        let is_name = token.starts_with(|c: char| c.is_alphabetic() || "#:_".contains(c));
        assert!(is_name && !token.contains(['.', '[']), "the simulated table cannot read {token:?}");
        if token.starts_with(':') {
            let value = self.expression.values.and_then(|values| values.get(token));
            return Some(value.unwrap_or_else(|| panic!("{token} has no value")));
        }
        if token.starts_with('#') {
            let name = self.expression.names.and_then(|names| names.get(token)).and_then(Value::as_str);
            return self.item.get(name.unwrap_or_else(|| panic!("{token} has no name")));
        }
        self.item.get(token)
    }
}

/// Values of one type are ordered; different types and absent values do not compare.
fn compared(left: Option<&Value>, right: Option<&Value>) -> Option<Ordering> {
    let (left, right) = (left?, right?);
    match (number(left), number(right), text(left), text(right)) {
        (Some(left), Some(right), _, _) => Some(left.cmp(&right)),
        (_, _, Some(left), Some(right)) => Some(left.cmp(right)),
        _ => (left == right).then_some(Ordering::Equal),
    }
}

pub(super) fn number(value: &Value) -> Option<i128> {
    let digits = value.get("N")?.as_str()?;
    Some(digits.parse().unwrap_or_else(|_| panic!("the simulated table compares integers only: {digits}")))
}

fn text(value: &Value) -> Option<&str> {
    value.get("S")?.as_str()
}

fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' | ',' => 1,
            '<' | '>' | '=' => rest.find(|c| !"<>=".contains(c)).unwrap_or(rest.len()),
            _ => rest.find(|c: char| c.is_whitespace() || "(),<>=".contains(c)).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}
