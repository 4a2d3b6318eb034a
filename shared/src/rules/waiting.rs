//! Who waits where a run was cut off, and for whom, as far as roles and laws tell.
//!
//! A primitive knows who has it; but a pattern has many kinds of them, of std and of tokio too, and what it may say when is
//! in its roles and laws already. So nobody has to ask the primitives, and what is due is told in the pattern's words.

use std::collections::BTreeSet;

use super::matcher::THE_END;
use super::role;
use crate::{Law, Role, Shape, Trace, What};

/// An actor that is not over where its trace ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Its place in the cast.
    pub actor: usize,
    /// What it did last; none where it has not begun.
    pub last: Option<usize>,
    /// What is due of it next, as text; none where it has not begun, or has done what its role does not allow.
    pub due: Option<String>,
    /// Who is inside where it would have to go, and keeps it out.
    pub inside: Vec<usize>,
    /// Who is to be over first, and is not.
    pub alive: Vec<usize>,
    /// What others are to say first, and have not: those who can't do without.
    pub unsaid: Vec<(&'static Shape, Vec<usize>)>,
}

/// The actors that are not over where this trace ends, in the order of the cast.
pub fn unfinished(trace: &Trace) -> Vec<usize> {
    let is_end = |event: &usize| matches!(trace.events[*event].what, What::Ended(_));
    let lanes = trace.by_actor().into_iter().enumerate();
    lanes.filter(|(_, lane)| !lane.last().is_some_and(is_end)).map(|(actor, _)| actor).collect()
}

/// For what this actor waits, one of those that are [`unfinished`], and for whom of them.
pub fn waiting(trace: &Trace, roles: &[Role], laws: &[Law], alive: &[usize], actor: usize) -> Waiting {
    let Some(last) = trace.events.iter().rposition(|event| event.actor == actor) else {
        return Waiting { actor, ..Waiting::default() };
    };
    let (due, shapes) = role::due(trace, actor, roles).unzip();
    let shapes = shapes.unwrap_or_default();
    let laws = || laws.iter().filter(|law| law.is_for(trace.cast[actor].role));
    let inside: BTreeSet<usize> = laws().flat_map(|law| law.inside_before(&shapes, trace)).collect();
    let over: Vec<&str> = laws().filter_map(|law| law.over_before(&shapes)).collect();
    // The main line ends last.
    let is_last = actor == 0 && due.as_deref() == Some(THE_END);
    let is_due = |other: &usize| is_last && *other != 0 || over.contains(&trace.cast[*other].role);
    let unsaid = laws().filter_map(|law| {
        let shape = law.said_before(&shapes, trace)?;
        let said = trace.said().filter(|(.., said)| said.is(shape));
        let said: BTreeSet<usize> = said.map(|(_, event, _)| event.actor).collect();
        let is_for = |other: usize| law.is_for(trace.cast[other].role);
        let owes = |other: &usize| {
            *other != actor
                && is_for(*other)
                && !said.contains(other)
                && requires(trace, roles, *other, shape)
        };
        let owing: Vec<usize> = alive.iter().copied().filter(owes).collect();
        (!owing.is_empty()).then_some((shape, owing))
    });
    let unsaid = unsaid.collect();
    let alive = alive.iter().copied().filter(is_due).collect();
    Waiting { actor, last: Some(last), due, inside: inside.into_iter().collect(), alive, unsaid }
}

