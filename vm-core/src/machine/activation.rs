//! Pushing and popping activations: the part of calls and returns that every strategy inlines.
//!
//! With `regs.rs` this is the only file that writes the frame stack. The frame pointer moves
//! between the sentinel below the first frame and the place that the depth limit allows
//! (`depth_limit` never exceeds [`super::stacks::MAX_FRAMES`]).

use super::frame::{BlockKind, Frame, OnReturn};
use super::regs::Regs;
use super::vm::Vm;
use crate::dispatch::Flow;
use crate::instr::cache::CacheEntry;
use crate::object::{ObjectModel, V, Value, ValueCell};
use crate::types::cell::CellObject;
use crate::types::code::Linked;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::tuple::Tuple;
use std::cell::Cell;

/// What a simple call needs of its function. The function, which owns it all, stands below its arguments.
pub struct SimpleCall<'a, M: ObjectModel> {
    linked: &'a Linked<M>,
    globals: *const Dict<M>,
    defaults: &'a [V<M>],
    cells: &'a [V<M>],
}

/// The items of the tuple in a place; none without a tuple.
#[inline(always)]
fn items_in<M: ObjectModel>(place: &ValueCell<M>) -> &[V<M>] {
    let tuple = place.load_borrowed();
    let items = tuple
        .get::<Tuple<M>>()
        .map_or(&[][..], |t| t.items.as_slice());
    // SAFETY: the place owns the tuple, whose items never change, and nothing writes to the place of a
    // function between the test for a simple call and the entry.
    unsafe { std::slice::from_raw_parts(items.as_ptr(), items.len()) }
}

impl<M: ObjectModel> Vm<M> {
    /// The running activation. There must be one.
    #[inline(always)]
    pub fn frame(&self) -> &Frame<M> {
        // SAFETY: called while code runs, so `frame` points at the top of the frame stack.
        unsafe { &*self.frame }
    }

    /// The running activation, to be changed.
    #[inline(always)]
    pub fn frame_mut(&mut self) -> &mut Frame<M> {
        // SAFETY: as in `frame`; `&mut self` makes the borrow unique.
        unsafe { &mut *self.frame }
    }

    /// The running code.
    #[inline(always)]
    pub fn linked(&self) -> &Linked<M> {
        // SAFETY: the function below the frame owns the code object, which owns its linked form.
        unsafe { &*self.frame().linked }
    }

    /// The `ip` that the running activation saved before it called native code, which it keeps while
    /// an activation that the native code enters is on top of it. Null where none runs.
    pub fn saved_ip(&self) -> *const u8 {
        if self.depth_frames == 0 {
            std::ptr::null()
        } else {
            self.frame().ip
        }
    }

    /// Saves the registers where unwinding, collection and native code find them.
    #[inline(always)]
    pub fn save(&mut self, r: &Regs<M>) {
        self.sp = r.sp;
        self.frame_mut().ip = r.ip;
    }

    /// An inline cache of the running code.
    #[inline(always)]
    pub fn cache(&self, index: u32) -> &Cell<CacheEntry> {
        // SAFETY: the link pass numbers caches below the length of the code's cache table.
        unsafe { &*self.caches.add(index as usize) }
    }

    /// A constant of the running code.
    #[inline(always)]
    pub fn const_at(&self, index: u32) -> V<M> {
        // SAFETY: the verifier has checked constant operands against the code's constants.
        unsafe { (*self.consts.add(index as usize)).clone() }
    }

    /// A name of the running code, interned.
    #[inline(always)]
    pub fn name(&self, index: u32) -> V<M> {
        // SAFETY: the verifier has checked name operands against the code's name table.
        unsafe { (*self.names.add(index as usize)).clone() }
    }

    /// The bits of a name of the running code.
    #[inline(always)]
    pub fn name_bits(&self, index: u32) -> u64 {
        // SAFETY: as in `name`.
        unsafe { (*self.names.add(index as usize)).bits() }
    }

    /// The running code's globals.
    #[inline(always)]
    pub fn globals<'a>(&self) -> &'a Dict<M> {
        // SAFETY: the function below the frame owns the dict; handlers use it within one instruction.
        unsafe { &*self.frame().globals }
    }

    /// The dict of module `builtins`.
    #[inline(always)]
    pub fn builtins<'a>(&self) -> &'a Dict<M> {
        // SAFETY: set at start to the builtins dict, which the interpreter owns.
        unsafe { &*self.builtins_dict }
    }

    /// The frame slot of the first cell.
    #[inline(always)]
    pub fn first_cell(&self) -> u32 {
        self.linked().nlocals
    }

