//! Reads what `objdump --disassemble` prints, for x86-64 (AT&T) and AArch64.
//!
//! Called by [`super::witness`]. Only what the instructions do to control and to the stack is looked at.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{self, BufRead};

use super::{Group, Role};

/// What an instruction does to control or the stack, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind<'a> {
    IndirectCall,
    IndirectJump,
    /// To the symbol named, which may be this function itself.
    DirectJump(&'a str),
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
    let target = || operands.split_once('<').map_or("", |(_, symbol)| symbol);
    match name {
        // A call through the table of imported functions names its place relative to `%rip`.
        "call" | "callq" if operands.starts_with('*') && !operands.contains("(%rip)") => {
            Kind::IndirectCall
        }
        "jmp" | "jmpq" if operands.starts_with('*') && !operands.contains("(%rip)") => {
            Kind::IndirectJump
        }
        "jmp" | "jmpq" if operands.starts_with('*') => Kind::ImportedJump,
        "jmp" | "jmpq" | "b" => Kind::DirectJump(target()),
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

/// The strategy and role of a symbol, if it has one. Both manglings write a path as lengths and names.
pub(super) fn role_of(symbol: &str) -> Option<(&'static str, Role)> {
    if symbol.contains("drop_in_place") {
        return None;
    }
    if let Some((_, path)) = symbol.split_once("ceval_dispatch_threaded") {
        let is_closure = symbol.contains("$u7b$$u7b$closure")
            || symbol.contains("_NC")
            || symbol.contains("NCI");
        let found = match path {
            p if p.starts_with("4tail7handler") => Some(("tail", Role::Handler)),
            p if p.starts_with("4tail4slow") => Some(("tail", Role::Slow)),
            p if p.starts_with("7closure7code_of") && is_closure => {
                Some(("closure", Role::Handler))
            }
            p if p.starts_with("7closure4slow") => Some(("closure", Role::Slow)),
            p if p.starts_with("12closure_loop7code_of") && is_closure => {
                Some(("closure-loop", Role::Handler))
            }
            p if p.starts_with("4call7handler") => Some(("call", Role::Handler)),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    // Legacy: `…$LT$ceval_dispatch_switch..Switch$u20$as$u20$…3run17h…`; v0: `…21ceval_dispatch_switch6Switch…3run`.
    let runs = symbol.contains("3run17h") || symbol.ends_with("3run");
    if !runs {
        return None;
    }
    let types = [
        ("ceval_dispatch_switch..Switch$", "switch"),
        ("ceval_dispatch_switch6Switch", "switch"),
        ("ceval_dispatch_switch..Oracle$", "oracle"),
        ("ceval_dispatch_switch6Oracle", "oracle"),
        ("call..Call$", "call"),
        ("4call4Call", "call"),
        ("closure_loop..ClosureLoop$", "closure-loop"),
        ("12closure_loop11ClosureLoop", "closure-loop"),
    ];
    types
        .iter()
        .find(|(mark, _)| symbol.contains(mark))
        .map(|&(_, strategy)| (strategy, Role::Loop))
}

/// One function while it is read.
#[derive(Default)]
struct Function {
    symbol: String,
    start: u64,
    /// Address of the last instruction that is no padding has been seen; its end is the next address.
    end: u64,
    open: bool,
    indirect_jumps: usize,
    indirect_calls: usize,
    stack_stores: usize,
    pushes: usize,
    to_slow: bool,
    to_others: bool,
    pending: Option<String>,
    stray: Vec<String>,
    /// Addresses that it calls or jumps to.
    targets: Vec<u64>,
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
            let hexadecimal = |word: Option<&str>| u64::from_str_radix(word?, 16).ok();
            if let (Some(offset), Some(target)) = (hexadecimal(offset), hexadecimal(target)) {
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
        let address = |word: &str| u64::from_str_radix(word, 16).ok();
        match operands.split_once('#') {
            Some((_, place)) => {
                let place = address(place.split_whitespace().next()?)?;
                self.0.get(&place).copied()
            }
            None => address(operands.split_whitespace().next()?),
        }
    }
}

impl Function {
    fn instruction(&mut self, address: u64, text: &str, role: Role) {
        if self.open {
            self.end = address;
        }
        let kind = kind(text);
        self.open = kind != Kind::Padding;
        match kind {
            Kind::IndirectCall => {
                self.indirect_calls += 1;
                self.pending = Some(text.trim().to_owned());
            }
            Kind::IndirectJump => {
                self.indirect_jumps += 1;
                self.pending = None;
            }
            Kind::DirectJump(target) => {
                let target = target.trim_end_matches('>');
                let name = target.split('+').next().unwrap_or_default();
                if !name.is_empty() && name != self.symbol {
                    let is_slow = matches!(role_of(name), Some((_, Role::Slow)));
                    self.to_slow |= is_slow;
                    self.to_others |= !is_slow;
                }
                self.pending = None;
            }
            Kind::ImportedJump => {
                self.to_slow = true;
                self.pending = None;
            }
            // An indirect call that nothing follows but the return should have been a jump.
            Kind::Return => {
                if let Some(call) = self.pending.take()
                    && role == Role::Slow
                {
                    self.stray.push(format!("{}: {call}", self.symbol));
                }
            }
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
        if role == Role::Handler && kind == Kind::IndirectCall {
            self.stray.push(format!("{}: {}", self.symbol, text.trim()));
        }
    }
}

/// Reads a disassembly and sums up the functions of strategies; gives the number of other functions that call the probe too.
///
/// # Errors
/// What the stream says.
pub fn read(listing: impl BufRead, imports: &Imports) -> io::Result<(Vec<Group>, usize)> {
    let mut functions: BTreeMap<(&'static str, Role), Vec<Function>> = BTreeMap::new();
    let mut current: Option<((&'static str, Role), Function)> = None;
    let mut listing = listing;
    // Addresses of the probe, and what functions without a role call: number of the function and address.
    let (mut probes, mut others) = (HashSet::new(), Vec::new());
    let mut number = 0;
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if listing.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        // Symbols of other languages may be no text.
        let line = String::from_utf8_lossy(&bytes);
        let line = line.trim_end();
        if let Some((address, symbol)) = heading(line) {
            if let Some((key, mut done)) = current.take() {
                if done.open {
                    done.end = address;
                }
                functions.entry(key).or_default().push(done);
            }
            number += 1;
            if symbol.contains("attend_probe") {
                probes.insert(address);
            }
            current = role_of(symbol).map(|key| {
                let function = Function {
                    symbol: symbol.to_owned(),
                    start: address,
                    end: address,
                    ..Function::default()
                };
                (key, function)
            });
            continue;
        }
        let Some((address, text)) = line.split_once(":\t") else {
            continue;
        };
        let target = imports.target(text);
        let Some((key, function)) = &mut current else {
            others.extend(target.map(|target| (number, target)));
            continue;
        };
        function.targets.extend(target);
        if let Ok(address) = u64::from_str_radix(address.trim(), 16) {
            function.instruction(address, text, key.1);
        }
    }
    if let Some((key, done)) = current {
        functions.entry(key).or_default().push(done);
    }
    let probed: HashSet<usize> = others
        .into_iter()
        .filter(|(_, target)| probes.contains(target))
        .map(|(number, _)| number)
        .collect();
    for function in functions.values_mut().flatten() {
        let calls = function.targets.iter().filter(|t| probes.contains(t));
        function.probe_calls = calls.count();
    }
    let groups = functions
        .into_iter()
        .map(|((strategy, role), list)| sum(strategy, role, list));
    Ok((groups.collect(), probed.len()))
}

/// `0000000000401000 <symbol>:`.
fn heading(line: &str) -> Option<(u64, &str)> {
    let (address, symbol) = line.strip_suffix(">:")?.split_once(" <")?;
    Some((u64::from_str_radix(address, 16).ok()?, symbol))
}

fn sum(strategy: &str, role: Role, functions: Vec<Function>) -> Group {
    let mut sizes: Vec<u64> = functions.iter().map(|f| f.end - f.start).collect();
    sizes.sort_unstable();
    let total = |number: fn(&Function) -> usize| functions.iter().map(number).sum();
    let count =
        |is: fn(&Function) -> bool| functions.iter().filter(|function| is(function)).count();
    // Only where the next handler is reached by a jump is a call astray.
    let threaded = matches!(strategy, "tail" | "closure");
    Group {
        strategy: strategy.to_owned(),
        role,
        functions: functions.len(),
        median_bytes: sizes.get(sizes.len() / 2).copied().unwrap_or(0),
        largest_bytes: sizes.last().copied().unwrap_or(0),
        indirect_jumps: total(|f| f.indirect_jumps),
        indirect_calls: total(|f| f.indirect_calls),
        own_jump: count(|f| f.indirect_jumps > 0),
        only_slow: count(|f| f.indirect_jumps == 0 && f.to_slow && !f.to_others),
        shared_jump: count(|f| f.indirect_jumps == 0 && f.to_others),
        stack_stores: total(|f| f.stack_stores),
        pushes: total(|f| f.pushes),
        probe_calls: total(|f| f.probe_calls),
        with_frame: count(|f| f.stack_stores + f.pushes > 0),
        stray_calls: if threaded {
            functions.into_iter().flat_map(|f| f.stray).collect()
        } else {
            Vec::new()
        },
    }
}
