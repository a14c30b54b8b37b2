//! The virtual machine: one interpreter (classes, modules, interned strings) and its thread's
//! state (stacks, current exception).
//!
//! Hot fields come first: handlers read them at constant offsets. Everything that belongs
//! to CPython's `PyInterpreterState` is in [`Interpreter`], what belongs to
//! `PyThreadState` in the machine itself, since one thread runs at a time (the GIL).

use super::frame::Frame;
use super::regs::Regs;
use super::stacks::Stacks;
use crate::dispatch::Dispatcher;
use crate::instr::cache::CacheEntry;
use crate::object::model::HeapOptions;
use crate::object::shape::Shapes;
use crate::object::{ClassId, ObjectModel, Slots, V};
use rustc_hash::FxHashMap;
use std::cell::Cell;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

/// How a machine is to be made.
pub struct VmOptions {
    /// Fuse instructions.
    pub superinstructions: bool,
    /// Inline caches and method pairing.
    pub caches: bool,
    /// Collect on pressure (see [`HeapOptions::collect`]).
    pub collect: bool,
    /// Collect at every safepoint.
    pub gc_stress: bool,
    /// `sys.argv`.
    pub argv: Vec<String>,
    /// Where `print` writes.
    pub stdout: Box<dyn Write>,
    /// Where tracebacks and warnings are written.
    pub stderr: Box<dyn Write>,
    /// `sys.path`: where `import` looks.
    pub path: Vec<String>,
    /// The source dialect for `exec`, `compile`, `import`.
    pub dialect: ceval_compiler::Dialect,
    /// Tell this of every dispatch; the dispatcher must be a probed one ([`Dispatcher::probed`]).
    pub probe: Option<crate::probe::Options>,
}

impl Default for VmOptions {
    fn default() -> Self {
        VmOptions {
            superinstructions: false,
            caches: false,
            collect: true,
            gc_stress: false,
            argv: Vec::new(),
            stdout: Box::new(std::io::stdout()),
            stderr: Box::new(std::io::stderr()),
            path: Vec::new(),
            dialect: ceval_compiler::Dialect::Default,
            probe: None,
        }
    }
}

/// An entry of the class table.
pub struct ClassEntry<M: ObjectModel> {
    /// The class object.
    pub object: V<M>,
    /// Its slots, inherited ones included.
    pub slots: Slots<M>,
}

/// See [`Vm::names_once`].
pub struct NamesOnce<M: ObjectModel> {
    /// `__init__`.
    pub init: V<M>,
    /// `__enter__`.
    pub enter: V<M>,
    /// `__exit__`.
    pub exit: V<M>,
    /// `__name__`.
    pub name: V<M>,
}

/// Makes a native module.
pub type MakeModule<M> = fn(&mut Vm<M>) -> crate::object::Res<V<M>>;

/// What belongs to the interpreter rather than to a thread.
pub struct Interpreter<M: ObjectModel> {
    /// Every class, by id. Ids below the number of kinds are the built-in classes'.
    pub classes: Vec<ClassEntry<M>>,
    /// Free ids in `classes`.
    pub free_classes: Vec<ClassId>,
    /// Interned strings by text.
    pub interned: FxHashMap<Box<[u8]>, V<M>>,
    /// `sys.modules`, a dict object.
    pub modules: V<M>,
    /// The dict of module `builtins`.
    pub builtins: V<M>,
    /// Objects made once: small boxed ints, the empty tuple, ...
    pub once: super::values::Once<M>,
    /// Classes of built-in exceptions and other native classes without a kind, by name.
    pub named_classes: FxHashMap<&'static str, ClassId>,
    /// Native modules not imported yet.
    pub native_modules: FxHashMap<&'static str, MakeModule<M>>,
    /// `sys.getrecursionlimit()`.
    pub recursion_limit: usize,
    /// Direct-mapped cache of MRO lookups: see `types/class/lookup.rs`.
    pub method_cache: Vec<crate::types::class::lookup::MethodCacheEntry>,
    /// Weak references by target.
    pub weakrefs: crate::types::weakref::Registry,
    /// `exec` or `eval` has been given a `__builtins__` of the program's own.
    pub has_own_builtins: bool,
    /// Files opened for writing, in models that do not see at once that one is let go.
    pub written_files: crate::modules::io::stream::WrittenFiles,
}

