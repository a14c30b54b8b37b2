//! Calls and returns in full: every kind of callee on the stack, every way to return.

use super::errors::Exc;
use super::frame::{BlockKind, OnReturn, Rare};
use super::regs::Regs;
use super::unwind::Why;
use super::vm::Vm;
use crate::dispatch::Flow;
use crate::object::{Args, Kind, ObjectModel, Res, Tag, V, Value, ValueCell};
use crate::types::builtin::{Builtin, MethodDescriptor};
use crate::types::cell::CellObject;
use crate::types::code::Linked;
use crate::types::function::{CallEntry, Function};
use crate::types::generator::{
    Activation, AsyncGenerator, Coroutine, Generator, GeneratorState, Suspended,
};
use crate::types::method::Method;
use crate::types::tuple;
use ceval_bytecode::flags;
use smallvec::SmallVec;
use std::cell::{Cell, RefCell};

impl<M: ObjectModel> Vm<M> {
    /// Calls the value below `argc` positional arguments and `kwargs` name-value pairs on the stack.
    /// Python functions go on in the same loop.
    pub fn call_on_stack(&mut self, r: &mut Regs<M>, argc: usize, kwargs: usize) -> Res<Flow> {
        let words = argc + 2 * kwargs;
        // The slot keeps its reference while native code runs.
        let callee = r.peek_borrowed(words);
        self.sp = r.sp;
        let all = r.top_slice(words);
        let args = Args {
            pos: &all[..argc],
            kw: &all[argc..],
        };
        let result = match callee.kind() {
            Kind::Function => return self.enter_function(r, argc, kwargs, OnReturn::Push),
            Kind::Builtin => match callee.get::<Builtin<M>>() {
                Some(b) if b.receiver.is_null() => (b.function)(self, args)?,
                _ => self.call(&callee, args)?,
            },
            Kind::MethodDescriptor => match (callee.get::<MethodDescriptor<M>>(), args.pos.first())
            {
                // The receiver's own class defines the method, so it needs no further check.
                (Some(d), Some(v)) if self.class_entry(v.tag().class()).object.is(&d.owner) => {
                    (d.function)(self, args)?
                }
                _ => self.call(&callee, args)?,
            },
            Kind::Method => {
                let method = (*callee).clone();
                if let Some(m) = method.get::<Method<M>>() {
                    drop(r.swap(words, m.function.clone()));
                    r.open_gap(words, m.receiver.clone());
                    return self.call_on_stack(r, argc + 1, kwargs);
                }
                self.call(&method, args)?
            }
            Kind::Type if callee.has_tag(Tag::exact(Kind::Type)) => {
                let class = (*callee).clone();
                if let Some(flow) = self.instantiate(r, &class, argc, kwargs)? {
                    return Ok(flow);
                }
                self.call(&class, args)?
            }
            Kind::Instance => {
                let object = (*callee).clone();
                if let Some(method) = self.call_method_of(&object) {
                    drop(r.swap(words, method));
                    r.open_gap(words, object);
                    return self.enter_function(r, argc + 1, kwargs, OnReturn::Push);
                }
                self.call(&object, args)?
            }
            _ => self.call(&callee, args)?,
        };
        r.drop_top(words);
        drop(r.swap(0, result));
        Ok(Flow::Next)
    }

