//! Reads what `objdump --disassemble` prints, for x86-64 (AT&T) and AArch64.
//!
//! Called by [`super::witness`]. Only what the instructions do to control and to the stack is looked at.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, BufRead};
use std::rc::Rc;

use super::symbols::{Part, Symbols, demangled};
use super::{Group, Role, each_line, hexadecimal};

/// What an instruction does to control or the stack, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind<'a> {
    IndirectCall,
    IndirectJump,
    /// To that address in the symbol named, which may be this function itself.
    DirectJump(Option<u64>, &'a str),
    /// Through the table of imported functions, to the start of one of another codegen unit: a handler's slow path.
    ImportedJump,
    Return,
    /// Takes a stack frame down.
    Epilogue,
    StackStore,
    Push,
    /// Fills the space between functions.
    Padding,
    Other,
}

fn kind(text: &str) -> Kind<'_> {
    let (name, rest) = text
        .trim()
        .split_once(char::is_whitespace)
        .unwrap_or((text.trim(), ""));
    if matches!(name, "notrack" | "bnd") {
        return kind(rest);
    }
    let operands = rest.trim();
    match name {
        // A call through the table of imported functions names its place relative to `%rip`.
        "call" | "callq" if operands.starts_with('*') && !operands.contains("(%rip)") => {
            Kind::IndirectCall
        }
        "jmp" | "jmpq" if operands.starts_with('*') && !operands.contains("(%rip)") => {
            Kind::IndirectJump
        }
        "jmp" | "jmpq" if operands.starts_with('*') => Kind::ImportedJump,
        "jmp" | "jmpq" | "b" => {
            let (address, symbol) = place(operands);
            Kind::DirectJump(address, symbol)
        }
        "blr" => Kind::IndirectCall,
        "br" => Kind::IndirectJump,
        "ret" | "retq" => Kind::Return,
        "add" if operands.ends_with("%rsp") => Kind::Epilogue,
        "pop" | "popq" | "ldp" | "vzeroupper" => Kind::Epilogue,
        "push" | "pushq" => Kind::Push,
        "int3" | "nop" | "nopw" | "nopl" | "udf" | "xchg" if is_padding(name, operands) => {
            Kind::Padding
        }
        "data16" | "cs" => Kind::Padding,
        _ if name.starts_with("mov") && stores_at_stack(operands) => Kind::StackStore,
        "str" | "stp" | "stur" if operands.contains("[sp") => Kind::StackStore,
        _ => Kind::Other,
    }
}

/// The address that a branch goes to and the symbol that it is in: `401000 <symbol+0x10>` at the end of the operands.
fn place(operands: &str) -> (Option<u64>, &str) {
    let Some((address, symbol)) = operands.split_once('<') else {
        return (None, "");
    };
    let address = address.split_whitespace().last().and_then(hexadecimal);
    let symbol = symbol.trim_end_matches('>');
    (address, symbol.split('+').next().unwrap_or_default())
}

/// Whether an instruction is a branch, conditional or not, to that symbol at or before this address.
fn goes_back(text: &str, symbol: &str, address: u64) -> bool {
    let Some((name, operands)) = text.trim().split_once(char::is_whitespace) else {
        return false;
    };
    let branches = name.starts_with('j')
        || matches!(name, "b" | "cbz" | "cbnz" | "tbz" | "tbnz")
        || name.starts_with("b.");
    let (target, inside) = place(operands);
    branches && inside == symbol && target.is_some_and(|target| target <= address)
}

fn is_padding(name: &str, operands: &str) -> bool {
    name != "xchg" || operands == "%ax,%ax"
}

/// Whether the last operand is memory at the stack pointer.
fn stores_at_stack(operands: &str) -> bool {
    let destination = operands.split('#').next().unwrap_or_default().trim_end();
    destination.ends_with("(%rsp)")
        && destination
            .rsplit_once(',')
            .is_some_and(|(source, _)| !source.is_empty())
}

/// One function.
#[derive(Default)]
struct Function {
    symbol: String,
    start: u64,
    /// Address of the last instruction that is no padding has been seen; its end is the next address.
    end: u64,
    open: bool,
    indirect_jumps: usize,
    stack_stores: usize,
    pushes: usize,
    to_slow: bool,
    to_others: bool,
    /// Branches to an earlier place in itself.
    goes_back: bool,
    pending: Option<String>,
    indirect_calls: Vec<String>,
    /// Indirect calls that nothing follows but the return.
    last_calls: Vec<String>,
    probe_calls: usize,
}

/// Where the words of the table of imported functions lead. A function of another codegen unit is called through it.
#[derive(Debug, Default)]
pub struct Imports(HashMap<u64, u64>);

