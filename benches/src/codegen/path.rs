//! Paths of functions and types as `rustc-demangle` writes them, taken apart.
//!
//! ```text
//! a::b::function::<A, B>::{closure#0}       segments a, b, function, {closure#0}
//! <a::Type<A> as b::Trait<B>>::method       subject a::Type<A>, trait b::Trait<B>, segment method
//! a::Type<M,_>::method::{{closure}}         the older mangling: no subject, arguments without values
//! ```

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment<'a> {
    pub name: &'a str,
    /// What stands between the angle brackets, if anything.
    pub arguments: &'a str,
}

/// The path of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name<'a> {
    /// The type whose function it is, where that is written apart.
    pub subject: Option<&'a str>,
    /// The trait whose function it is.
    pub of_trait: Option<&'a str>,
    /// The path, or the rest of it.
    pub segments: Vec<Segment<'a>>,
}

impl<'a> Name<'a> {
    /// Takes a path apart; `None` if it is none.
    pub fn parse(text: &'a str) -> Option<Name<'a>> {
        let (mut subject, mut of_trait, mut rest) = (None, None, text);
        if text.starts_with('<') {
            let end = outer(text).find(|&(_, c)| c == '>')?.0;
            let inner = &text[1..end];
            let at = outer(inner).find(|&(at, c)| c == ' ' && inner[at..].starts_with(" as "));
            match at {
                Some((at, _)) => {
                    (subject, of_trait) = (Some(&inner[..at]), Some(&inner[at + " as ".len()..]));
                }
                None => subject = Some(inner),
            }
            rest = text[end + 1..].strip_prefix("::")?;
        }
        let segments = segments(rest);
        (!segments.is_empty()).then_some(Name {
            subject,
            of_trait,
            segments,
        })
    }

    /// The function's own name.
    pub fn last(&self) -> &'a str {
        self.segments.last().map_or("", |segment| segment.name)
    }

    /// The modules that it may be said to stand in: the one of its type, then of its trait, or its own.
    pub fn modules(&self) -> impl Iterator<Item = String> {
        let own = self.subject.is_none().then(|| {
            let path = self.segments.iter().map(|segment| segment.name);
            let mut path: Vec<&str> = path.filter(|name| !is_closure(name)).collect();
            path.pop();
            path.join("::")
        });
        let of_types = self.subject.into_iter().chain(self.of_trait).map(module);
        own.into_iter().chain(of_types)
    }
}

/// The characters of a text that stand in no bracket, each closing bracket of the outermost level among them.
fn outer(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut depth = 0_usize;
    let mut before = ' ';
    text.char_indices().filter(move |&(_, c)| {
        // The `>` of `->` closes nothing.
        let closes = matches!(c, ')' | ']' | '}') || c == '>' && before != '-';
        before = c;
        if matches!(c, '<' | '(' | '[' | '{') {
            depth += 1;
            return false;
        }
        if closes {
            depth = depth.saturating_sub(1);
        }
        depth == 0
    })
}

/// The steps of a path.
pub(super) fn segments(path: &str) -> Vec<Segment<'_>> {
    let mut found: Vec<Segment<'_>> = Vec::new();
    let colons = outer(path).filter(|&(_, c)| c == ':').map(|(at, _)| at);
    let ends: Vec<usize> = colons.chain([path.len()]).collect();
    let mut start = 0;
    for end in ends {
        // Each `::` is two colons with nothing between them.
        let step = &path[start..end];
        start = end + 1;
        let (name, arguments) = match step.split_once('<') {
            Some((name, rest)) => (name, rest.strip_suffix('>').unwrap_or(rest)),
            None => (step, ""),
        };
        match found.last_mut() {
            Some(before) if name.is_empty() && !arguments.is_empty() => {
                before.arguments = arguments;
            }
            _ if !name.is_empty() => found.push(Segment { name, arguments }),
            _ => {}
        }
    }
    found
}

/// The arguments in a list of them.
pub(super) fn arguments(list: &str) -> impl Iterator<Item = &str> {
    let commas = outer(list).filter(|&(_, c)| c == ',').map(|(at, _)| at);
    let ends: Vec<usize> = commas.chain([list.len()]).collect();
    let mut start = 0;
    let split = ends.into_iter().map(move |end| {
        let argument = list[start..end].trim();
        start = end + 1;
        argument
    });
    split.filter(|argument| !argument.is_empty())
}

/// Whether a step is a closure, in either mangling.
pub(super) fn is_closure(name: &str) -> bool {
    name.starts_with("{closure") || name.starts_with("{{closure")
}

/// A type's path and its arguments.
pub(super) fn of_type(text: &str) -> (String, impl Iterator<Item = &str>) {
    let path = segments(text);
    let names: Vec<&str> = path.iter().map(|segment| segment.name).collect();
    let list = path.last().map_or("", |last| last.arguments);
    (names.join("::"), arguments(list))
}

/// The module of a type.
pub(super) fn module(of_type: &str) -> String {
    let mut path: Vec<&str> = segments(of_type).iter().map(|s| s.name).collect();
    path.pop();
    path.join("::")
}

/// Whether a module is the other one or below it.
pub(super) fn is_within(module: &str, other: &str) -> bool {
    let below = module.strip_prefix(other);
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// A type as cells are named: `a::ClosureLoop` is `closure-loop` and `a::Refcount<b::Tagged>` is `refcount-tagged`.
pub(super) fn kebab(of_type: &str) -> String {
    let path = segments(of_type);
    let Some(last) = path.last() else {
        return String::new();
    };
    let mut words = String::new();
    let mut before = '-';
    for c in last.name.chars() {
        if c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()) {
            words.push('-');
        }
        words.extend(c.to_lowercase());
        before = c;
    }
    let arguments = arguments(last.arguments).filter(|argument| !argument.starts_with('\''));
    arguments.fold(words, |words, argument| {
        format!("{words}-{}", kebab(argument))
    })
}

/// Whether a text names that type, and not one whose name only begins or ends with it.
pub(super) fn mentions(text: &str, of_type: &str) -> bool {
    let part_of_a_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '<');
    text.match_indices(of_type).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + of_type.len()..].chars().next();
        // What stands before may be the bracket of a list of arguments.
        !before.is_some_and(|c| c != '<' && part_of_a_path(c))
            && !behind.is_some_and(part_of_a_path)
    })
}