    /// Calls the Python function below its arguments: binds them, and pushes a frame or makes a generator.
    pub fn enter_function(
        &mut self,
        r: &mut Regs<M>,
        argc: usize,
        kwargs: usize,
        on_return: OnReturn,
    ) -> Res<Flow> {
        let words = argc + 2 * kwargs;
        let callee = r.peek(words).clone();
        let Some(function) = callee.get::<Function<M>>() else {
            return Err(self.raise(Exc::SystemError, "not a function"));
        };
        let linked = self.link_function(function)?;
        // SAFETY: `link_function` gives the linked form that the function's code object owns; `callee`
        // and then the stack keep the function alive.
        let linked = unsafe { &*linked };
        if self.depth >= self.depth_limit {
            self.depth += 1;
            return Err(self.raise_recursion(""));
        }
        let fp = r.sp.wrapping_sub(words);
        if fp.wrapping_add(linked.frame_size as usize) > self.stack_limit {
            self.depth += 1;
            return Err(self.raise_recursion(""));
        }
        if kwargs == 0 && argc == linked.argcount as usize && linked.is_plain_signature {
            for _ in argc..linked.nlocals as usize {
                r.push(V::<M>::null());
            }
        } else if linked.is_plain_signature
            && let Some(rest) = bind_plain(function, linked, argc, r.top_slice(2 * kwargs))
        {
            r.drop_top(2 * kwargs);
            for v in rest {
                r.push(v);
            }
            for _ in linked.argcount..linked.nlocals {
                r.push(V::<M>::null());
            }
        } else if kwargs == 0
            && argc >= linked.argcount as usize
            && linked.kwonlyargcount == 0
            && linked.flags & flags::CO_VARARGS != 0
        {
            // Only `*args` is to be made, of what stands above the parameters, and an empty `**kwargs`.
            let rest = argc - linked.argcount as usize;
            let tuple = self.new_tuple(tuple::shared_items::<M>(r.top_slice(rest)));
            r.drop_top(rest);
            r.push(tuple);
            let mut bound = linked.argcount + 1;
            if linked.flags & flags::CO_VARKEYWORDS != 0 {
                let dict = self.new_dict();
                r.push(dict);
                bound += 1;
            }
            for _ in bound..linked.nlocals {
                r.push(V::<M>::null());
            }
        } else {
            self.sp = r.sp;
            let all = r.top_slice(words);
            let args = Args {
                pos: &all[..argc],
                kw: &all[argc..],
            };
            let locals = self.bind_arguments(function, linked, args)?;
            r.drop_top(words);
            for v in locals {
                r.push(v);
            }
        }
        self.make_cells(r, fp, linked, function);
        if linked.flags & (flags::CO_GENERATOR | flags::CO_COROUTINE | flags::CO_ASYNC_GENERATOR)
            != 0
        {
            let count = (linked.nlocals + linked.nderefs) as usize;
            let mut words = Vec::with_capacity(linked.frame_size as usize);
            r.pop_onto_reserved(&mut words, count);
            let generator = self.new_generator(&callee, function, linked, words);
            drop(r.swap(0, generator));
            if on_return == OnReturn::Init {
                let m = "__init__() should return None, not 'generator'";
                return Err(self.raise_type_error(m));
            }
            if on_return != OnReturn::Push {
                // Native code called: what it gets is the generator itself.
                self.returned = r.pop();
                return Ok(Flow::Stop);
            }
            return Ok(Flow::Next);
        }
        self.push_frame(r.ip, fp, linked, function.globals_dict(), on_return);
        r.ip = linked.entry;
        r.fp = fp;
        Ok(Flow::Next)
    }

    /// Pushes the cells of a frame whose locals stand at `fp`: new ones, with the argument inside where
    /// a parameter is a cell, and the function's free variables.
    fn make_cells(
        &mut self,
        r: &mut Regs<M>,
        fp: *mut V<M>,
        linked: &crate::types::code::Linked<M>,
        function: &Function<M>,
    ) {
        let _ = fp;
        let own = (linked.nderefs - linked.nfree) as usize;
        for i in 0..own {
            let contents = match linked.cell_arguments[i] {
                Some(slot) => {
                    let depth = linked.nlocals as usize + i - slot as usize - 1;
                    r.swap(depth, V::<M>::null())
                }
                None => V::<M>::null(),
            };
            let cell = self.new_cell(contents);
            r.push(cell);
        }
        let closure = function.closure.load();
        let free = closure.get::<crate::types::tuple::Tuple<M>>();
        for i in 0..linked.nfree as usize {
            let cell = free.and_then(|t| t.items.get(i).cloned());
            let cell = match cell {
                Some(c) => c,
                None => self.new_cell(V::<M>::null()),
            };
            r.push(cell);
        }
    }

    fn new_generator(
        &mut self,
        callee: &V<M>,
        function: &Function<M>,
        linked: &crate::types::code::Linked<M>,
        words: Vec<V<M>>,
    ) -> V<M> {
        let code_flags = linked.flags;
        let a = Activation {
            function: callee.clone(),
            code: linked,
            globals: function.globals_dict(),
            name: ValueCell::new(function.name.load()),
            qualname: ValueCell::new(function.qualname.load()),
            state: Cell::new(GeneratorState::Created),
            suspended: RefCell::new(Suspended {
                words,
                blocks: Vec::new(),
                resume: 0,
            }),
            handled: ValueCell::empty(),
            frame: ValueCell::empty(),
            yield_from: ValueCell::empty(),
        };
        if code_flags & flags::CO_COROUTINE != 0 {
            self.alloc(Coroutine(a))
        } else if code_flags & flags::CO_ASYNC_GENERATOR != 0 {
            self.alloc(AsyncGenerator(a))
        } else {
            self.alloc(Generator(a))
        }
    }

