//! What an actor says at a point worth seeing.

use std::fmt::{self, Debug, Display};
use std::hash::Hash;

use serde_json::{Map, Value};

/// The integers of a step, encoded, in the order of its [`Shape::fields`]; unused places are 0.
pub type Values = [u64; 3];

/// A step: a name and at most three scalars. Declared with [`steps!`](crate::steps).
///
/// A step is `Copy` and holds no string, so that saying one costs no allocation.
pub trait Step: Copy + Debug + Eq + Hash + Send + Sync + 'static {
    /// The steps' names as a type: a step without its scalars.
    type Kind: Kind;

    /// This step without its scalars.
    fn kind(&self) -> Self::Kind;

    /// The name and the fields of this step.
    fn shape(&self) -> &'static Shape {
        self.kind().shape()
    }

    /// The scalars of this step, encoded.
    fn values(&self) -> Values;

    /// The step of this name with these scalars; `None` where there is no such step.
    fn read(name: &str, values: Values) -> Option<Self>;
}

/// The name of a step, as a type of its own: what laws and languages speak about when the scalars don't matter.
pub trait Kind: Copy + Debug + Eq + Hash + Send + Sync + 'static {
    /// Every kind, in the order of declaration.
    const ALL: &'static [Self];

    /// How a step of this kind looks.
    fn shape(self) -> &'static Shape;

    /// The step's name, as declared.
    fn name(self) -> &'static str {
        self.shape().name
    }

    /// The kind of this name; `None` where there is none.
    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

/// How a step of one kind looks: its name and its fields.
#[derive(Debug, PartialEq, Eq)]
pub struct Shape {
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

/// How the code of a scalar is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// An unsigned integer.
    Number,
    /// A character.
    Letter,
    /// True or false.
    Flag,
}

/// What a field of a step may be.
pub trait Scalar: Copy {
    /// How the code of such a scalar is to be read.
    const FORM: Form;

    /// The scalar as an integer.
    fn encode(self) -> u64;

    /// The scalar of this code; `None` where there is none.
    fn decode(code: u64) -> Option<Self>;
}

impl Scalar for u64 {
    const FORM: Form = Form::Number;

    fn encode(self) -> u64 {
        self
    }

    fn decode(code: u64) -> Option<Self> {
        Some(code)
    }
}

impl Scalar for usize {
    const FORM: Form = Form::Number;

    fn encode(self) -> u64 {
        self as u64
    }

    fn decode(code: u64) -> Option<Self> {
        code.try_into().ok()
    }
}

impl Scalar for char {
    const FORM: Form = Form::Letter;

    fn encode(self) -> u64 {
        u64::from(u32::from(self))
    }

    fn decode(code: u64) -> Option<Self> {
        u32::try_from(code).ok().and_then(char::from_u32)
    }
}

impl Scalar for bool {
    const FORM: Form = Form::Flag;

    fn encode(self) -> u64 {
        u64::from(self)
    }

