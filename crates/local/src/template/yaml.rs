//! CloudFormation's YAML as JSON: short tags (`!Ref x`) become the long form (`{"Ref": "x"}`).
//!
//! The YAML library's own loader drops unknown tags such as `!Ref` and `!If`.

use serde_json::{Map, Value};
use yaml_rust2::Event;
use yaml_rust2::parser::{EventReceiver, Parser, Tag};
use yaml_rust2::scanner::TScalarStyle;

use super::TemplateError;

/// Parses one YAML document into JSON with CloudFormation's functions in their long form.
pub(super) fn parse(source: &str) -> Result<Value, TemplateError> {
    let mut tree = Tree::default();
    Parser::new_from_str(source)
        .load(&mut tree, false)
        .map_err(|error| TemplateError::Yaml(error.to_string()))?;
    if tree.has_alias {
        return Err(TemplateError::Yaml("aliases are not part of CloudFormation's YAML".to_owned()));
    }
    tree.root.ok_or_else(|| TemplateError::Yaml("the document is empty".to_owned()))
}

/// A collection that is not complete yet.
enum Open {
    Sequence(Vec<Value>, Option<Tag>),
    Mapping(Map<String, Value>, Option<String>, Option<Tag>),
}

#[derive(Default)]
struct Tree {
    open: Vec<Open>,
    root: Option<Value>,
    has_alias: bool,
}

impl Tree {
    fn add(&mut self, value: Value) {
        match self.open.last_mut() {
            None => self.root = Some(value),
            Some(Open::Sequence(items, _)) => items.push(value),
            Some(Open::Mapping(map, key, _)) => match key.take() {
                Some(key) => {
                    map.insert(key, value);
                }
                // A key is text, also where the scalar would be a number or boolean as a value.
                None => *key = Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
            },
        }
    }

    fn close(&mut self) {
        let (value, tag) = match self.open.pop() {
            Some(Open::Sequence(items, tag)) => (Value::Array(items), tag),
            Some(Open::Mapping(map, _, tag)) => (Value::Object(map), tag),
            None => return,
        };
        self.add(long_form(value, tag));
    }
}

impl EventReceiver for Tree {
    fn on_event(&mut self, event: Event) {
        match event {
            Event::Scalar(text, style, _, tag) => self.add(long_form(scalar(text, style), tag)),
            Event::SequenceStart(_, tag) => self.open.push(Open::Sequence(Vec::new(), tag)),
            Event::MappingStart(_, tag) => self.open.push(Open::Mapping(Map::new(), None, tag)),
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(_) => self.has_alias = true,
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart
            | Event::DocumentEnd => {}
        }
    }
}

fn scalar(text: String, style: TScalarStyle) -> Value {
    if style != TScalarStyle::Plain {
        return Value::String(text);
    }
    match text.as_str() {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "" | "~" | "null" => Value::Null,
        number => number.parse::<i64>().map_or_else(|_| Value::String(text.clone()), Value::from),
    }
}

fn long_form(value: Value, tag: Option<Tag>) -> Value {
    let Some(tag) = tag.filter(|tag| tag.handle == "!") else {
        return value;
    };
    let name = match tag.suffix.as_str() {
        "Ref" | "Condition" => tag.suffix,
        function => format!("Fn::{function}"),
    };
    Value::Object(Map::from_iter([(name, value)]))
}