    /// `RETURN_VALUE`: through `finally` clauses if there are any.
    pub fn return_value(&mut self, r: &mut Regs<M>, v: V<M>) -> Res<Flow> {
        let base = self.frame().block_base as usize;
        if !self.has_only_loops(base) {
            return self.unwind_for(r, Why::Return(v));
        }
        self.stacks.blocks.truncate(base);
        self.finish_return(r, v)
    }

    /// Ends the top activation with a result.
    pub fn finish_return(&mut self, r: &mut Regs<M>, v: V<M>) -> Res<Flow> {
        let on_return = self.frame().on_return;
        let is_simple = match on_return {
            OnReturn::Push => true,
            OnReturn::Init => v.is_none(),
            OnReturn::Binary => !v.is_not_implemented(),
            _ => false,
        };
        if is_simple && self.frame().rare.is_none() {
            let v = if on_return == OnReturn::Init {
                std::mem::replace(&mut self.frame_mut().extra, V::<M>::null())
            } else {
                v
            };
            let fp = self.frame().fp;
            let depth = (r.sp as usize - fp as usize) / size_of::<V<M>>();
            r.drop_top(depth);
            if on_return == OnReturn::Binary {
                r.drop_top(2);
            }
            drop(r.swap(0, v));
            let sp = r.sp;
            self.pop_frame(r, sp);
            return Ok(Flow::Next);
        }
        let resume_arg = self.frame().resume_arg;
        if on_return.is_generator() {
            self.finish_generator();
        }
        let extra = std::mem::replace(&mut self.frame_mut().extra, V::<M>::null());
        let nothing_raised = self.raised.is_null();
        debug_assert!(nothing_raised);
        self.discard_frame(r);
        match on_return {
            OnReturn::Push => r.push(v),
            OnReturn::Leave | OnReturn::LeaveGenerator => {
                self.returned = v;
                return Ok(Flow::Stop);
            }
            OnReturn::Init => {
                if !v.is_none() {
                    self.save(r);
                    let m = format!(
                        "__init__() should return None, not '{}'",
                        self.type_name(&v)
                    );
                    return Err(self.raise_type_error(m));
                }
                r.push(extra);
            }
            OnReturn::ForIter => {
                drop(r.pop());
                r.jump_by(self.dispatcher.unit_size, resume_arg);
            }
            OnReturn::YieldFrom => drop(r.swap(0, v)),
            OnReturn::Binary => self.finish_binary(r, resume_arg, v)?,
            OnReturn::With => {
                self.push_block(r, BlockKind::Finally, resume_arg);
                r.push(v);
            }
        }
        Ok(Flow::Next)
    }

    /// Drops the top activation with all its words and the function below it. The registers become the
    /// caller's, with the function's slot gone; for an entry frame only `sp` is meaningful.
    pub fn discard_frame(&mut self, r: &mut Regs<M>) {
        let fp = self.frame().fp;
        self.keep_locals_for_frame_object(r);
        let depth = (r.sp as usize - fp as usize) / size_of::<V<M>>();
        r.drop_top(depth);
        let frame = self.frame_mut();
        let generator = std::mem::replace(&mut frame.generator, V::<M>::null());
        let extra = std::mem::replace(&mut frame.extra, V::<M>::null());
        let rare = frame.rare.take();
        let base = frame.block_base as usize;
        self.stacks.blocks.truncate(base);
        let entry = matches!(
            self.frame().on_return,
            OnReturn::Leave | OnReturn::LeaveGenerator
        );
        let function = r.pop();
        if entry {
            self.drop_frame();
            self.sp = r.sp;
        } else {
            let sp = r.sp;
            self.pop_frame(r, fp);
            r.sp = sp;
        }
        drop((generator, extra, function));
        if let Some(rare) = rare {
            self.recycle_rare(rare);
        }
    }