    fn decode(code: u64) -> Option<Self> {
        match code {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Shape {
    /// The step of this shape with these values, as text: `Wrote value=3`.
    pub fn with(&'static self, values: Values) -> impl Display {
        fmt::from_fn(move |f| {
            f.write_str(self.name)?;
            self.fields.iter().zip(values).try_for_each(|(Field { name, form }, code)| match form {
                Form::Number => write!(f, " {name}={code}"),
                Form::Letter => {
                    write!(f, " {name}={}", char::decode(code).unwrap_or(char::REPLACEMENT_CHARACTER))
                }
                Form::Flag => write!(f, " {name}={}", code != 0),
            })
        })
    }
}

impl Shape {
    /// The fields of a step of this shape with these values, by name.
    pub fn object(&self, values: Values) -> Map<String, Value> {
        let value = |form, code| match form {
            Form::Number => Value::from(code),
            Form::Letter => char::decode(code).map(String::from).into(),
            Form::Flag => Value::from(code != 0),
        };
        self.fields
            .iter()
            .zip(values)
            .map(|(field, code)| (field.name.into(), value(field.form, code)))
            .collect()
    }

    /// The values of a step of this shape with these fields, as [`object`](Self::object) wrote them; `None` where a
    /// field is missing, is one too many, or is not of its form.
    pub fn values(&self, object: &Map<String, Value>) -> Option<Values> {
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
        (object.len() == self.fields.len()).then_some(values)
    }
}

/// Declares the steps of a pattern: the enum of the steps, and the enum of their kinds.
///
/// ```
/// use shared::{Step as _, steps};
///
/// steps! {
///     /// What a worker says.
///     pub enum Step of Kind {
///         /// Waits for its turn.
///         Waiting,
///         /// Has stored a value.
///         Wrote { value: u64 },
///     }
/// }
///
/// let step = Step::Wrote { value: 3 };
/// assert_eq!(step.kind(), Kind::Wrote);
/// assert_eq!(step.shape().with(step.values()).to_string(), "Wrote value=3");
/// assert_eq!(Step::read("Wrote", step.values()), Some(step));
/// ```
#[macro_export]
macro_rules! steps {
    (
        $(#[$doc:meta])*
        pub enum $step:ident of $kind:ident {
            $(
                $(#[$variant_doc:meta])*
                $variant:ident $({ $($field:ident: $scalar:ty),+ $(,)? })?
            ),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        // The fields of a step need no documentation of their own: the step's says what they are.
        #[allow(missing_docs)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $step {
            $($(#[$variant_doc])* $variant $({ $($field: $scalar),+ })?),+
        }

        /// The kinds of steps: a step without its values.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $kind {
            $($(#[$variant_doc])* $variant),+
        }

        impl $crate::Kind for $kind {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn shape(self) -> &'static $crate::Shape {
                match self {
                    $(Self::$variant => &$crate::Shape {
                        name: stringify!($variant),
                        fields: &[$($($crate::Field {
                            name: stringify!($field),
                            form: <$scalar as $crate::Scalar>::FORM,
                        }),+)?],
                    }),+
                }
            }
        }

        impl $crate::Step for $step {
            type Kind = $kind;

            fn kind(&self) -> $kind {
                match self {
                    $(Self::$variant { .. } => $kind::$variant),+
                }
            }

            fn values(&self) -> $crate::Values {
                match *self {
                    $(Self::$variant $({ $($field),+ })? => $crate::values![$($($field),+)?]),+
                }
            }

            fn read(name: &str, values: $crate::Values) -> Option<Self> {
                let mut codes = values.into_iter();
                // A step without fields takes nothing from the codes.
                let mut _next = || codes.next();
                match name {
                    $(stringify!($variant) => Some(Self::$variant $({
                        $($field: $crate::Scalar::decode(_next()?)?),+
                    })?),)+
                    _ => None,
                }
            }
        }

        impl From<$step> for $crate::Language<$step> {
            fn from(step: $step) -> Self {
                Self::Step(step)
            }
        }

        impl From<$kind> for $crate::Language<$step> {
            fn from(kind: $kind) -> Self {
                Self::Kind(kind)
            }
        }
    };
}

/// Up to three scalars as [`Values`]: the number of fields is checked when a pattern is compiled.
#[doc(hidden)]
#[macro_export]
macro_rules! values {
    () => {
        [0, 0, 0]
    };
    ($a:expr) => {
        [$crate::Scalar::encode($a), 0, 0]
    };
    ($a:expr, $b:expr) => {
        [$crate::Scalar::encode($a), $crate::Scalar::encode($b), 0]
    };
    ($a:expr, $b:expr, $c:expr) => {
        [$crate::Scalar::encode($a), $crate::Scalar::encode($b), $crate::Scalar::encode($c)]
    };
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Kind as _, Step as _};

    steps! {
        /// One step of each form.
        pub enum Step of Kind {
            /// No field.
            Silent,
            /// Three fields of three forms.
            Full { number: u64, letter: char, flag: bool },
        }
    }

    const FULL: Step = Step::Full { number: u64::MAX, letter: 'Ω', flag: true };

    #[test]
    fn a_step_survives_being_encoded() {
        for step in [Step::Silent, FULL] {
            assert_eq!(Step::read(step.shape().name, step.values()), Some(step));
        }
    }

    #[test]
    fn a_step_reads_as_its_name_and_fields() {
        assert_eq!(Step::Silent.shape().with(Step::Silent.values()).to_string(), "Silent");
        assert_eq!(
            FULL.shape().with(FULL.values()).to_string(),
            format!("Full number={} letter=Ω flag=true", u64::MAX)
        );
    }

    #[test]
    fn a_step_is_an_object() {
        let object = FULL.shape().object(FULL.values());
        assert_eq!(Value::Object(object), json!({ "number": u64::MAX, "letter": "Ω", "flag": true }));
        assert!(Step::Silent.shape().object(Step::Silent.values()).is_empty());
    }

    #[test]
    fn an_object_is_read_back() {
        let shape = FULL.shape();
        let object = shape.object(FULL.values());
        assert_eq!(shape.values(&object), Some(FULL.values()));
        for wrong in [
            json!({ "number": 1, "letter": "Ω" }),
            json!({ "number": 1, "letter": "ΩΩ", "flag": true }),
            json!({ "number": -1, "letter": "Ω", "flag": true }),
            json!({ "number": 1, "letter": "Ω", "flag": true, "more": 1 }),
        ] {
            assert_eq!(shape.values(wrong.as_object().unwrap()), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_no_step_is_not_read() {
        assert_eq!(Step::read("Unheard", [0; 3]), None);
        assert_eq!(Step::read("Full", [0, u64::MAX, 0]), None, "no such character");
        assert_eq!(Step::read("Full", [0, 65, 2]), None, "neither true nor false");
    }

    #[test]
    fn kinds_are_listed_in_order() {
        assert_eq!(Kind::ALL, [Kind::Silent, Kind::Full]);
        assert_eq!(Kind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>(), ["Silent", "Full"]);
        assert_eq!((Kind::named("Full"), Kind::named("full")), (Some(Kind::Full), None));
    }
}
