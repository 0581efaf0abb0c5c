//! How free values of the front matter are written into the ledger, whose format does not say of
//! itself what it holds.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_yaml::value::{Tag, TaggedValue};
use serde_yaml::{Mapping, Number, Value};

#[derive(Serialize, Deserialize)]
enum Stored {
    Null,
    Bool(bool),
    Whole(i64),
    Positive(u64),
    Float(f64),
    Text(String),
    List(Vec<Stored>),
    Map(Vec<(Stored, Stored)>),
    Tagged(String, Box<Stored>),
}

impl From<&Value> for Stored {
    fn from(value: &Value) -> Stored {
        match value {
            Value::Null => Stored::Null,
            Value::Bool(value) => Stored::Bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => Stored::Positive(number),
                (None, Some(number)) => Stored::Whole(number),
                (None, None) => Stored::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => Stored::Text(text.clone()),
            Value::Sequence(list) => Stored::List(list.iter().map(Stored::from).collect()),
            Value::Mapping(map) => Stored::Map(pairs(map)),
            Value::Tagged(tagged) => {
                Stored::Tagged(tagged.tag.to_string(), Box::new(Stored::from(&tagged.value)))
            }
        }
    }
}

impl From<Stored> for Value {
    fn from(stored: Stored) -> Value {
        match stored {
            Stored::Null => Value::Null,
            Stored::Bool(value) => Value::Bool(value),
            Stored::Whole(number) => Value::Number(Number::from(number)),
            Stored::Positive(number) => Value::Number(Number::from(number)),
            Stored::Float(number) => Value::Number(Number::from(number)),
            Stored::Text(text) => Value::String(text),
            Stored::List(list) => Value::Sequence(list.into_iter().map(Value::from).collect()),
            Stored::Map(pairs) => Value::Mapping(mapping(pairs)),
            Stored::Tagged(tag, value) => Value::Tagged(Box::new(TaggedValue {
                tag: Tag::new(tag),
                value: Value::from(*value),
            })),
        }
    }
}

fn pairs(map: &Mapping) -> Vec<(Stored, Stored)> {
    map.iter().map(|(key, value)| (Stored::from(key), Stored::from(value))).collect()
}

fn mapping(pairs: Vec<(Stored, Stored)>) -> Mapping {
    pairs.into_iter().map(|(key, value)| (Value::from(key), Value::from(value))).collect()
}

pub fn serialize<S: Serializer>(map: &Mapping, serializer: S) -> Result<S::Ok, S::Error> {
    pairs(map).serialize(serializer)
}

pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Mapping, D::Error> {
    Ok(mapping(Vec::deserialize(deserializer)?))
}

/// One value, or none.
pub mod value {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Stored, Value};

    pub fn serialize<S: Serializer>(
        value: &Option<Value>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().map(Stored::from).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Value>, D::Error> {
        Ok(Option::<Stored>::deserialize(deserializer)?.map(Value::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Holder(#[serde(with = "super")] Mapping);

    #[test]
    fn what_is_stored_comes_back() {
        let text = "a: [1, -2, 3.5, .inf, 18446744073709551615, ~, true, '']\nb: {c: !x [y], 1: z}\n!k d: 是\n";
        let value: Value = serde_yaml::from_str(text).unwrap();
        let Value::Mapping(map) = value else { panic!("a map") };
        let bytes = postcard::to_allocvec(&Holder(map.clone())).unwrap();
        let Holder(back) = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(back, map);
        assert_eq!(serde_yaml::to_string(&back).unwrap(), serde_yaml::to_string(&map).unwrap());
    }
}