    /// Makes sure that a function's code is linked, and gives the linked form.
    pub fn link_function(
        &mut self,
        function: &Function<M>,
    ) -> Res<*const crate::types::code::Linked<M>> {
        let entry = function.entry.get();
        if !entry.linked.is_null() {
            return Ok(entry.linked);
        }
        let code = function.code.load();
        let Some(body) = code.get::<crate::types::code::Code<M>>() else {
            return Err(self.raise(Exc::SystemError, "function without code"));
        };
        let linked = self.link(body)?;
        // SAFETY: just given by `link`, owned by the code object.
        let l = unsafe { &*linked };
        let closure = function.closure.load_borrowed();
        function
            .entry
            .set(CallEntry::of(l, &closure, function.globals_dict()));
        Ok(linked)
    }

    /// Pushes a function and its arguments above everything live and gives registers for a run.
    fn registers_for(&mut self, function: &V<M>, args: Args<'_, M>) -> Res<Regs<M>> {
        let words = args.pos.len() + args.kw.len();
        if self.sp.wrapping_add(words + 1) > self.stack_limit {
            self.depth += 1;
            return Err(self.raise_recursion(""));
        }
        // SAFETY: `sp` is the first free word and there is room, as just checked.
        let mut r = unsafe { Regs::new(self.saved_ip(), self.sp, self.sp) };
        r.push(function.clone());
        for v in args.pos.iter().chain(args.kw) {
            r.push(v.clone());
        }
        Ok(r)
    }

    /// Calls a Python function from native code and runs the loop until it returns. A generator
    /// function gives its generator without running.
    pub fn call_function(&mut self, function: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
        self.run_function(function, args, V::<M>::null())
    }

    /// Runs a function whose code has a namespace of its own: a class body, a module, `exec`.
    pub fn run_function(
        &mut self,
        function: &V<M>,
        args: Args<'_, M>,
        namespace: V<M>,
    ) -> Res<V<M>> {
        let sp = self.sp;
        let mut r = self.registers_for(function, args)?;
        self.native_depth += 1;
        let entered = if self.native_depth > super::stacks::MAX_NATIVE {
            self.depth += 1;
            Err(self.raise_recursion(" while calling a Python object"))
        } else {
            self.enter_function(&mut r, args.pos.len(), args.kw_count(), OnReturn::Leave)
        };
        let result = match entered {
            Ok(Flow::Stop) => {
                // A generator: nothing runs.
                Ok(std::mem::replace(&mut self.returned, V::<M>::null()))
            }
            Ok(_) => {
                if !namespace.is_null() {
                    self.frame_mut().rare = Some(Box::new(Rare {
                        namespace,
                        object: V::<M>::null(),
                    }));
                }
                self.run_loop(r)
            }
            Err(e) => {
                let depth = (r.sp as usize - sp as usize) / size_of::<V<M>>();
                r.drop_top(depth);
                Err(e)
            }
        };
        self.native_depth -= 1;
        self.sp = sp;
        self.reload_tables();
        result
    }

    /// Runs the dispatcher until the entry frame on top is left; its result, or what it raised.
    pub fn run_loop(&mut self, r: Regs<M>) -> Res<V<M>> {
        self.returned = V::<M>::null();
        let run = self.dispatcher.run;
        // SAFETY: `r` are the registers of the frame just entered, whose code this machine's
        // dispatcher linked.
        unsafe { run(self, r) };
        if self.raised.is_null() {
            Ok(std::mem::replace(&mut self.returned, V::<M>::null()))
        } else {
            Err(crate::object::Raised)
        }
    }

