//! What the symbols of a binary say about its functions: of which strategy, object model and role each one is.
//!
//! Called by [`super::witness`]. No strategy is known by name here. A strategy is a type with an implementation of vm-core's
//! `Dispatch`, whose `run` is the loop; its handlers and slow paths are by convention the functions `handler` and `slow` and the
//! closures made in `code_of`, in the type's module or below. So one that is registered from outside is found as those that are built in.
//!
//! The object model is a type argument, which symbols name in the newer mangling (v0, `.cargo/config.toml`) alone. The linker's
//! table is read, and not the names in a disassembly, because it has all the names of functions that were folded into one.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::{self, BufRead};

use super::path::{self, Name, Segment};
use super::{Role, each_line, hexadecimal};

/// The trait that makes a type a strategy.
const DISPATCH: &str = "ceval_vm_core::dispatch::Dispatch";

/// Where the types of instructions are: arguments that say which instruction a function is for, and not which form of it.
const INSTRUCTIONS: &str = "ceval_vm_core::semantics::";

/// The form of an object model that counts. No cell has it and nothing in it is timed.
const COUNTING: &str = "ceval_objects::repr::Counted<";

/// The function through which a probed form reports, a method of the machine.
const PROBE: &str = "attend_probe";

/// What a function is to a strategy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    /// Name of the strategy as in a cell.
    pub strategy: String,
    /// Name of the object model as in a cell; `None` if the symbol does not say it.
    pub model: Option<String>,
    pub role: Role,
    /// What is left of the type arguments. A strategy's probed form may be its ordinary one with another argument.
    pub form: String,
}

/// The functions of strategies in a binary, and the probe, by address.
#[derive(Debug, Default)]
pub struct Symbols {
    parts: HashMap<u64, Vec<Part>>,
    probes: HashSet<u64>,
}

impl Symbols {
    /// Reads what `objdump --syms` prints: a line ends with the name and begins with the address; data is passed over.
    ///
    /// # Errors
    /// What the stream says.
    pub fn read(listing: impl BufRead) -> io::Result<Symbols> {
        let mut named = Vec::new();
        each_line(listing, |line| {
            let Some((left, right)) = line.split_once('\t') else {
                return;
            };
            // `ADDRESS FLAGS SECTION`, and behind the tab `SIZE NAME`.
            let mut left = left.split_whitespace();
            let address = left.next().and_then(hexadecimal);
            let (Some(address), Some(name)) = (address, right.split_whitespace().last()) else {
                return;
            };
            if left.any(|word| word == "F") {
                named.push((address, name.to_owned()));
            }
        })?;
        Ok(Symbols::of(
            named.iter().map(|(address, name)| (*address, &**name)),
        ))
    }

    /// The table of these functions.
    pub(super) fn of<'a>(named: impl IntoIterator<Item = (u64, &'a str)>) -> Symbols {
        let mut symbols = Symbols::default();
        let mut strategies: Vec<Strategy> = Vec::new();
        let mut functions = Vec::new();
        for (address, symbol) in named {
            let text = demangled(symbol);
            let Some(name) = Name::parse(&text) else {
                continue;
            };
            if name.last() == PROBE {
                symbols.probes.insert(address);
            }
            let implementation = implementation(&name);
            let role = role(&name, implementation.is_some());
            if let Some((of_type, model)) = implementation {
                let strategy = Strategy::note(&mut strategies, of_type, model);
                // In the older mangling it is the name of a parameter.
                if symbol.starts_with("_R") {
                    strategy.models.insert(model.into());
                }
            }
            if let Some(role) = role {
                functions.push((address, text, role));
            }
        }
        let models: BTreeSet<&str> = strategies
            .iter()
            .flat_map(|strategy| strategy.models.iter().map(String::as_str))
            .collect();
        for (address, text, role) in &functions {
            let part = Name::parse(text).and_then(|name| {
                let owner = owner(&strategies, &name)?;
                part(owner, &models, &name, text, *role)
            });
            let Some(part) = part else { continue };
            let parts = symbols.parts.entry(*address).or_default();
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        symbols
    }

    /// What the function at that address is; folded ones are several things.
    pub(super) fn parts(&self, address: u64) -> &[Part] {
        self.parts.get(&address).map_or(&[], Vec::as_slice)
    }

    /// Whether the probe is at that address.
    pub(super) fn is_probe(&self, address: u64) -> bool {
        self.probes.contains(&address)
    }
}

/// A symbol as Rust writes it, without the hash that the older mangling appends.
pub(super) fn demangled(symbol: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(symbol))
}

/// A type that implements `Dispatch`.
#[derive(Debug)]
struct Strategy {
    /// The type's path, without arguments.
    path: String,
    /// The type's arguments, the object model left out.
    arguments: Vec<String>,
    /// The type's module.
    module: String,
    /// Its name in a cell.
    name: String,
    /// The types of the object models that it is instantiated with.
    models: BTreeSet<String>,
}

