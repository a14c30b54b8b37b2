//! Native functions whose common calls are done inline: `len`, `isinstance`, `list.append`, `list.pop`.
//!
//! A native function says which inline form its calls have ([`Shortcut`]); what the form does not cover goes the way
//! of every call. The full handlers know nothing of it.

use super::regs::Regs;
use super::vm::Vm;
use crate::dispatch::Flow;
use crate::object::{Kind, ObjectModel, V, Value};
use crate::types::builtin::{Builtin, MethodDescriptor};
use crate::types::class::Type;
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::str::Str;
use crate::types::tuple::{self, Tuple};

/// The inline form of a native function's calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Shortcut {
    /// None.
    Absent,
    /// `len(x)` of an exact built-in container.
    Len,
    /// `isinstance(x, class)` where no hook can have a say.
    IsInstance,
    /// `list.append` without growing the memory.
    ListAppend,
    /// `list.pop` of the last item.
    ListPop,
}

impl Shortcut {
    /// Of a function of module `builtins`.
    pub fn of_function(name: &str) -> Shortcut {
        match name {
            "len" => Shortcut::Len,
            "isinstance" => Shortcut::IsInstance,
            _ => Shortcut::Absent,
        }
    }

    /// Of a method of the built-in class of a kind.
    pub fn of_method(class: Kind, name: &str) -> Shortcut {
        match (class, name) {
            (Kind::List, "append") => Shortcut::ListAppend,
            (Kind::List, "pop") => Shortcut::ListPop,
            _ => Shortcut::Absent,
        }
    }
}

impl<M: ObjectModel> Vm<M> {
    /// Calls the native function below `argc` arguments inline, if it has a form for them.
    #[inline(always)]
    pub fn try_function_shortcut(&mut self, r: &mut Regs<M>, argc: usize) -> Flow {
        let callee = r.peek_borrowed(argc);
        let Some(b) = callee.get_exact::<Builtin<M>>() else {
            return Flow::Slow;
        };
        match b.shortcut {
            Shortcut::Len if argc == 1 => {
                let Some(n) = length_of::<M>(r.peek(0)) else {
                    return Flow::Slow;
                };
                if !r.peek(0).is_easy() || !callee.is_easy() {
                    return Flow::Slow;
                }
                let Some(n) = self.try_int(n as i64) else {
                    return Flow::Slow;
                };
                Regs::<M>::drop_easy(r.pop());
                Regs::<M>::drop_easy(r.swap(0, n));
                Flow::Next
            }
            Shortcut::IsInstance if argc == 2 => {
                let Some(is) = self.certain_instance(r.peek(1), r.peek(0)) else {
                    return Flow::Slow;
                };
                if !r.peek(0).is_easy() || !r.peek(1).is_easy() || !callee.is_easy() {
                    return Flow::Slow;
                }
                Regs::<M>::drop_easy(r.pop());
                Regs::<M>::drop_easy(r.pop());
                Regs::<M>::drop_easy(r.swap(0, V::<M>::bool(is)));
                Flow::Next
            }
            _ => Flow::Slow,
        }
    }

    /// Calls the native method below `argc` arguments (the receiver counts) inline, if it has a form for them.
    #[inline(always)]
    pub fn try_method_shortcut(&mut self, r: &mut Regs<M>, argc: usize) -> Flow {
        let callee = r.peek_borrowed(argc);
        let Some(d) = callee.get_exact::<MethodDescriptor<M>>() else {
            return Flow::Slow;
        };
        match d.shortcut {
            Shortcut::ListAppend if argc == 2 => {
                let receiver = r.peek_borrowed(1);
                let Some(list) = receiver.get_exact::<List<M>>() else {
                    return Flow::Slow;
                };
                let Ok(mut items) = list.items.try_borrow_mut() else {
                    return Flow::Slow;
                };
                if items.len() == items.capacity() || !receiver.is_easy() || !callee.is_easy() {
                    return Flow::Slow;
                }
                // There is room, but `push` would be a call.
                let at = items.len();
                // SAFETY: below the capacity, as just tested; the item is written before it counts.
                unsafe {
                    items.as_mut_ptr().add(at).write(r.pop());
                    items.set_len(at + 1);
                }
                drop(items);
                Regs::<M>::drop_easy(r.pop());
                Regs::<M>::drop_easy(r.swap(0, V::<M>::none()));
                Flow::Next
            }
            Shortcut::ListPop if argc == 1 => {
                let receiver = r.peek_borrowed(0);
                let Some(list) = receiver.get_exact::<List<M>>() else {
                    return Flow::Slow;
                };
                let Ok(mut items) = list.items.try_borrow_mut() else {
                    return Flow::Slow;
                };
                if !receiver.is_easy() || !callee.is_easy() {
                    return Flow::Slow;
                }
                let Some(last) = items.pop() else {
                    return Flow::Slow;
                };
                drop(items);
                Regs::<M>::drop_easy(r.pop());
                Regs::<M>::drop_easy(r.swap(0, last));
                Flow::Next
            }
            _ => Flow::Slow,
        }
    }

    /// `isinstance(v, class)` where that is certain without a look at `v.__class__`: the class's class is
    /// `type`, and `v`'s class derives from it or is a built-in one.
    #[inline(always)]
    fn certain_instance(&self, v: &V<M>, class: &V<M>) -> Option<bool> {
        class.get_exact::<Type<M>>()?;
        let own = &self.class_entry(v.tag().class()).object;
        if own.is(class) {
            return Some(true);
        }
        let own = own.get::<Type<M>>()?;
        let mro = own.mro.load_borrowed();
        let found = tuple::items::<M>(&mro).iter().any(|c| c.is(class));
        if !found && own.is_heap {
            return None;
        }
        Some(found)
    }
}

/// The length of an exact built-in container.
#[inline(always)]
fn length_of<M: ObjectModel>(v: &V<M>) -> Option<usize> {
    if let Some(list) = v.get_exact::<List<M>>() {
        return Some(list.items.try_borrow().ok()?.len());
    }
    if let Some(tuple) = v.get_exact::<Tuple<M>>() {
        return Some(tuple.items.len());
    }
    if let Some(text) = v.get_exact::<Str>() {
        return Some(text.len());
    }
    if let Some(dict) = v.get_exact::<Dict<M>>() {
        return Some(dict.table.len());
    }
    None
}