    /// CALL_FUNCTION_VAR and its kin: `*args` and `**kwargs` above the other arguments.
    pub fn call_unpacking(
        &mut self,
        r: &mut Regs<M>,
        shape: u32,
        star: bool,
        double: bool,
    ) -> Res<Flow> {
        let (argc, kwargs) = ((shape & 0xff) as usize, (shape >> 8 & 0xff) as usize);
        let extra = usize::from(star) + usize::from(double);
        let words = argc + 2 * kwargs + extra;
        let callee = r.peek(words).clone();
        let all = r.top_slice(words);
        // 3.5 pushes `*args` after the positional arguments, then the keywords, then `**kwargs`.
        let first_kw = argc + usize::from(star);
        let mut pos: Vec<V<M>> = all[..argc].to_vec();
        let mut kw: Vec<V<M>> = all[first_kw..first_kw + 2 * kwargs].to_vec();
        self.opaque_natives += 1;
        let unpacked = self.unpack_call(
            &callee,
            star.then(|| &all[argc]),
            double.then(|| &all[words - 1]),
            &mut pos,
            &mut kw,
        );
        self.opaque_natives -= 1;
        unpacked?;
        r.drop_top(words);
        let (argc, kwargs) = (pos.len(), kw.len() / 2);
        if r.sp.wrapping_add(argc + kw.len() + 1) > self.stack_limit {
            self.depth += 1;
            return Err(self.raise_recursion(""));
        }
        for v in pos.into_iter().chain(kw) {
            r.push(v);
        }
        self.call_on_stack(r, argc, kwargs)
    }

    fn unpack_call(
        &mut self,
        callee: &V<M>,
        star: Option<&V<M>>,
        double: Option<&V<M>>,
        pos: &mut Vec<V<M>>,
        kw: &mut Vec<V<M>>,
    ) -> Res<()> {
        if let Some(kwargs) = double {
            let merged = self.new_dict();
            self.merge_keywords(callee, &merged, kwargs)?;
            let entries = merged
                .get::<crate::types::dict::Dict<M>>()
                .map(|d| d.table.items())
                .unwrap_or_default();
            for (_, key, value) in entries {
                if kw
                    .chunks_exact(2)
                    .any(|p| p[0].is(&key) || self.text_of(&p[0]) == self.text_of(&key))
                {
                    let f = self.callee_text(callee);
                    let k = self.text_of(&key);
                    return Err(self.raise_type_error(format!(
                        "{f} got multiple values for keyword argument '{k}'"
                    )));
                }
                let key = self.intern_value(&key);
                kw.extend([key, value]);
            }
        }
        if let Some(args) = star {
            if self.slots(args).iter.is_none() && self.slots(args).getitem.is_none() {
                let f = self.callee_text(callee);
                let t = self.type_name(args);
                return Err(self.raise_type_error(format!(
                    "{f} argument after * must be a sequence, not {t}"
                )));
            }
            let mut items = self.collect_iter(args)?;
            pos.append(&mut items);
        }
        Ok(())
    }

    /// How messages about a call name the callee: `f()`, `C object` (`PyEval_GetFuncName`).
    pub fn callee_text(&mut self, callee: &V<M>) -> String {
        if let Some(f) = callee.get::<Function<M>>() {
            return format!("{}()", self.text_of(&f.name.load()));
        }
        if let Some(b) = callee.get::<Builtin<M>>() {
            return format!("{}()", b.name);
        }
        if let Some(m) = callee.get::<Method<M>>() {
            let f = m.function.clone();
            return self.callee_text(&f);
        }
        format!("{} object", self.type_name(callee))
    }

    /// MAKE_FUNCTION and MAKE_CLOSURE.
    pub fn make_function(&mut self, r: &mut Regs<M>, shape: u32, closure: bool) -> Res<Flow> {
        let (defaults, kwdefaults, annotations) = (
            (shape & 0xff) as usize,
            (shape >> 8 & 0xff) as usize,
            (shape >> 16 & 0x7fff) as usize,
        );
        let qualname = r.pop();
        let code = r.pop();
        let closure = if closure { r.pop() } else { V::<M>::null() };
        if !closure.is_null() && !is_closure_of::<M>(&closure, &code) {
            let m = "a closure that is not a tuple of the code's cells";
            return Err(self.raise(Exc::SystemError, m));
        }
        let function = self.new_function(&code, self.frame_globals(), &qualname, closure)?;
        let f = function.get::<Function<M>>().expect("just made");
        if annotations > 0 {
            let names = r.pop();
            let values = r.pop_vec(annotations - 1);
            let table = crate::types::table::Table::default();
            if let Some(names) = names.get::<crate::types::tuple::Tuple<M>>() {
                for (name, value) in names.items.iter().zip(values) {
                    table.insert_str(name.clone(), self.str_hash(name), value);
                }
            }
            let dict = self.new_dict_with(table);
            f.annotations.set(dict);
        }
        if kwdefaults > 0 {
            let pairs = r.pop_vec(2 * kwdefaults);
            let table = crate::types::table::Table::default();
            for pair in pairs.chunks_exact(2) {
                table.insert_str(pair[0].clone(), self.str_hash(&pair[0]), pair[1].clone());
            }
            let dict = self.new_dict_with(table);
            f.kwdefaults.set(dict);
        }
        if defaults > 0 {
            let values = r.pop_vec(defaults);
            let tuple = self.new_tuple(values);
            f.defaults.set(tuple);
        }
        r.push(function);
        Ok(Flow::Next)
    }

