//! Which fields and variants of its types a value has: a deserializer that notes what it is asked for and what is there.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, VariantAccess,
    Visitor, value,
};
use serde::forward_to_deserialize_any;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

type Error = value::Error;

/// The parts of types that values have.
#[derive(Default)]
pub(super) struct Parts {
    /// The fields of structs, `Type.field`, with whether any value has them.
    pub(super) fields: BTreeMap<String, bool>,
    /// The names of fields and variants that are known at each place, which has `*` for the keys of a map.
    pub(super) words: BTreeMap<String, BTreeSet<String>>,
}

impl Parts {
    fn note(&mut self, place: &str, names: &[&str]) {
        let words = self.words.entry(place.to_owned()).or_default();
        words.extend(names.iter().map(|name| (*name).to_owned()));
    }
}

/// Notes which parts of its type an attribute has.
pub(super) fn record<T: DeserializeOwned>(attribute: &AttributeValue, place: &str, parts: &mut Parts) {
    let (place, parts) = (place.to_owned(), RefCell::new(parts));
    T::deserialize(Recorded { attribute, place, is_struct: false, parts: &parts })
        .expect("a value of the type");
}

#[derive(Clone)]
struct Recorded<'a, 'p> {
    attribute: &'a AttributeValue,
    place: String,
    /// Whether the keys of a map are names of fields.
    is_struct: bool,
    parts: &'a RefCell<&'p mut Parts>,
}

impl<'a> Recorded<'a, '_> {
    fn at(&self, attribute: &'a AttributeValue, name: &str) -> Self {
        let name = if self.is_struct || name == "[]" { name } else { "*" };
        Self { attribute, place: format!("{}.{name}", self.place), is_struct: false, parts: self.parts }
    }
}

impl<'de> IntoDeserializer<'de, Error> for Recorded<'_, '_> {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the SDK adds variants")]
impl<'de> Deserializer<'de> for Recorded<'_, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.attribute {
            AttributeValue::S(text) => visitor.visit_str(text),
            AttributeValue::N(number) => match (number.parse::<u64>(), number.parse::<i64>()) {
                (Ok(number), _) => visitor.visit_u64(number),
                (_, Ok(number)) => visitor.visit_i64(number),
                (Err(_), Err(error)) => Err(Error::custom(error)),
            },
            AttributeValue::Bool(flag) => visitor.visit_bool(*flag),
            AttributeValue::L(list) => {
                let elements = list.iter().map(|element| self.at(element, "[]"));
                visitor.visit_seq(value::SeqDeserializer::new(elements))
            }
            AttributeValue::M(map) => {
                let fields = map.iter().map(|(name, value)| (Name(name, &self), self.at(value, name)));
                visitor.visit_map(value::MapDeserializer::new(fields))
            }
            _ => visitor.visit_unit(),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.attribute {
            AttributeValue::Null(_) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let map = self.attribute.as_m().map_err(|_| Error::custom("a map"))?;
        let mut parts = self.parts.borrow_mut();
        parts.note(&self.place, fields);
        for field in fields {
            let is_there = map.get(*field).is_some_and(|value| !value.is_null());
            *parts.fields.entry(format!("{name}.{field}")).or_default() |= is_there;
        }
        drop(parts);
        Self { is_struct: true, ..self }.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let (variant, content) = match self.attribute {
            AttributeValue::S(variant) => (variant, self.attribute),
            AttributeValue::M(map) => map.iter().next().ok_or(Error::custom("a variant"))?,
            _ => return Err(Error::custom("a variant")),
        };
        self.parts.borrow_mut().note(&self.place, variants);
        let content = Self { is_struct: true, ..self.clone() }.at(content, variant);
        visitor.visit_enum(Variant { variant, content })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

/// The name of a field, or the key of a map.
struct Name<'a, 'p>(&'a str, &'a Recorded<'a, 'p>);

impl<'de, 'a, 'p> IntoDeserializer<'de, Error> for Name<'a, 'p> {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Name<'_, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.0)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_u8(self.0.parse().map_err(Error::custom)?)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_u32(self.0.parse().map_err(Error::custom)?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_i64(self.0.parse().map_err(Error::custom)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.1.parts.borrow_mut().note(&format!("{} key", self.1.place), variants);
        visitor.visit_enum(IntoDeserializer::<Error>::into_deserializer(self.0))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i128 u16 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

struct Variant<'a, 'p> {
    variant: &'a str,
    content: Recorded<'a, 'p>,
}

impl<'de, 'a, 'p> EnumAccess<'de> for Variant<'a, 'p> {
    type Error = Error;
    type Variant = Recorded<'a, 'p>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), Error> {
        let name: value::StrDeserializer<'_, Error> = self.variant.into_deserializer();
        Ok((seed.deserialize(name)?, self.content))
    }
}

impl<'de> VariantAccess<'de> for Recorded<'_, '_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_struct("variant", fields, visitor)
    }
}
