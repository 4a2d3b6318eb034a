//! Scalars: what a field of a step may be, and how it is an integer.

use tracing::field::{self, DisplayValue};

/// The integers of a step, encoded, in the order of its shape's fields; unused places are 0.
pub type Values = [u64; 3];

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

impl Form {
    /// Whether there is such a scalar.
    pub fn admits(self, code: u64) -> bool {
        match self {
            Self::Number => true,
            Self::Letter => char::decode(code).is_some(),
            Self::Flag => bool::decode(code).is_some(),
        }
    }
}

/// What a field of a step may be.
pub trait Scalar: Copy {
    /// How the code of such a scalar is to be read.
    const FORM: Form;

    /// What it is as a field of a `tracing` event.
    type Value: tracing::Value;

    /// The scalar as a field of a `tracing` event.
    fn value(self) -> Self::Value;

    /// The scalar as an integer.
    fn encode(self) -> u64;

    /// The scalar of this code; `None` where there is none.
    fn decode(code: u64) -> Option<Self>;
}

impl Scalar for u64 {
    const FORM: Form = Form::Number;

    type Value = Self;

    fn value(self) -> Self {
        self
    }

    fn encode(self) -> u64 {
        self
    }

    fn decode(code: u64) -> Option<Self> {
        Some(code)
    }
}

impl Scalar for usize {
    const FORM: Form = Form::Number;

    type Value = Self;

    fn value(self) -> Self {
        self
    }

    fn encode(self) -> u64 {
        self as u64
    }

    fn decode(code: u64) -> Option<Self> {
        code.try_into().ok()
    }
}

impl Scalar for char {
    const FORM: Form = Form::Letter;

    type Value = DisplayValue<Self>;

    fn value(self) -> DisplayValue<Self> {
        field::display(self)
    }

    fn encode(self) -> u64 {
        u64::from(u32::from(self))
    }

    fn decode(code: u64) -> Option<Self> {
        u32::try_from(code).ok().and_then(char::from_u32)
    }
}

impl Scalar for bool {
    const FORM: Form = Form::Flag;

    type Value = Self;

    fn value(self) -> Self {
        self
    }

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
