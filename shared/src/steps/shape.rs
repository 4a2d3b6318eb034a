//! A step without its type: a shape, and three integers.

use std::fmt::{self, Display};

use serde_json::{Map, Value};

use super::{Form, Scalar as _, Values};

/// How a step of one kind looks: its place among the kinds of its pattern, its name and its fields.
#[derive(Debug, PartialEq, Eq)]
pub struct Shape {
    /// Its place among the shapes of its pattern.
    pub index: u8,
    /// The name of the step.
    pub name: &'static str,
    /// Its fields, at most three.
    pub fields: &'static [Field],
}

/// One scalar of a step.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// The field's name.
    pub name: &'static str,
    /// How its code is to be read.
    pub form: Form,
}

/// A step that was said, whatever its pattern.
///
/// It is `Copy` and owns nothing, so a million of them are a million times 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// Its name and its fields.
    pub shape: &'static Shape,
    /// Its scalars.
    pub values: Values,
}

impl Said {
    /// Whether it is of this shape, of the same pattern: a trace holds steps of one pattern alone.
    ///
    /// The place is what counts. Not taken: the address of the shape, because that of a constant may differ from use to
    /// use.
    pub fn is(&self, shape: &Shape) -> bool {
        self.shape.index == shape.index
    }

    /// Whether a pattern of these shapes has such a step, with such scalars.
    pub fn is_of(&self, shapes: &[Shape]) -> bool {
        let Self { shape, values } = self;
        let admitted = || shape.fields.iter().zip(values).all(|(field, code)| field.form.admits(*code));
        shapes.get(usize::from(shape.index)) == Some(*shape) && admitted()
    }
}

impl Display for Said {
    /// Its name and its fields: `Wrote value=3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { shape: Shape { name, fields, .. }, values } = self;
        f.write_str(name)?;
        fields.iter().zip(values).try_for_each(|(Field { name, form }, &code)| match form {
            Form::Number => write!(f, " {name}={code}"),
            Form::Letter => {
                write!(f, " {name}={}", char::decode(code).unwrap_or(char::REPLACEMENT_CHARACTER))
            }
            Form::Flag => write!(f, " {name}={}", code != 0),
        })
    }
}

impl Said {
    /// Its fields, by name.
    pub fn object(&self) -> Map<String, Value> {
        let value = |form, code| match form {
            Form::Number => Value::from(code),
            Form::Letter => char::decode(code).map(String::from).into(),
            Form::Flag => Value::from(code != 0),
        };
        let fields = self.shape.fields.iter().zip(self.values);
        fields.map(|(field, code)| (field.name.into(), value(field.form, code))).collect()
    }
}

impl Shape {
    /// The step of this shape with these fields, as [`Said::object`] wrote them; `None` where a field is missing, is
    /// one too many, or is not of its form.
    pub fn said(&'static self, object: &Map<String, Value>) -> Option<Said> {
        let code = |field: &Field| {
            let value = object.get(field.name)?;
            match field.form {
                Form::Number => value.as_u64(),
                Form::Letter => value.as_str()?.parse().ok().map(char::encode),
                Form::Flag => value.as_bool().map(bool::encode),
            }
        };
        let mut values = [0; 3];
        for (value, field) in values.iter_mut().zip(self.fields) {
            *value = code(field)?;
        }
        (object.len() == self.fields.len()).then_some(Said { shape: self, values })
    }
}