/// The machine. Create with [`Vm::new`].
pub struct Vm<M: ObjectModel> {
    /// Constants of the running code.
    pub consts: *const V<M>,
    /// What attribute sites with too many shapes know.
    pub megamorphic: super::megamorphic::MegamorphicCache,
    /// Inline caches of the running code.
    pub caches: *const Cell<CacheEntry>,
    /// Names of the running code.
    pub names: *const V<M>,
    /// The running activation.
    pub frame: *mut Frame<M>,
    /// The dict of module `builtins`, also owned by `interp.builtins`.
    pub builtins_dict: *const crate::types::dict::Dict<M>,
    /// First word that no live frame uses, as of the last full handler or native call.
    pub sp: *mut V<M>,
    /// The registers that the last full handler left.
    pub after_full: Regs<M>,
    /// End of the usable value stack.
    pub stack_limit: *mut V<M>,
    /// The heap.
    pub heap: M::Heap,
    /// Non-zero: something waits for the next safepoint (collection, finalizers, a signal).
    pub breaker: Arc<AtomicU32>,
    /// Python calls now active plus native re-entries, against the recursion limit.
    pub depth: usize,
    /// Activations on the frame stack.
    pub depth_frames: usize,
    /// `sys.getrecursionlimit()`, and for a while 50 more while a RecursionError is handled.
    pub depth_limit: usize,
    /// The dispatch strategy.
    pub dispatcher: Dispatcher<M>,
    /// Shapes of instances; source of version numbers.
    pub shapes: Shapes<M>,
    /// The stacks' memory.
    pub stacks: Stacks<M>,
    /// The exception being raised (`curexc_value`), or absent.
    pub raised: V<M>,
    /// The exception being handled (`exc_value`), or absent.
    pub handled: V<M>,
    /// The exception being raised already has the running frame in its traceback.
    pub traceback_is_complete: bool,
    /// Result of the last activation that left the loop.
    pub returned: V<M>,
    /// Native frames between here and the thread's start that hold values the collector cannot
    /// see; collection waits while there are any.
    pub opaque_natives: usize,
    /// Values that native code holds and shows to the collector ([`Vm::show`]).
    pub shown: Vec<V<M>>,
    /// Safepoints until the next forced switch: the GIL's check interval, counted down from 100.
    pub ticks: i32,
    /// Interpreter state.
    pub interp: Interpreter<M>,
    /// Options.
    pub options: VmOptions,
    /// Interned names that the machine itself looks up.
    pub names_once: NamesOnce<M>,
    /// A box without contents for the next frame that needs one.
    pub spare_rare: Option<Box<super::frame::Rare<M>>>,
    /// Nested runs of the loop, against the native stack's size.
    pub native_depth: usize,
    /// The last run of the loop ended with a `yield`.
    pub yielded: bool,
    /// Values that native modules keep for the interpreter's lifetime.
    pub kept: Vec<V<M>>,
    /// Functions whose code was replaced while it may have been running.
    pub retired: Vec<V<M>>,
    /// Objects whose `repr` is being made, against endless recursion.
    pub repr_guard: Vec<u64>,
    /// What a profiled run tells.
    pub probe: crate::probe::Probe,
}