    /// A new function. `closure` may be absent.
    pub fn new_function(
        &mut self,
        code: &V<M>,
        globals: V<M>,
        qualname: &V<M>,
        closure: V<M>,
    ) -> Res<V<M>> {
        let Some(body) = code.get::<crate::types::code::Code<M>>() else {
            return Err(self.raise_type_error("function code must be a code object"));
        };
        let name = body.name.clone();
        // The docstring is the first constant of a function's code.
        let doc = match body.consts.first() {
            Some(c)
                if c.get::<crate::types::str::Str>().is_some()
                    && body.object.flags & flags::CO_NEWLOCALS != 0 =>
            {
                c.clone()
            }
            _ => V::<M>::none(),
        };
        // Code that has run is linked, so that a comprehension is called in short.
        let entry = match body.linked.get() {
            Some(l) => {
                let dict = globals.get::<crate::types::dict::Dict<M>>();
                CallEntry::of(
                    l,
                    &closure,
                    dict.map_or(std::ptr::null(), std::ptr::from_ref),
                )
            }
            None => CallEntry::UNLINKED,
        };
        let module_name = self.names_once.name.clone();
        let module = match globals.get::<crate::types::dict::Dict<M>>() {
            Some(d) => d.table.get_str(&module_name, self.str_hash(&module_name)),
            None => None,
        };
        Ok(self.alloc(Function {
            code: ValueCell::new(code.clone()),
            globals,
            name: ValueCell::new(name),
            qualname: ValueCell::new(qualname.clone()),
            defaults: ValueCell::empty(),
            kwdefaults: ValueCell::empty(),
            closure: ValueCell::new(closure),
            doc: ValueCell::new(doc),
            dict: ValueCell::empty(),
            annotations: ValueCell::empty(),
            module: ValueCell::new(module.unwrap_or_else(V::<M>::none)),
            entry: Cell::new(entry),
        }))
    }
}

/// The parameters behind `argc` positional arguments, from name-value pairs and defaults. `None` where
/// that takes more than comparing names by identity, or where it is an error.
fn bind_plain<M: ObjectModel>(
    function: &Function<M>,
    linked: &Linked<M>,
    argc: usize,
    pairs: &[V<M>],
) -> Option<SmallVec<[V<M>; 8]>> {
    let argcount = linked.argcount as usize;
    let names = linked
        .parameter_names()
        .get(argc.max(linked.posonlyargcount as usize)..argcount)?;
    let defaults = function.defaults.load();
    let defaults = tuple::items::<M>(&defaults);
    let mut bound = SmallVec::new();
    let mut used = 0;
    for i in argc..argcount {
        let given = (i + names.len()).checked_sub(argcount).and_then(|n| {
            let mut pairs = pairs.chunks_exact(2);
            pairs.find(|p| p[0].is(&names[n]))
        });
        bound.push(match given {
            Some(pair) => {
                used += 1;
                pair[1].clone()
            }
            None => defaults[(i + defaults.len()).checked_sub(argcount)?..]
                .first()?
                .clone(),
        });
    }
    // A pair that was not used names no parameter, one that has its argument, or none by identity.
    (2 * used == pairs.len()).then_some(bound)
}

/// Whether a value is what a function of this code can have as its closure.
fn is_closure_of<M: ObjectModel>(closure: &V<M>, code: &V<M>) -> bool {
    let free = code
        .get::<crate::types::code::Code<M>>()
        .map(|c| c.object.freevars.len());
    closure
        .get::<crate::types::tuple::Tuple<M>>()
        .is_some_and(|t| {
            free.is_none_or(|n| n == t.items.len())
                && t.items.iter().all(|c| c.get::<CellObject<M>>().is_some())
        })
}
