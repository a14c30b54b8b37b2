//! Heaps under a whole machine: programs that make garbage of every sort run on each model, plainly and with a
//! collection at every safepoint, and a dropped machine leaves nothing behind.

use ceval_dispatch_switch::Switch;
use ceval_objects::{Arena, Boxed, Refcount, Tagged};
use ceval_vm_core::dispatch::Dispatcher;
use ceval_vm_core::object::ObjectModel;
use ceval_vm_core::{Vm, VmOptions};
use std::io::Write;
use std::sync::{Arc, Mutex};

/// Standard output that can be read afterwards.
#[derive(Clone, Default)]
struct Output(Arc<Mutex<Vec<u8>>>);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .expect("not poisoned")
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Runs a program and gives what it wrote, errors included.
fn output_of<M: ObjectModel>(source: &str, collect: bool, gc_stress: bool) -> String {
    let out = Output::default();
    let options = VmOptions {
        collect,
        gc_stress,
        stdout: Box::new(out.clone()),
        stderr: Box::new(out.clone()),
        ..VmOptions::default()
    };
    let mut vm = Vm::<M>::new(Dispatcher::of::<Switch>(), options);
    let code = ceval_vm_core::run::run_source(&mut vm, source.as_bytes(), "t.py", &[]);
    assert_eq!(
        code,
        0,
        "{}",
        String::from_utf8_lossy(&out.0.lock().expect("not poisoned"))
    );
    // A heap keeps the breaker for as long as it has memory.
    let breaker = vm.breaker.clone();
    drop(vm);
    assert_eq!(
        Arc::strong_count(&breaker),
        1,
        "objects are left in {}",
        M::NAME
    );
    let bytes = out.0.lock().expect("not poisoned").clone();
    String::from_utf8(bytes).expect("text")
}

fn check_model<M: ObjectModel>(source: &str, want: &str) {
    for (collect, stress) in [(true, false), (true, true), (false, false)] {
        let got = output_of::<M>(source, collect, stress);
        assert_eq!(got, want, "{} collect={collect} stress={stress}", M::NAME);
    }
}