impl Strategy {
    /// The strategy of that type, which is made if it is new.
    fn note<'a>(strategies: &'a mut Vec<Strategy>, of_type: &str, model: &str) -> &'a mut Strategy {
        let (path, arguments) = path::of_type(of_type);
        let arguments: Vec<String> = arguments
            .filter(|argument| *argument != model)
            .map(String::from)
            .collect();
        let known = strategies
            .iter()
            .position(|known| known.path == path && known.arguments == arguments);
        let at = known.unwrap_or_else(|| {
            let mut name = path::kebab(&path);
            for argument in &arguments {
                name += "-";
                name += &path::kebab(argument);
            }
            strategies.push(Strategy {
                module: path::module(&path),
                path,
                arguments,
                name,
                models: BTreeSet::new(),
            });
            strategies.len() - 1
        });
        &mut strategies[at]
    }

    /// Whether it is that type, with whatever object model.
    fn is(&self, of_type: &str) -> bool {
        let (path, arguments) = path::of_type(of_type);
        let arguments: Vec<&str> = arguments.collect();
        let has = |argument: &String| arguments.contains(&argument.as_str());
        self.path == path && self.arguments.iter().all(has)
    }
}

/// The type and the object model of `<type as Dispatch<model>>::…`.
fn implementation<'a>(name: &Name<'a>) -> Option<(&'a str, &'a str)> {
    let (of_trait, rest) = name.of_trait?.split_once('<')?;
    (of_trait == DISPATCH).then_some((name.subject?, rest.strip_suffix('>')?))
}

/// What a function is for, if it belongs to a strategy.
fn role(name: &Name<'_>, is_method: bool) -> Option<Role> {
    let names: Vec<&str> = name.segments.iter().map(|segment| segment.name).collect();
    match names[..] {
        // A type may be a strategy and have a function of any name, but `run` is the trait's.
        ["run"] if is_method => Some(Role::Loop),
        _ if is_method => None,
        [.., "handler"] => Some(Role::Handler),
        [.., "slow"] => Some(Role::Slow),
        [.., "code_of", closure] if path::is_closure(closure) => Some(Role::Handler),
        _ => None,
    }
}

/// A strategy as the owner of a function.
struct Owner {
    name: String,
    /// The one object model that it is for, if it is for one.
    model: Option<String>,
}

/// Whose function it is: the strategy's whose module is nearest.
fn owner(strategies: &[Strategy], name: &Name<'_>) -> Option<Owner> {
    let of_one = |strategy: &Strategy| {
        let mut models = strategy.models.iter();
        Owner {
            name: strategy.name.clone(),
            model: models.next().filter(|_| models.next().is_none()).cloned(),
        }
    };
    let is_own = |strategy: &&Strategy| name.subject.is_some_and(|subject| strategy.is(subject));
    if let Some(own) = strategies.iter().find(is_own) {
        return Some(of_one(own));
    }
    name.modules().find_map(|module| {
        let around = |strategy: &&Strategy| path::is_within(&module, &strategy.module);
        let nearest = strategies.iter().filter(around);
        let length = nearest
            .clone()
            .map(|strategy| strategy.module.len())
            .max()?;
        let mut nearest = nearest.filter(|strategy| strategy.module.len() == length);
        let first = of_one(nearest.next()?);
        // Several in one module: their functions cannot be told apart.
        Some(nearest.fold(first, |owner, other| Owner {
            name: format!("{} or {}", owner.name, other.name),
            model: None,
        }))
    })
}

fn part(
    owner: Owner,
    models: &BTreeSet<&str>,
    name: &Name<'_>,
    text: &str,
    role: Role,
) -> Option<Part> {
    // A model's type may be an argument of another's: the longer one is meant.
    let named = models
        .iter()
        .filter(|model| path::mentions(text, model))
        .max_by_key(|model| model.len());
    let model = named.map(|model| (*model).to_owned()).or(owner.model);
    if model
        .as_deref()
        .is_some_and(|model| model.contains(COUNTING))
    {
        return None;
    }
    let form = |segment: &Segment<'_>| {
        let arguments = path::arguments(segment.arguments);
        let others = arguments
            .filter(|argument| !argument.starts_with(INSTRUCTIONS) && !models.contains(argument));
        others.map(String::from).collect::<Vec<_>>()
    };
    let subject = name.subject.map(path::segments).unwrap_or_default();
    let of_subject = subject.last().map(|segment| segment.name.to_owned());
    let arguments = subject.iter().chain(&name.segments).flat_map(form);
    let form: Vec<String> = of_subject.into_iter().chain(arguments).collect();
    Some(Part {
        strategy: owner.name,
        model: model.as_deref().map(path::kebab),
        role,
        form: form.join(" "),
    })
}
