//! Ink: what stands for steps and for states.

use anstyle::{AnsiColor, Style};

use super::text::painted;
use crate::archive::ShownWhat;
use crate::report::{Shown, State, Stretch};

/// How letters stand out.
pub(super) const LETTER: Style = Style::new().bold();

/// A letter for each step that the pattern declares, in that order: the same in every run.
pub(super) struct Letters<'a>(Vec<(&'a str, char)>);

impl<'a> Letters<'a> {
    pub(super) fn of(runs: &'a [Shown]) -> Self {
        let mut letters: Vec<(&str, char)> = Vec::new();
        for step in runs.iter().flat_map(|run| &run.steps) {
            if letters.iter().any(|(known, _)| known == step) {
                continue;
            }
            let free = |letter: &char| !letters.iter().any(|(_, taken)| taken == letter);
            let upper = step.chars().map(|letter| letter.to_ascii_uppercase());
            let own = upper.chain('A'..='Z').chain(['?']);
            let letter = own.filter(char::is_ascii_uppercase).find(free).unwrap_or('?');
            letters.push((step, letter));
        }
        Self(letters)
    }

    pub(super) fn letter(&self, what: &ShownWhat) -> Option<char> {
        Some(match what {
            ShownWhat::Said { step, .. } => {
                self.0.iter().find(|(known, _)| known == step).map_or('?', |(_, letter)| *letter)
            }
            ShownWhat::Ended { end, .. } if end == "returned" => ')',
            ShownWhat::Ended { end, .. } if end == "cancelled" => 'x',
            ShownWhat::Ended { .. } => '!',
            ShownWhat::Began => '(',
            ShownWhat::Paused { .. } | ShownWhat::Waits { .. } => return None,
        })
    }

    pub(super) fn legend(&self, ink: &Ink) -> Vec<String> {
        let steps = self.0.iter().map(|(step, letter)| format!("{} {step}", ink.paint(LETTER, *letter)));
        let signs = ["( begins", ") returns", "x cancelled", "! panics", "+ several"].map(str::to_owned);
        steps.chain(signs).collect()
    }
}

/// With what is drawn.
pub(super) struct Ink {
    pub(super) ascii: bool,
    pub(super) colour: bool,
}

impl Ink {
    pub(super) fn tick(&self) -> char {
        if self.ascii { '|' } else { '╷' }
    }

    /// What stands for a stretch.
    pub(super) fn stretch(&self, stretch: &Stretch) -> (char, Style) {
        let (plain, inside, colour) = self.signs(stretch.state);
        (if stretch.inside { inside } else { plain }, colour)
    }

    /// What stands for a state, outside and inside.
    fn signs(&self, state: State) -> (char, char, Style) {
        let (plain, inside, colour) = match state {
            State::Running => (['━', '='], ['█', '#'], AnsiColor::Green.on_default()),
            State::Ready => (['›', '>'], ['»', '}'], AnsiColor::Yellow.on_default()),
            State::Waiting => (['·', '.'], ['∙', 'o'], Style::new().dimmed()),
            State::Pausing => (['~', '~'], ['≈', '%'], AnsiColor::Blue.on_default()),
        };
        let pick = |[fine, ascii]: [char; 2]| if self.ascii { ascii } else { fine };
        (pick(plain), pick(inside), colour)
    }

    fn paint(&self, style: Style, letter: char) -> String {
        painted(&[(letter, style)], self.colour)
    }

    pub(super) fn legend(&self) -> Vec<String> {
        let states = State::ALL.map(|state| {
            let (plain, inside, colour) = self.signs(state);
            let signs = [plain, inside].map(|sign| self.paint(colour, sign));
            format!("{} {} {}", signs[0], signs[1], state.word())
        });
        let more = ["the second of each: inside", "? not known of threads"].map(str::to_owned);
        states.into_iter().chain(more).collect()
    }
}
