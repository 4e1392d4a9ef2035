//! Reads what a request body documents, where serde also reads other forms of the same value: it takes a word of an enum from
//! `{"word": null}` too, and a struct from an array, by position. Whoever derives `Deserialize` need not think of it.

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt::{Formatter, Result as Written};

/// A deserializer that takes enums from strings and structs from objects only, and so do those of the values in it.
pub(crate) struct Strict<T>(pub(crate) T);

/// Visits a value in which the values are read strictly.
struct Inside<V>(V);

/// Visits a struct.
struct Object<V>(V);

/// Visits an enum, whose variants have no values.
struct Word<V>(V);

macro_rules! forward {
    ($($method:ident ($($name:ident: $kind:ty),*)),* $(,)?) => {
        $(fn $method<V: Visitor<'de>>(self, $($name: $kind,)* visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method($($name,)* Inside(visitor))
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Strict<D> {
    type Error = D::Error;

    forward! {
        deserialize_any(), deserialize_bool(), deserialize_i8(), deserialize_i16(), deserialize_i32(), deserialize_i64(),
        deserialize_u8(), deserialize_u16(), deserialize_u32(), deserialize_u64(), deserialize_f32(), deserialize_f64(),
        deserialize_char(), deserialize_str(), deserialize_string(), deserialize_bytes(), deserialize_byte_buf(),
        deserialize_option(), deserialize_unit(), deserialize_unit_struct(name: &'static str),
        deserialize_newtype_struct(name: &'static str), deserialize_seq(), deserialize_tuple(len: usize),
        deserialize_tuple_struct(name: &'static str, len: usize), deserialize_map(), deserialize_identifier(),
        deserialize_ignored_any(),
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_struct(name, fields, Object(visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_str(Word(visitor))
    }
}

macro_rules! visit {
    ($($method:ident $kind:ty),* $(,)?) => {
        $(fn $method<E: Error>(self, value: $kind) -> Result<V::Value, E> {
            self.0.$method(value)
        })*
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Inside<V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> Written {
        self.0.expecting(formatter)
    }

    visit! {
        visit_bool bool, visit_i64 i64, visit_u64 u64, visit_f64 f64, visit_str &str, visit_borrowed_str &'de str,
        visit_string String, visit_bytes &[u8], visit_borrowed_bytes &'de [u8], visit_byte_buf Vec<u8>,
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Strict(deserializer))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(Strict(deserializer))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Strict(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Strict(fields))
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Object<V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> Written {
        self.0.expecting(formatter)
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Strict(fields))
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Word<V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> Written {
        self.0.expecting(formatter)
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<V::Value, E> {
        self.0.visit_enum(StrDeserializer::new(word))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Strict<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Strict(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Strict<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Strict(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Strict<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Strict(deserializer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::Value;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Place {
        Web,
        Mobile,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Point {
        x: i8,
        y: Option<Place>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Body {
        place: Place,
        #[serde(default)]
        places: Vec<Place>,
        #[serde(default)]
        point: Option<Point>,
        #[serde(default)]
        any: Value,
    }

    fn read(text: &str) -> Result<Body, serde_json::Error> {
        Body::deserialize(Strict(&mut serde_json::Deserializer::from_str(text)))
    }

    #[test]
    fn the_documented_form_is_read_at_every_depth() {
        let text = r#"{"place": "web", "places": ["mob\u0069le"], "point": {"x": -1, "y": "web"}, "any": [{"a": 1.5}, null]}"#;
        let body = read(text).expect("a body");
        assert_eq!((body.place, body.places), (Place::Web, vec![Place::Mobile]));
        assert_eq!(body.point, Some(Point { x: -1, y: Some(Place::Web) }));
        assert_eq!(body.any.to_string(), r#"[{"a":1.5},null]"#);
        assert_eq!(read(r#"{"place": "web", "point": {"x": 1, "y": null}}"#).expect("a body").places, []);
    }

    #[test]
    fn no_other_form_of_an_enum_or_a_struct_is_read_at_any_depth() {
        for value in
            ["{\"web\": null}", "{\"web\": {}}", "{}", "1", "1.5", "true", "[\"web\"]", "[]", "\"Web\""]
        {
            for body in [
                format!(r#"{{"place": {value}}}"#),
                format!(r#"{{"place": "web", "places": [{value}]}}"#),
                format!(r#"{{"place": "web", "point": {{"x": 1, "y": {value}}}}}"#),
            ] {
                let error = read(&body).expect_err(&body);
                assert!(error.is_data() && error.column() > 1, "{body}: {error}");
            }
        }
        for point in ["[1, \"web\"]", "[]", "1", "\"web\""] {
            let body = format!(r#"{{"place": "web", "point": {point}}}"#);
            assert!(read(&body).expect_err(&body).is_data());
        }
        assert!(read(r#"["web", [], null, null]"#).expect_err("no object").is_data());
    }
}