impl<M: ObjectModel> Vm<M> {
    /// A machine with its built-in types and modules, ready to run code.
    pub fn new(dispatcher: Dispatcher<M>, mut options: VmOptions) -> Box<Vm<M>> {
        let probe = crate::probe::Probe::new(options.probe.take(), dispatcher.unit_size);
        let breaker = Arc::new(AtomicU32::new(0));
        let heap = M::new_heap(HeapOptions {
            breaker: breaker.clone(),
            collect: options.collect,
            stress: options.gc_stress,
        });
        let mut stacks = Stacks::default();
        let base = stacks.base();
        let limit = stacks.limit();
        let frame_base = stacks.frame_base();
        let null = || <V<M> as crate::object::Value>::null();
        let mut vm = Box::new(Vm {
            consts: std::ptr::null(),
            megamorphic: Default::default(),
            caches: std::ptr::null(),
            names: std::ptr::null(),
            frame: frame_base.wrapping_sub(1),
            builtins_dict: std::ptr::null(),
            sp: base,
            after_full: Regs {
                ip: std::ptr::null(),
                sp: base,
                fp: base,
            },
            stack_limit: limit,
            heap,
            breaker,
            depth: 0,
            depth_frames: 0,
            depth_limit: 1000,
            dispatcher,
            shapes: Shapes::default(),
            stacks,
            raised: null(),
            handled: null(),
            traceback_is_complete: false,
            returned: null(),
            opaque_natives: 0,
            shown: Vec::new(),
            ticks: 100,
            interp: Interpreter {
                classes: Vec::new(),
                free_classes: Vec::new(),
                interned: FxHashMap::default(),
                modules: null(),
                builtins: null(),
                once: super::values::Once::empty(),
                named_classes: FxHashMap::default(),
                native_modules: FxHashMap::default(),
                recursion_limit: 1000,
                method_cache: crate::types::class::lookup::new_method_cache(),
                weakrefs: Default::default(),
                has_own_builtins: false,
                written_files: Default::default(),
            },
            options,
            names_once: NamesOnce {
                init: null(),
                enter: null(),
                exit: null(),
                name: null(),
            },
            spare_rare: None,
            native_depth: 0,
            yielded: false,
            kept: Vec::new(),
            retired: Vec::new(),
            repr_guard: Vec::new(),
            probe,
        });
        vm.names_once = NamesOnce {
            init: vm.intern("__init__"),
            enter: vm.intern("__enter__"),
            exit: vm.intern("__exit__"),
            name: vm.intern("__name__"),
        };
        crate::builtins::start(&mut vm);
        vm
    }

    /// Notes an event where the object model counts; nothing elsewhere.
    #[inline(always)]
    pub fn count(&mut self, event: crate::object::Event) {
        M::count(&mut self.heap, event);
    }

    /// Notes that an inline cache has given the answer, if the part that asked it goes on.
    #[inline(always)]
    pub fn count_hit(&mut self, flow: crate::dispatch::Flow) -> crate::dispatch::Flow {
        if M::COUNTED && flow == crate::dispatch::Flow::Next {
            self.count(crate::object::Event::CacheHit);
        }
        flow
    }

    /// The class table entry of a class id.
    #[inline(always)]
    pub fn class_entry(&self, id: ClassId) -> &ClassEntry<M> {
        &self.interp.classes[id.0 as usize]
    }

    /// Takes a class that nothing refers to out of the class table; gives the table's reference to it.
    /// The id is free for another class.
    pub fn remove_class(&mut self, id: ClassId) -> V<M> {
        use crate::object::Value;
        use crate::types::{class::Type, tuple::Tuple};
        let entry = &mut self.interp.classes[id.0 as usize];
        entry.slots = Slots::default();
        let object = std::mem::replace(&mut entry.object, V::<M>::null());
        if let Some(bases) = object.get::<Type<M>>().and_then(|t| t.bases.get())
            && let Some(bases) = bases.get::<Tuple<M>>()
        {
            for base in bases.items.iter().filter_map(|b| b.get::<Type<M>>()) {
                base.subclasses.borrow_mut().retain(|c| *c != id);
            }
        }
        self.interp.free_classes.push(id);
        object
    }
}

/// Values go before what they need: first those that the machine holds, then cycles, then shapes and
/// interned strings, and the heap last, as a field.
impl<M: ObjectModel> Drop for Vm<M> {
    fn drop(&mut self) {
        let null = || <V<M> as crate::object::Value>::null();
        for place in [&mut self.raised, &mut self.handled, &mut self.returned] {
            drop(std::mem::replace(place, null()));
        }
        self.kept.clear();
        self.retired.clear();
        let i = &mut self.interp;
        for place in [&mut i.modules, &mut i.builtins] {
            drop(std::mem::replace(place, null()));
        }
        i.once = super::values::Once::empty();
        self.names_once = NamesOnce {
            init: null(),
            enter: null(),
            exit: null(),
            name: null(),
        };
        i.classes.clear();
        M::shutdown(self);
        self.interp.interned.clear();
        drop(std::mem::take(&mut self.shapes));
    }
}
