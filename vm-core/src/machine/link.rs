//! Linking: from a code object to units of the cell's dispatch strategy.

use super::errors::Exc;
use super::vm::Vm;
use crate::instr::cache::{CacheEntry, add_caches};
use crate::instr::decode::decode;
use crate::instr::fuse::fuse;
use crate::instr::verify::verify;
use crate::object::{ObjectModel, Res, V, Value};
use crate::types::code::{Code, Linked};
use ceval_bytecode::{CodeObject, Constant, flags};
use std::cell::{Cell, OnceCell};
use std::sync::Arc;

impl<M: ObjectModel> Vm<M> {
    /// A code object as a value, with its constants and names.
    pub fn new_code(&mut self, object: Arc<CodeObject>) -> V<M> {
        let consts = object.consts.iter().map(|c| self.constant(c)).collect();
        let names = object.names.iter().map(|n| self.intern(n)).collect();
        let varnames = object.varnames.iter().map(|n| self.intern(n)).collect();
        let derefs = object
            .cellvars
            .iter()
            .chain(&object.freevars)
            .map(|n| self.intern(n))
            .collect();
        let name = self.intern(&object.name);
        self.alloc(Code {
            object,
            consts,
            names,
            name,
            varnames,
            derefs,
            linked: OnceCell::new(),
        })
    }

    /// A constant as a value. Strings that look like names are interned, as CPython does.
    pub fn constant(&mut self, constant: &Constant) -> V<M> {
        match constant {
            Constant::None => V::<M>::none(),
            Constant::True => V::<M>::bool(true),
            Constant::False => V::<M>::bool(false),
            Constant::Ellipsis => V::<M>::ellipsis(),
            Constant::Int(i) => self.new_big(i.clone()),
            Constant::Float(f) => self.new_float(*f),
            Constant::Complex(re, im) => self.new_complex(*re, *im),
            Constant::Str(s) => {
                let v = self.new_text(s.clone());
                let is_name = s
                    .as_bytes()
                    .iter()
                    .all(|c| c.is_ascii_alphanumeric() || *c == b'_');
                if is_name { self.intern_value(&v) } else { v }
            }
            Constant::Bytes(b) => self.new_bytes(b.clone()),
            Constant::Tuple(items) => {
                let items: Vec<V<M>> = items.iter().map(|c| self.constant(c)).collect();
                self.new_tuple(items)
            }
            Constant::FrozenSet(items) => {
                let table = crate::types::table::Table::default();
                for c in items {
                    let v = self.constant(c);
                    // Constants hash and compare without running code.
                    if let Ok(hash) = self.hash(&v) {
                        let _ = table.insert(self, v, hash, V::<M>::null());
                    }
                }
                self.new_frozenset_with(table)
            }
            Constant::Code(c) => self.new_code(c.clone()),
        }
    }

    /// The linked form of a code object, made on first use: decode, verify, passes, strategy.
    pub fn link(&mut self, code: &Code<M>) -> Res<*const Linked<M>> {
        if let Some(l) = code.linked.get() {
            return Ok(&raw const **l);
        }
        let object = &code.object;
        let checked =
            decode(object).and_then(|mut d| verify(object, &mut d).map(|depth| (d, depth)));
        let (decoded, depth) = match checked {
            Ok(x) => x,
            Err(e) => return Err(self.raise(Exc::SystemError, e.to_string())),
        };
        let mut instructions = decoded.instructions;
        let mut cache_count = 0;
        let mut method_loads = 0;
        if self.options.caches {
            cache_count = add_caches(&mut instructions, &decoded.is_target);
            method_loads = instructions
                .iter()
                .filter(|i| i.op == crate::instr::InstrOp::LoadMethod)
                .count() as u32;
        }
        if self.options.superinstructions {
            fuse(&mut instructions);
        }
        let units = (self.dispatcher.link)(&instructions);
        self.probe
            .add_code(object, units.base(), &instructions, &decoded.offsets);
        let ncells = object.cellvars.len() as u32;
        let nfree = object.freevars.len() as u32;
        let nderefs = ncells + nfree;
        let parameters = (object.argcount + object.kwonlyargcount) as usize
            + usize::from(object.flags & flags::CO_VARARGS != 0)
            + usize::from(object.flags & flags::CO_VARKEYWORDS != 0);
        let cell_arguments = object
            .cellvars
            .iter()
            .map(|c| {
                object.varnames[..parameters.min(object.varnames.len())]
                    .iter()
                    .position(|v| v == c)
                    .map(|i| i as u32)
            })
            .collect();
        let linked = Linked {
            entry: units.base(),
            units,
            instructions: instructions.into(),
            offsets: decoded.offsets.into(),
            lines: OnceCell::new(),
            caches: (0..cache_count.max(1))
                .map(|_| Cell::new(CacheEntry::default()))
                .collect(),
            consts: code.consts.as_ptr(),
            names: code.names.as_ptr(),
            code: std::ptr::from_ref(code),
            nlocals: object.nlocals,
            nderefs,
            nfree,
            // A method load pushes one word more than the attribute load it replaces.
            frame_size: object.nlocals + nderefs + depth + method_loads,
            argcount: object.argcount,
            kwonlyargcount: object.kwonlyargcount,
            posonlyargcount: object.posonlyargcount,
            flags: object.flags,
            is_plain_signature: object.kwonlyargcount == 0
                && object.flags & (flags::CO_VARARGS | flags::CO_VARKEYWORDS) == 0,
            cell_arguments,
        };
        let linked = code.linked.get_or_init(|| Box::new(linked));
        Ok(&raw const **linked)
    }
}