impl Imports {
    /// Reads what `objdump --dynamic-reloc` prints: `OFFSET TYPE *ABS*+0xADDRESS` a line, others being passed over.
    ///
    /// # Errors
    /// What the stream says.
    pub fn read(listing: impl BufRead) -> io::Result<Imports> {
        let mut found = HashMap::new();
        for line in listing.lines() {
            let line = line?;
            let mut words = line.split_whitespace();
            let (offset, target) = (words.next(), words.nth(1));
            let target = target.and_then(|t| t.strip_prefix("*ABS*+0x"));
            let (offset, target) = (offset.and_then(hexadecimal), target.and_then(hexadecimal));
            if let (Some(offset), Some(target)) = (offset, target) {
                found.insert(offset, target);
            }
        }
        Ok(Imports(found))
    }

    /// The address of the function that a call or jump goes to, by its symbol's address or through the table.
    fn target(&self, text: &str) -> Option<u64> {
        let (name, operands) = text.trim().split_once(char::is_whitespace)?;
        if !matches!(name, "call" | "callq" | "jmp" | "jmpq" | "b" | "bl") {
            return None;
        }
        match operands.split_once('#') {
            Some((_, place)) => {
                let place = hexadecimal(place.split_whitespace().next()?)?;
                self.0.get(&place).copied()
            }
            None => hexadecimal(operands.split_whitespace().next()?),
        }
    }
}

impl Function {
    fn instruction(&mut self, address: u64, text: &str, symbols: &Symbols) {
        if self.open {
            self.end = address;
        }
        let kind = kind(text);
        self.open = kind != Kind::Padding;
        self.goes_back |= goes_back(text, &self.symbol, address);
        match kind {
            Kind::IndirectCall => {
                self.indirect_calls.push(text.trim().to_owned());
                self.pending = Some(text.trim().to_owned());
            }
            Kind::IndirectJump => {
                self.indirect_jumps += 1;
                self.pending = None;
            }
            Kind::DirectJump(target, symbol) => {
                if !symbol.is_empty() && symbol != self.symbol {
                    let parts = target.map_or(&[][..], |target| symbols.parts(target));
                    let is_slow = parts.iter().any(|part| part.role == Role::Slow);
                    self.to_slow |= is_slow;
                    self.to_others |= !is_slow;
                }
                self.pending = None;
            }
            Kind::ImportedJump => {
                self.to_slow = true;
                self.pending = None;
            }
            // It should have been a jump.
            Kind::Return => self.last_calls.extend(self.pending.take()),
            Kind::StackStore => {
                self.stack_stores += 1;
                self.pending = None;
            }
            Kind::Push => {
                self.pushes += 1;
                self.pending = None;
            }
            Kind::Epilogue | Kind::Padding => {}
            Kind::Other => self.pending = None,
        }
    }

    /// Calls where a function of threaded code should jump.
    fn stray(&self, role: Role) -> impl Iterator<Item = String> {
        let calls = match role {
            Role::Loop => &[][..],
            Role::Handler => &self.indirect_calls,
            Role::Slow => &self.last_calls,
        };
        let name = if calls.is_empty() {
            String::new()
        } else {
            demangled(&self.symbol)
        };
        calls.iter().map(move |call| format!("{name}: {call}"))
    }

    /// Whether a `run` does the dispatching. That of threaded code only goes to the first handler.
    fn is_loop(&self) -> bool {
        self.goes_back || self.indirect_jumps + self.indirect_calls.len() > 1
    }
}

/// Functions by what they are; one that was folded is in several lists.
type Functions<'a> = BTreeMap<&'a Part, Vec<Rc<Function>>>;

/// Reads a disassembly and sums up the functions of strategies; gives the number of other functions that call the probe too.
///
/// # Errors
/// What the stream says.
pub fn read(
    listing: impl BufRead,
    symbols: &Symbols,
    imports: &Imports,
) -> io::Result<(Vec<Group>, usize)> {
    let mut functions = Functions::new();
    let mut others = 0;
    let mut current = Function::default();
    let mut keep = |done: Function| {
        let parts = symbols.parts(done.start);
        others += usize::from(parts.is_empty() && done.probe_calls > 0);
        let done = Rc::new(done);
        for part in parts {
            functions.entry(part).or_default().push(done.clone());
        }
    };
    each_line(listing, |line| {
        if let Some((address, symbol)) = heading(line) {
            let next = Function {
                symbol: symbol.to_owned(),
                start: address,
                end: address,
                ..Function::default()
            };
            let mut done = std::mem::replace(&mut current, next);
            if done.open {
                done.end = address;
            }
            keep(done);
            return;
        }
        let Some((address, text)) = line.split_once(":\t") else {
            return;
        };
        let target = imports.target(text);
        if target.is_some_and(|target| symbols.is_probe(target)) {
            current.probe_calls += 1;
        }
        if let Some(address) = hexadecimal(address.trim())
            && !symbols.parts(current.start).is_empty()
        {
            current.instruction(address, text, symbols);
        }
    })?;
    keep(current);
    let probed = others + set_probed_aside(&mut functions);
    Ok((groups(functions), probed))
}

