//! How a pattern declares its steps: one list, from which their types, their shapes and their codes are made.

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
/// assert_eq!(step.said().to_string(), "Wrote value=3");
/// assert_eq!(Step::read(&step.said()), Some(step));
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
            type Step = $step;

            const ALL: &'static [Self] = &[$(Self::$variant),+];

            const SHAPES: &'static [$crate::Shape] = &[$($crate::Shape {
                index: Self::$variant as u8,
                name: stringify!($variant),
                fields: &[$($($crate::Field {
                    name: stringify!($field),
                    form: <$scalar as $crate::Scalar>::FORM,
                }),+)?],
            }),+];

            fn shape(self) -> &'static $crate::Shape {
                &Self::SHAPES[self as usize]
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

            fn read(said: &$crate::Said) -> Option<Self> {
                let mut codes = said.values.into_iter();
                // A step without fields takes nothing from the codes.
                let mut _next = || codes.next();
                match $crate::Kind::of(said.shape)? {
                    $($kind::$variant => Some(Self::$variant $({
                        $($field: $crate::Scalar::decode(_next()?)?),+
                    })?),)+
                }
            }
        }

        impl $crate::Emit for $step {
            fn emit(self, emission: $crate::Emission<'_>) {
                match (emission.side, self) {
                    $(
                        ($crate::Side::Threaded, Self::$variant $({ $($field),+ })?) => {
                            $crate::event!("threaded", $variant, emission $(, $($field),+)?);
                        }
                        ($crate::Side::Asynchronous, Self::$variant $({ $($field),+ })?) => {
                            $crate::event!("asynchronous", $variant, emission $(, $($field),+)?);
                        }
                    )+
                }
            }
        }

        impl From<$step> for $crate::Language {
            fn from(step: $step) -> Self {
                Self::Step($crate::Step::said(&step))
            }
        }

        impl From<$kind> for $crate::Language {
            fn from(kind: $kind) -> Self {
                Self::Kind($crate::Kind::shape(kind))
            }
        }
    };
}

/// The event of one kind of step on one side, whose target is the module's path with that side in place of the crate.
#[doc(hidden)]
#[macro_export]
macro_rules! event {
    ($side:literal, $variant:ident, $emission:ident $(, $field:ident)*) => {{
        const LENGTH: usize = $crate::hidden::target_length($side, module_path!());
        const BYTES: [u8; LENGTH] = $crate::hidden::target($side, module_path!());
        const TARGET: &str = match std::str::from_utf8(&BYTES) {
            Ok(target) => target,
            Err(_) => panic!("the path of a module is text"),
        };
        $crate::hidden::event!(
            name: stringify!($variant),
            target: TARGET,
            parent: $emission.parent,
            $crate::hidden::Level::INFO,
            message = $emission.note as &(dyn std::error::Error + 'static),
            $($field = $crate::Scalar::value($field),)*
            line = $emission.line,
        );
    }};
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

    use crate::{Kind as _, Said, Shape, Step as _};

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
            assert_eq!(Step::read(&step.said()), Some(step));
        }
    }

    #[test]
    fn a_step_reads_as_its_name_and_fields() {
        assert_eq!(Step::Silent.said().to_string(), "Silent");
        assert_eq!(FULL.said().to_string(), format!("Full number={} letter=Ω flag=true", u64::MAX));
    }

    #[test]
    fn a_step_is_an_object() {
        let object = FULL.said().object();
        assert_eq!(Value::Object(object), json!({ "number": u64::MAX, "letter": "Ω", "flag": true }));
        assert!(Step::Silent.said().object().is_empty());
    }

    #[test]
    fn an_object_is_read_back() {
        let shape = Kind::Full.shape();
        assert_eq!(shape.said(&FULL.said().object()), Some(FULL.said()));
        for wrong in [
            json!({ "number": 1, "letter": "Ω" }),
            json!({ "number": 1, "letter": "ΩΩ", "flag": true }),
            json!({ "number": -1, "letter": "Ω", "flag": true }),
            json!({ "number": 1, "letter": "Ω", "flag": true, "more": 1 }),
        ] {
            assert_eq!(shape.said(wrong.as_object().unwrap()), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_no_step_is_not_read() {
        let unheard = Said { shape: &Shape { index: 0, name: "Unheard", fields: &[] }, values: [0; 3] };
        let full = |values| Said { shape: Kind::Full.shape(), values };
        let beyond = Said { shape: &Shape { index: 2, name: "Full", fields: &[] }, values: [0; 3] };
        for (said, why) in [
            (unheard, "no such name"),
            (beyond, "no such place"),
            (full([0, u64::MAX, 0]), "no such character"),
            (full([0, 65, 2]), "neither true nor false"),
        ] {
            assert_eq!(Step::read(&said), None, "{why}");
            assert!(!said.is_of(Kind::SHAPES), "{why}");
        }
        assert!(FULL.said().is_of(Kind::SHAPES));
    }

    #[test]
    fn kinds_are_listed_in_order() {
        assert_eq!(Kind::ALL, [Kind::Silent, Kind::Full]);
        assert_eq!(Kind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>(), ["Silent", "Full"]);
        assert_eq!(
            Kind::SHAPES.iter().map(Kind::of).collect::<Vec<_>>(),
            [Some(Kind::Silent), Some(Kind::Full)]
        );
    }
}