    /// A cell of the running frame.
    #[inline(always)]
    pub fn cell_at<'a>(&self, r: &'a Regs<M>, index: u32) -> &'a CellObject<M> {
        r.local(self.first_cell() + index)
            .get::<CellObject<M>>()
            .expect("cell slots hold cells")
    }

    /// Makes `linked` the running code of the registers' tables.
    #[inline(always)]
    fn load_tables(&mut self, linked: &Linked<M>) {
        self.consts = linked.consts;
        self.names = linked.names;
        self.caches = linked.caches.as_ptr();
    }

    /// What a call of `function` with `argc` words at `fp` needs, if the call is simple: no keywords, as
    /// many arguments as parameters or defaults for the last ones, room on the stacks.
    #[inline(always)]
    pub fn simple_call<'a>(
        &self,
        function: &'a Function<M>,
        fp: *mut V<M>,
        argc: usize,
    ) -> Option<SimpleCall<'a, M>> {
        let wanted = function.entry.get().simple_argcount as usize;
        let mut defaults: &[V<M>] = &[];
        if wanted != argc {
            // No call of a function without simple calls has enough defaults.
            let all = items_in(&function.defaults);
            let first = all.len().checked_sub(wanted.checked_sub(argc)?)?;
            defaults = &all[first..];
        }
        let linked = self.roomy_entry(function, fp)?;
        let cells = match linked.nfree as usize {
            0 => &[],
            n => items_in(&function.closure).get(..n)?,
        };
        Some(SimpleCall {
            linked,
            globals: function.globals_dict(),
            defaults,
            cells,
        })
    }

    /// The linked code of a function with simple calls, if there is room for its frame at `fp` and
    /// nothing waits for a safepoint.
    #[inline(always)]
    fn roomy_entry<'a>(&self, function: &'a Function<M>, fp: *mut V<M>) -> Option<&'a Linked<M>> {
        if self.depth >= self.depth_limit || self.wants_safepoint() {
            return None;
        }
        // SAFETY: the callers have seen a `simple_argcount`, which is only set together with `linked`; the
        // function owns the code.
        let linked = unsafe { &*function.entry.get().linked };
        if fp.wrapping_add(linked.frame_size as usize) > self.stack_limit {
            return None;
        }
        Some(linked)
    }

    /// Calls the function below `argc` arguments, if it has just so many parameters and no free
    /// variables, and the call is simple: what keeps to few registers.
    #[inline(always)]
    pub fn try_call_exact(&mut self, r: &mut Regs<M>, argc: usize) -> Flow {
        if argc > 255 {
            return Flow::Slow;
        }
        let callee = r.peek_borrowed(argc);
        let Some(function) = callee.get_exact::<Function<M>>() else {
            return Flow::Slow;
        };
        let entry = function.entry.get();
        if entry.exact_argcount as usize != argc {
            return Flow::Slow;
        }
        let fp = r.sp.wrapping_sub(argc);
        let Some(linked) = self.roomy_entry(function, fp) else {
            return Flow::Slow;
        };
        let end = fp.wrapping_add(linked.nlocals as usize);
        let mut sp = r.sp;
        while sp < end {
            // SAFETY: below `frame_size`, which `roomy_entry` has checked against the stack's limit.
            unsafe { sp.write(V::<M>::null()) };
            sp = sp.wrapping_add(1);
        }
        self.push_frame(r.ip, fp, linked, entry.globals, OnReturn::Push);
        r.ip = linked.entry;
        r.fp = fp;
        r.sp = sp;
        Flow::Next
    }

    /// Enters a function whose first `argc` locals stand at `fp`.
    #[inline(always)]
    pub fn enter_simple(
        &mut self,
        r: &mut Regs<M>,
        call: SimpleCall<'_, M>,
        fp: *mut V<M>,
        argc: usize,
        on_return: OnReturn,
        extra: V<M>,
    ) {
        let linked = call.linked;
        let mut sp = fp.wrapping_add(argc);
        for v in call.defaults {
            // SAFETY: below `frame_size`, which `simple_call` has checked against the stack's limit.
            unsafe { sp.write(v.clone()) };
            sp = sp.wrapping_add(1);
        }
        let cells = fp.wrapping_add(linked.nlocals as usize);
        while sp < cells {
            // SAFETY: as above.
            unsafe { sp.write(V::<M>::null()) };
            sp = sp.wrapping_add(1);
        }
        for cell in call.cells {
            // SAFETY: as above; the size counts the cells.
            unsafe { sp.write(cell.clone()) };
            sp = sp.wrapping_add(1);
        }
        self.push_frame(r.ip, fp, linked, call.globals, on_return);
        if on_return == OnReturn::Init {
            self.frame_mut().extra = extra;
        } else {
            std::mem::forget(extra);
        }
        r.ip = linked.entry;
        r.fp = fp;
        r.sp = sp;
    }

    /// Calls the function below `argc` arguments if the call is simple.
    #[inline(always)]
    pub fn try_call_simple(&mut self, r: &mut Regs<M>, argc: usize) -> Flow {
        let callee = r.peek_borrowed(argc);
        let Some(function) = callee.get_exact::<Function<M>>() else {
            return Flow::Slow;
        };
        let fp = r.sp.wrapping_sub(argc);
        let Some(call) = self.simple_call(function, fp, argc) else {
            return Flow::Slow;
        };
        self.enter_simple(r, call, fp, argc, OnReturn::Push, V::<M>::null());
        Flow::Next
    }

    /// Writes a new activation on top of the frame stack and makes its code the running one.
    #[inline(always)]
    pub fn push_frame(
        &mut self,
        caller_ip: *const u8,
        fp: *mut V<M>,
        linked: &Linked<M>,
        globals: *const Dict<M>,
        on_return: OnReturn,
    ) {
        let block_base = self.stacks.blocks.len() as u32;
        // SAFETY: the caller has checked the depth limit, which is below the frame stack's capacity.
        // The first frame has the sentinel below it, which is not written.
        unsafe {
            if self.depth_frames != 0 {
                (*self.frame).ip = caller_ip;
            }
            self.frame = self.frame.wrapping_add(1);
            self.frame.write(Frame {
                ip: linked.entry,
                fp,
                linked,
                globals,
                generator: V::<M>::null(),
                extra: V::<M>::null(),
                rare: None,
                block_base,
                resume_arg: 0,
                on_return,
            });
        }
        self.depth_frames += 1;
        self.depth += 1;
        self.load_tables(linked);
    }

    /// Returns the top of the stack to the caller if that is simple: the caller is in this loop, nothing
    /// else hangs on the frame but loops, and every word of it is easy to drop.
    #[inline(always)]
    pub fn try_return(&mut self, r: &mut Regs<M>) -> Flow {
        let frame = self.frame();
        let is_init = frame.on_return == OnReturn::Init;
        if !(is_init && r.peek(0).is_none() || frame.on_return == OnReturn::Push)
            || frame.rare.is_some()
        {
            return Flow::Slow;
        }
        let base = frame.block_base as usize;
        if self.stacks.blocks.len() != base && !self.has_only_loops(base) {
            return Flow::Slow;
        }
        let fp = frame.fp;
        if !M::TRACED {
            // The frame's words are dead, so each can be dropped as it is found easy; one that is
            // not leaves the rest to the full part, which finds the absent value in the others.
            // SAFETY: the words from the function below the frame up to the result are the frame's.
            unsafe {
                let mut p = fp.sub(1);
                let end = r.sp.sub(1);
                while p < end {
                    if !(*p).is_easy() {
                        return Flow::Slow;
                    }
                    std::mem::replace(&mut *p, V::<M>::null()).drop_easy();
                    p = p.add(1);
                }
            }
        }
        let mut result = r.pop();
        if is_init {
            // None needs no drop.
            std::mem::forget(result);
            result = std::mem::replace(&mut self.frame_mut().extra, V::<M>::null());
        }
        self.stacks.blocks.truncate(base);
        // SAFETY: `fp[-1]` is the function's slot; its word was dropped above or needs no drop.
        unsafe { fp.sub(1).write(result) };
        self.pop_frame(r, fp);
        Flow::Next
    }

    /// Whether every block from `base` up is a loop's, which a return leaves without ado.
    #[inline(always)]
    pub fn has_only_loops(&self, base: usize) -> bool {
        let blocks = self.stacks.blocks.get(base..).unwrap_or(&[]);
        blocks.iter().all(|b| b.kind == BlockKind::Loop)
    }

    /// Leaves the top activation: its words are gone but for the result, which stands at `fp[-1]`.
    #[inline(always)]
    pub fn pop_frame(&mut self, r: &mut Regs<M>, fp: *mut V<M>) {
        self.drop_frame();
        let caller = self.frame();
        r.ip = caller.ip;
        r.fp = caller.fp;
        r.sp = fp;
        // SAFETY: as in `linked`.
        let linked = unsafe { &*caller.linked };
        self.load_tables(linked);
    }

    /// Takes the top activation off the frame stack.
    #[inline(always)]
    pub fn drop_frame(&mut self) {
        self.frame = self.frame.wrapping_sub(1);
        self.depth_frames -= 1;
        self.depth -= 1;
    }

    /// Makes the code of the top activation the running one again, if there is an activation.
    pub fn reload_tables(&mut self) {
        if self.depth_frames != 0 {
            // SAFETY: as in `linked`.
            let linked = unsafe { &*self.frame().linked };
            self.load_tables(linked);
        }
    }

    /// The activation `below` frames under the top; `None` past the first.
    pub fn frame_at(&self, below: usize) -> Option<&Frame<M>> {
        if below >= self.depth_frames {
            return None;
        }
        // SAFETY: the frames from the top down to the first are live.
        Some(unsafe { &*self.frame.wrapping_sub(below) })
    }

    /// As [`Vm::frame_at`], to be changed.
    pub fn frame_at_mut(&mut self, below: usize) -> Option<&mut Frame<M>> {
        if below >= self.depth_frames {
            return None;
        }
        // SAFETY: as in `frame_at`; `&mut self` makes the borrow unique.
        Some(unsafe { &mut *self.frame.wrapping_sub(below) })
    }

    /// The function that an activation runs.
    pub fn function_of(&self, frame: &Frame<M>) -> V<M> {
        // SAFETY: a frame's function stands below its first local.
        unsafe { (*frame.fp.sub(1)).clone() }
    }

    /// A word of an activation: local, cell or operand.
    pub fn frame_word(&self, frame: &Frame<M>, slot: u32) -> V<M> {
        // SAFETY: callers pass slots of locals and cells, which are initialised while the frame lives.
        unsafe { (*frame.fp.add(slot as usize)).clone() }
    }
}