/// A probed form may be the ordinary form's functions with another type argument, which then stand under the same names. Takes the
/// functions of such forms out, and gives the number of those that call the probe. Where no form is free of calls there is no
/// ordinary one, and they are left for all to see.
fn set_probed_aside(functions: &mut Functions<'_>) -> usize {
    let calls = |list: &[Rc<Function>]| list.iter().filter(|f| f.probe_calls > 0).count();
    let probed: BTreeSet<(&str, &str)> = functions
        .iter()
        .filter(|(_, list)| calls(list) > 0)
        .map(|(part, _)| (part.strategy.as_str(), part.form.as_str()))
        .collect();
    let is_probed = |part: &Part| probed.contains(&(part.strategy.as_str(), part.form.as_str()));
    let ordinary: BTreeSet<(&str, Role)> = functions
        .keys()
        .filter(|part| !is_probed(part))
        .map(|part| (part.strategy.as_str(), part.role))
        .collect();
    let mut aside = 0;
    functions.retain(|part, list| {
        // The older mangling has no values of arguments: `_` stands for both forms.
        if part.form.split(' ').any(|argument| argument == "_") {
            aside += calls(list);
            list.retain(|function| function.probe_calls == 0);
            return !list.is_empty();
        }
        let keep = !is_probed(part) || !ordinary.contains(&(part.strategy.as_str(), part.role));
        aside += if keep { 0 } else { calls(list) };
        keep
    });
    aside
}

fn groups(mut functions: Functions<'_>) -> Vec<Group> {
    functions.retain(|part, list| {
        if part.role == Role::Loop {
            list.retain(|function| function.is_loop());
        }
        !list.is_empty()
    });
    // Where there is a loop it is reached by a return; elsewhere the next handler is reached by a jump.
    let looping: BTreeSet<&str> = functions
        .keys()
        .filter(|part| part.role == Role::Loop)
        .map(|part| part.strategy.as_str())
        .collect();
    // The forms of a function are one row.
    let mut merged: BTreeMap<_, Vec<Rc<Function>>> = BTreeMap::new();
    for (part, list) in functions {
        let key = (&part.strategy, &part.model, part.role);
        merged.entry(key).or_default().extend(list);
    }
    merged
        .into_iter()
        .map(|((strategy, model, role), list)| Group {
            strategy: strategy.clone(),
            model: model.clone(),
            stray_calls: if looping.contains(strategy.as_str()) {
                Vec::new()
            } else {
                list.iter()
                    .flat_map(|function| function.stray(role))
                    .collect()
            },
            ..sum(role, &list)
        })
        .collect()
}

/// `0000000000401000 <symbol>:`.
fn heading(line: &str) -> Option<(u64, &str)> {
    let (address, symbol) = line.strip_suffix(">:")?.split_once(" <")?;
    Some((u64::from_str_radix(address, 16).ok()?, symbol))
}

/// The numbers of functions of one role.
fn sum(role: Role, functions: &[Rc<Function>]) -> Group {
    let mut sizes: Vec<u64> = functions.iter().map(|f| f.end - f.start).collect();
    sizes.sort_unstable();
    let total = |number: fn(&Function) -> usize| functions.iter().map(|f| number(f)).sum();
    let count = |is: fn(&Function) -> bool| functions.iter().filter(|f| is(f)).count();
    Group {
        strategy: String::new(),
        model: None,
        role,
        functions: functions.len(),
        median_bytes: sizes.get(sizes.len() / 2).copied().unwrap_or(0),
        largest_bytes: sizes.last().copied().unwrap_or(0),
        indirect_jumps: total(|f| f.indirect_jumps),
        indirect_calls: total(|f| f.indirect_calls.len()),
        own_jump: count(|f| f.indirect_jumps > 0),
        only_slow: count(|f| f.indirect_jumps == 0 && f.to_slow && !f.to_others),
        shared_jump: count(|f| f.indirect_jumps == 0 && f.to_others),
        stack_stores: total(|f| f.stack_stores),
        pushes: total(|f| f.pushes),
        probe_calls: total(|f| f.probe_calls),
        with_frame: count(|f| f.stack_stores + f.pushes > 0),
        stray_calls: Vec::new(),
    }
}