/// Whether this actor can't do without such a step.
fn requires(trace: &Trace, roles: &[Role], actor: usize, shape: &Shape) -> bool {
    role::language(trace, actor, roles).is_some_and(|language| language.requires(shape))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::naive::{Kind, Step};
    use super::{Waiting, unfinished};
    use crate::trace::Event;
    use crate::{End, Law, Member, Role, Shape, Trace, What, script};

    /// A main line that waits for two workers; the first is over, or not, and the second is where it is told.
    fn cut_off(first_is_over: bool, second: &[What]) -> Trace {
        let first =
            [What::Began, What::said(Step::Enter), What::said(Step::Leave), What::Ended(End::Returned)];
        let first = &first[..if first_is_over { 4 } else { 2 }];
        let lanes = [(0, &[What::Began][..]), (1, first), (2, second)];
        let events = lanes.into_iter().flat_map(|(actor, whats)| {
            whats.iter().map(move |what| Event::new(actor, Duration::ZERO, what.clone()))
        });
        let cast = [("main", 0), ("worker", 1), ("worker", 2)].map(|(role, number)| Member { role, number });
        Trace { cast: cast.into(), events: events.collect(), ..Trace::default() }
    }

    fn waiting(trace: &Trace, roles: &[Role], laws: &[Law]) -> Vec<Waiting> {
        let unfinished = unfinished(trace);
        unfinished.iter().map(|&actor| super::waiting(trace, roles, laws, &unfinished, actor)).collect()
    }

    /// What is due of each that waits, who is inside there, and who is not over.
    fn told(trace: &Trace) -> Vec<(usize, Option<String>, [Vec<usize>; 2])> {
        let roles =
            [Role::main(script![Kind::Got]), Role::new("worker", [1, 2], script![Step::Enter, Step::Leave])];
        let laws = [Law::at_most_inside(1, [Kind::Enter], [Kind::Leave]), Law::over_at("worker", Kind::Got)];
        let waiting = waiting(trace, &roles, &laws).into_iter();
        waiting.map(|waiting| (waiting.actor, waiting.due, [waiting.inside, waiting.alive])).collect()
    }

    #[test]
    fn who_waits_is_told_for_whom() {
        let [enter, leave, got] = ["`Enter`", "`Leave`", "`Got`"].map(|due| Some(due.to_owned()));
        assert_eq!(
            told(&cut_off(false, &[What::Began])),
            [
                (0, got.clone(), [vec![], vec![1, 2]]),
                (1, leave, [vec![], vec![]]),
                (2, enter.clone(), [vec![1], vec![]])
            ]
        );
        // Who is over, or has left, keeps nobody.
        let main = (0, got, [vec![], vec![2]]);
        assert_eq!(told(&cut_off(true, &[What::Began])), [main.clone(), (2, enter, [vec![], vec![]])]);
        // Of who has not begun, and of who has done what its role does not allow, nothing is due.
        for strange in [&[][..], &[What::Began, What::said(Step::Leave)]] {
            assert_eq!(told(&cut_off(true, strange)), [main.clone(), (2, None, [vec![], vec![]])]);
        }
    }

    #[test]
    fn who_has_something_to_say_first_is_named() {
        let roles =
            [Role::main(script![Kind::Got]), Role::new("worker", [1, 2], script![Step::Enter, Step::Leave])];
        // As at a barrier, nobody leaves before all have entered; and main gets what somebody has left.
        let laws = [Law::never_followed_by(Kind::Leave, Kind::Enter), Law::precedes(Kind::Leave, Kind::Got)];
        let told_by = |laws: &[Law], trace: &Trace| {
            let named = |(shape, owing): (&Shape, _)| (shape.name, owing);
            let waiting = waiting(trace, &roles, laws).into_iter();
            let told =
                waiting.map(|waiting| (waiting.actor, waiting.unsaid.into_iter().map(named).collect()));
            told.collect::<Vec<(_, Vec<_>)>>()
        };
        let told = |trace: &Trace| told_by(&laws, trace);
        let nothing = Vec::new();
        assert_eq!(
            told(&cut_off(false, &[What::Began])),
            [(0, vec![("Leave", vec![1, 2])]), (1, vec![("Enter", vec![2])]), (2, nothing.clone())]
        );
        // Whoever has said it owes it no more.
        assert_eq!(told(&cut_off(true, &[What::Began])), [(0, nothing.clone()), (2, nothing.clone())]);
        let entered = [What::Began, What::said(Step::Enter)];
        let leave = |actors| vec![("Leave", actors)];
        assert_eq!(
            told(&cut_off(false, &entered)),
            [(0, leave(vec![1, 2])), (1, nothing.clone()), (2, nothing.clone())]
        );
        // A law among some roles binds nobody else.
        let among = laws.map(|law| law.among(["main"]));
        assert_eq!(
            told_by(&among, &cut_off(false, &entered)),
            [(0, nothing.clone()), (1, nothing.clone()), (2, nothing)]
        );
    }
}
