//! `fields(key = value)`: Rust types as attribute types.

use std::{borrow::Cow, rc::Rc, sync::Arc};

use opentelemetry::{Array, StringValue, Value};

/// A value with an attribute type of its own.
///
/// ```
/// use opentelemetry::Value;
/// use otel_core::function::Field;
///
/// assert_eq!(42_u16.to_value(), Some(Value::I64(42)));
/// assert_eq!(["a", "b"].to_value().map(|value| value.to_string()), Some(r#"["a","b"]"#.to_owned()));
/// assert_eq!(None::<bool>.to_value(), None);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no type of a span attribute",
    note = "expected a string, an integer, a float, a `bool`, an array or `Vec` of these, or an `Option`",
    note = "`.to_string()` or `format!(\"{{:?}}\", ..)` makes a string of anything else"
)]
pub trait Field {
    /// The attribute's value; `None` when there is nothing to record.
    fn to_value(&self) -> Option<Value>;
}

/// A type of the elements of array attributes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no type of the elements of a span attribute",
    note = "expected an array of strings, of integers, of floats or of `bool`s"
)]
pub trait Element: Sized {
    /// All elements as one value.
    fn array(elements: &[Self]) -> Array;
}

impl Field for str {
    fn to_value(&self) -> Option<Value> {
        Some(self.to_owned().into())
    }
}

impl Field for String {
    fn to_value(&self) -> Option<Value> {
        self.as_str().to_value()
    }
}

impl Field for Cow<'_, str> {
    fn to_value(&self) -> Option<Value> {
        self.as_ref().to_value()
    }
}

impl Field for char {
    fn to_value(&self) -> Option<Value> {
        Some(self.to_string().into())
    }
}

impl Field for Value {
    fn to_value(&self) -> Option<Value> {
        Some(self.clone())
    }
}

impl Field for StringValue {
    fn to_value(&self) -> Option<Value> {
        Some(self.clone().into())
    }
}

impl<F: Field> Field for Option<F> {
    fn to_value(&self) -> Option<Value> {
        self.as_ref().and_then(Field::to_value)
    }
}

impl<E: Element> Field for [E] {
    fn to_value(&self) -> Option<Value> {
        Some(Value::Array(E::array(self)))
    }
}

impl<E: Element> Field for Vec<E> {
    fn to_value(&self) -> Option<Value> {
        self.as_slice().to_value()
    }
}

impl<E: Element, const N: usize> Field for [E; N] {
    fn to_value(&self) -> Option<Value> {
        self.as_slice().to_value()
    }
}

macro_rules! pointers {
    ($($pointer:ty),+) => {
        $(impl<F: Field + ?Sized> Field for $pointer {
            fn to_value(&self) -> Option<Value> {
                (**self).to_value()
            }
        })+
    };
}

pointers!(&F, &mut F, Box<F>, Rc<F>, Arc<F>);

macro_rules! numbers {
    ($($number:ty as $wide:ty => $array:ident),+ $(,)?) => {
        $(
            impl Field for $number {
                fn to_value(&self) -> Option<Value> {
                    Some(<$wide>::from(*self).into())
                }
            }

            impl Element for $number {
                fn array(elements: &[Self]) -> Array {
                    let mut array = Vec::with_capacity(elements.len());
                    for element in elements {
                        array.push(<$wide>::from(*element));
                    }
                    Array::$array(array)
                }
            }
        )+
    };
}

numbers! {
    i8 as i64 => I64, i16 as i64 => I64, i32 as i64 => I64, i64 as i64 => I64,
    u8 as i64 => I64, u16 as i64 => I64, u32 as i64 => I64,
    f32 as f64 => F64, f64 as f64 => F64,
    bool as bool => Bool,
}

macro_rules! wide_integers {
    ($($number:ty),+) => {
        $(
            /// Values that do not fit into a signed 64-bit integer become strings: a wrong number would be worse.
            impl Field for $number {
                fn to_value(&self) -> Option<Value> {
                    Some(i64::try_from(*self).map_or_else(|_| self.to_string().into(), Value::I64))
                }
            }

            /// Saturates: all elements of an array have one type.
            impl Element for $number {
                fn array(elements: &[Self]) -> Array {
                    let mut array = Vec::with_capacity(elements.len());
                    for element in elements {
                        array.push(i64::try_from(*element).unwrap_or(if *element > 0 { i64::MAX } else { i64::MIN }));
                    }
                    Array::I64(array)
                }
            }
        )+
    };
}

wide_integers!(u64, usize, isize, u128, i128);

macro_rules! strings {
    ($($string:ty),+) => {
        $(impl Element for $string {
            fn array(elements: &[Self]) -> Array {
                let mut array = Vec::with_capacity(elements.len());
                for element in elements {
                    array.push(StringValue::from(String::from(element.clone())));
                }
                Array::String(array)
            }
        })+
    };
}

strings!(&str, String, Cow<'_, str>);