/// Every model gives `want`.
fn check(source: &'static str, want: &'static str) {
    let run = move || {
        check_model::<Refcount<Tagged>>(source, want);
        check_model::<Refcount<Boxed>>(source, want);
        check_model::<Arena<Tagged>>(source, want);
        check_model::<Arena<Boxed>>(source, want);
    };
    let thread = std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(run)
        .expect("a thread");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

#[test]
fn finalizers_in_cycles_run_once_and_weak_references_die_first() {
    check(
        "
import gc, weakref
log = []
class Node:
    def __init__(self, name): self.name = name
    def __del__(self): log.append((self.name, self.ref() is None))
def cycle():
    a = Node('a'); b = Node('b')
    a.other = b; b.other = a
    a.ref = weakref.ref(b); b.ref = weakref.ref(a)
    return weakref.ref(a)
r = cycle()
gc.collect(); gc.collect()
print(sorted(log), r() is None)
",
        "[('a', True), ('b', True)] True\n",
    );
}

#[test]
fn a_finalizer_can_bring_its_object_back() {
    check(
        "
import gc
count = 0
class R:
    def __del__(self):
        global saved, count
        saved = self
        count += 1
r = R(); r.me = r; r.data = [1, 2]
del r
gc.collect()
print(saved.me is saved, saved.data, count)
del saved
gc.collect(); gc.collect()
print(count)
",
        "True [1, 2] 1\n1\n",
    );
}

#[test]
fn finalizers_run_before_the_end_and_find_their_globals() {
    check(
        "
log = ['end of', 'program']
class A:
    def __del__(self): print(*log)
a = A(); a.me = a
",
        "end of program\n",
    );
    check(
        "class A:\n    def __del__(self): print('bye')\n_a = A()\n",
        "bye\n",
    );
}

#[test]
fn callbacks_of_weak_references_run_when_the_target_dies() {
    check(
        "
import gc, weakref
called = []
class W: pass
def make(cyclic):
    w = W()
    if cyclic: w.me = w
    return weakref.ref(w, lambda r: called.append(r() is None))
refs = [make(True), make(False)]
gc.collect()
print(called, [r() for r in refs])
keep = W(); r = weakref.ref(keep, called.append)
del r, keep
gc.collect()
print(len(called))
",
        "[True, True] [None, None]\n2\n",
    );
}

#[test]
fn classes_die_and_instances_keep_them() {
    check(
        "
import gc, weakref
def make(i):
    class C:
        x = i
        def f(self): return self.x
    return C
refs = []
total = 0
for i in range(30):
    C = make(i)
    refs.append(weakref.ref(C))
    total += C().f()
class Base: pass
kept = type('Kept', (Base,), {'f': lambda self: 'kept'})()
small = type('Small', (int,), {'__slots__': (), 'twice': lambda self: self * 2})(21)
del C
gc.collect(); gc.collect()
print(total, sum(r() is not None for r in refs))
print(kept.f(), [c.__name__ for c in Base.__subclasses__()], small.twice())
for i in range(30): assert make(i)().f() == i
del kept
gc.collect(); gc.collect()
print(Base.__subclasses__())
",
        "435 0\nkept ['Kept'] 42\n[]\n",
    );
}

#[test]
fn suspended_generators_and_closures_hold_their_values() {
    check(
        "
import gc
def count(n):
    items = [[i] for i in range(n)]
    for i in items:
        got = yield i
        if got: items.append(got)
def outer(n):
    total = [n]
    def add(x):
        total.append(x)
        return total
    return add
gens = [count(i) for i in range(1, 6)]
print([next(g) for g in gens])
gens[4].send(['x'])
f = outer(0)
for i in range(50): f([i])
gc.collect()
print([list(g) for g in gens], len(f(1)), f(1)[3])
try:
    for v in count(3):
        if v == [1]: raise ValueError(v)
except ValueError as e:
    gc.collect()
    print(e.args, [x for x in (lambda: (yield from count(2)))()])
",
        "[[0], [0], [0], [0], [0]]\n[[], [[1]], [[1], [2]], [[1], [2], [3]], [[2], [3], [4], ['x']]] 52 [2]\n([1],) [[0], [1]]\n",
    );
}

#[test]
fn natives_that_call_back_hold_their_values() {
    check(
        "
class K:
    def __init__(self, n): self.n = n
    def __lt__(self, other):
        junk = [K(i) for i in range(3)]
        return self.n < other.n
    def __hash__(self): return hash([K(0)] and self.n % 3)
    def __eq__(self, other): return [self.n] == [other.n]
    def __repr__(self): return 'K%d' % self.n
print(sorted([K(i * 7 % 10) for i in range(10)]))
print(sorted(range(10), key=lambda i: (str(i * 7 % 10), [i])))
d = {K(i % 5): [i] for i in range(20)}
print(sorted(d.items(), key=lambda kv: kv[0].n))
print(list(map(lambda a, b: [a] + [b], ['a', 'b'], ([i] for i in range(2)))))
print(max([K(1), K(3), K(2)]), ', '.join(str(K(i)) for i in range(4)))
print([*zip(*[iter([K(i) for i in range(6)])] * 2)], sum([[i] for i in range(4)], []))
",
        "[K0, K1, K2, K3, K4, K5, K6, K7, K8, K9]\n[0, 3, 6, 9, 2, 5, 8, 1, 4, 7]\n[(K0, [15]), (K1, [16]), (K2, [17]), (K3, [18]), (K4, [19])]\n[['a', [0]], ['b', [1]]]\nK3 K0, K1, K2, K3\n[(K0, K1), (K2, K3), (K4, K5)] [0, 1, 2, 3]\n",
    );
}

#[test]
fn what_is_filled_is_held_while_the_iterable_begins() {
    check(
        "
class Bag:
    def __init__(self, *items): self.items = [[i] for i in items]
    def __iter__(self):
        junk = [[i] for i in range(5)]
        return iter(self.items)
b = Bag(1, 2)
l = [0]; l.extend(b); l += b
print(tuple(b), list(b), l, dict(zip('ab', b)), [*b], sorted(b), set(map(repr, b)) == {'[1]', '[2]'})
",
        "([1], [2]) [[1], [2]] [0, [1], [2], [1], [2]] {'a': [1], 'b': [2]} [[1], [2]] [[1], [2]] True\n",
    );
}

#[test]
fn pressure_alone_reclaims_cycles() {
    // More garbage than fits: a heap that never collected would be seen by its size.
    let source = "
import gc
class A:
    def __init__(self): self.me = [self]
for i in range(60000): A()
print(gc.get_stats()[0]['collections'] > 0, gc.get_stats()[0]['reserved'] < 30 << 20)
gc.disable()
print(gc.isenabled())
";
    for out in [
        output_of::<Refcount<Tagged>>(source, true, false),
        output_of::<Refcount<Boxed>>(source, true, false),
        output_of::<Arena<Tagged>>(source, true, false),
        output_of::<Arena<Boxed>>(source, true, false),
    ] {
        assert_eq!(out, "True True\nFalse\n");
    }
}
