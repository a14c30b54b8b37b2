//! Module `_dis`: what the Python part of `dis` needs of code objects and the opcode table.

use super::builder::ModuleBuilder;
use crate::Vm;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::types::bytes::Bytes;
use crate::types::code::Code;
use ceval_bytecode::opcode::COMPARE_OPERATORS;
use ceval_bytecode::{CodeObject, HAVE_ARGUMENT, Instructions, Opcode, Operand};

/// A code object that has nothing but its bytes.
fn bare(code: Vec<u8>) -> CodeObject {
    CodeObject {
        name: String::new(),
        filename: String::new(),
        firstlineno: 0,
        argcount: 0,
        posonlyargcount: 0,
        kwonlyargcount: 0,
        nlocals: 0,
        stacksize: 0,
        flags: 0,
        code,
        lnotab: Vec::new(),
        consts: Vec::new(),
        names: Vec::new(),
        varnames: Vec::new(),
        freevars: Vec::new(),
        cellvars: Vec::new(),
    }
}

/// `instructions(code_or_bytes)`: tuples (opname, opcode, arg, argval, argrepr, offset, line if a
/// new one starts, is jump target).
fn instructions<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "instructions")?;
    if let Some(code) = v.get::<Code<M>>() {
        let object = code.object.clone();
        return list_instructions(vm, &object, Some(code));
    }
    match v.get::<Bytes>() {
        Some(b) => list_instructions(vm, &bare(b.data.to_vec()), None),
        None => Err(vm.raise_type_error("a code object or bytes is required")),
    }
}

fn list_instructions<M: ObjectModel>(
    vm: &mut Vm<M>,
    object: &CodeObject,
    code: Option<&Code<M>>,
) -> Res<V<M>> {
    vm.holding(|vm| {
        let mut out = Vec::new();
        for i in Instructions::new(object) {
            let none = V::<M>::none;
            let arg = i.arg.map_or_else(none, |a| vm.new_int(i64::from(a)));
            let (mut value, mut text) = (arg.clone(), i.argrepr(object));
            let operand = i.opcode.map_or(Operand::None, Opcode::operand);
            let index = i.arg.unwrap_or(0) as usize;
            match operand {
                Operand::Const => match code.and_then(|c| c.consts.get(index)) {
                    Some(c) => {
                        value = c.clone();
                        text = vm.repr_text(c)?;
                    }
                    None => text = index.to_string(),
                },
                Operand::Name | Operand::Local | Operand::Free | Operand::Compare => {
                    let known = code.is_some() || operand == Operand::Compare;
                    if known {
                        value = vm.new_str(text.clone());
                    }
                }
                Operand::JumpRelative => {
                    value = vm.new_int(i64::from(i.next_offset) + index as i64);
                }
                _ => {}
            }
            let name = vm.new_str(i.opname().into_owned());
            let items = vec![
                name,
                vm.new_int(i64::from(i.byte)),
                arg,
                value,
                vm.new_str(text),
                vm.new_int(i64::from(i.offset)),
                i.starts_line
                    .map_or_else(none, |l| vm.new_int(i64::from(l))),
                V::<M>::bool(i.is_jump_target),
            ];
            let item = vm.new_tuple(items);
            out.push(item);
        }
        Ok(vm.new_list(out))
    })
}

/// `linestarts(code)`: pairs (offset, line).
fn linestarts<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "linestarts")?;
    let Some(code) = v.get::<Code<M>>() else {
        return Err(vm.raise_type_error("a code object is required"));
    };
    let mut out = Vec::new();
    for (offset, line) in code.object.line_starts() {
        let pair = vec![vm.new_int(i64::from(offset)), vm.new_int(i64::from(line))];
        out.push(vm.new_tuple(pair));
    }
    Ok(vm.new_list(out))
}

/// `labels(bytes)`: jump targets, in the order of the jumps.
fn labels<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "labels")?;
    let Some(b) = v.get::<Bytes>() else {
        return Err(vm.raise_type_error("bytes are required"));
    };
    let code = bare(b.data.to_vec());
    let mut labels = Vec::new();
    for i in Instructions::new(&code) {
        // Operands are read without their EXTENDED_ARG, as `dis` does.
        let arg = u32::from(i.raw_arg.unwrap_or(0));
        let label = match i.opcode.map(Opcode::operand) {
            Some(Operand::JumpRelative) => i.next_offset + arg,
            Some(Operand::JumpAbsolute) => arg,
            _ => continue,
        };
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    let items = labels
        .into_iter()
        .map(|l| vm.new_int(i64::from(l)))
        .collect();
    Ok(vm.new_list(items))
}

/// `flags(co_flags)`: the names of the flags, comma-separated.
fn flags<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "flags")?;
    let flags = v.as_int().and_then(|i| i.to_i64()).unwrap_or(0);
    Ok(vm.new_str(ceval_bytecode::dis::pretty_flags(flags as u32)))
}

/// `stack_effect(opcode[, oparg])`.
fn stack_effect<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [opcode, arg] = args.parse(vm, "stack_effect", ["", ""], 1)?;
    let number = |v: Option<V<M>>| {
        v.filter(|v| !v.is_none())
            .and_then(|v| v.as_int().and_then(|i| i.to_i64()))
    };
    let (opcode, arg) = (number(opcode).unwrap_or(-1), number(arg));
    let takes_argument = opcode >= i64::from(HAVE_ARGUMENT);
    if takes_argument && arg.is_none() {
        let m = "stack_effect: opcode requires oparg but oparg was not specified";
        return Err(vm.raise_value_error(m));
    }
    if !takes_argument && arg.is_some() {
        let m = "stack_effect: opcode does not permit oparg but oparg was specified";
        return Err(vm.raise_value_error(m));
    }
    let effect = u8::try_from(opcode)
        .ok()
        .and_then(Opcode::from_u8)
        .and_then(|o| o.stack_effect(arg.unwrap_or(0) as u32));
    match effect {
        Some(n) => Ok(vm.new_int(i64::from(n))),
        None => Err(vm.raise_value_error("invalid opcode or oparg")),
    }
}

/// The opcode table: tuples (name, number, kind of operand).
fn table<M: ObjectModel>(vm: &mut Vm<M>) -> V<M> {
    let mut out = Vec::new();
    for &o in Opcode::ALL.iter().filter(|o| !o.is_extension()) {
        let kind = match o.operand() {
            Operand::Const => "const",
            Operand::Name => "name",
            Operand::Local => "local",
            Operand::Free => "free",
            Operand::JumpRelative => "jrel",
            Operand::JumpAbsolute => "jabs",
            Operand::Compare => "compare",
            Operand::ArgCount => "nargs",
            Operand::None | Operand::Number => "",
        };
        let items = vec![vm.new_str(o.name()), vm.new_int(o as i64), vm.new_str(kind)];
        out.push(vm.new_tuple(items));
    }
    vm.new_list(out)
}

/// Makes the module.
pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
    Ok(ModuleBuilder::new(vm, "_dis")
        .function("instructions", instructions::<M>)
        .function("linestarts", linestarts::<M>)
        .function("labels", labels::<M>)
        .function("flags", flags::<M>)
        .function("stack_effect", stack_effect::<M>)
        .constant("table", table)
        .constant("cmp_op", |vm| {
            let items = COMPARE_OPERATORS.map(|o| vm.new_str(o));
            vm.new_tuple(items)
        })
        .done())
}
