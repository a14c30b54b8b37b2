//! Struct sequences: tuples whose items have names (`sys.version_info`, `time.struct_time`).
//!
//! A class of kind tuple with a getter for each item. Source: CPython `Objects/structseq.c`.

use crate::Vm;
use crate::object::{ClassId, Kind, ObjectModel, Res, V, Value};
use crate::types::class::builder::NativeClass;
use crate::types::getset::Getter;
use crate::types::tuple::Tuple;

/// Classes: `module.name` in `repr`, the class's name, the items' names.
const ALL: &[(&str, &str, &[&str])] = &[
    (
        "sys",
        "version_info",
        &["major", "minor", "micro", "releaselevel", "serial"],
    ),
    (
        "sys",
        "flags",
        &[
            "debug",
            "inspect",
            "interactive",
            "optimize",
            "dont_write_bytecode",
            "no_user_site",
            "no_site",
            "ignore_environment",
            "verbose",
            "bytes_warning",
            "quiet",
            "hash_randomization",
            "isolated",
        ],
    ),
    (
        "sys",
        "float_info",
        &[
            "max",
            "max_exp",
            "max_10_exp",
            "min",
            "min_exp",
            "min_10_exp",
            "dig",
            "mant_dig",
            "epsilon",
            "radix",
            "rounds",
        ],
    ),
    ("sys", "int_info", &["bits_per_digit", "sizeof_digit"]),
    (
        "sys",
        "hash_info",
        &[
            "width",
            "modulus",
            "inf",
            "nan",
            "imag",
            "algorithm",
            "hash_bits",
            "seed_bits",
            "cutoff",
        ],
    ),
    ("sys", "thread_info", &["name", "lock", "version"]),
    (
        "time",
        "struct_time",
        &[
            "tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday",
            "tm_isdst",
        ],
    ),
];

fn item<M: ObjectModel, const I: usize>(_: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let items = v.get::<Tuple<M>>().map(|t| &t.items);
    Ok(items
        .and_then(|t| t.get(I).cloned())
        .unwrap_or_else(V::<M>::none))
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let name = vm.type_name(v);
    let Some((module, name, names)) = ALL.iter().find(|a| a.1 == name) else {
        return Ok(vm.new_str(name));
    };
    let mut parts = Vec::new();
    if let Some(t) = v.get::<Tuple<M>>() {
        for (name, item) in names.iter().zip(t.items.iter()) {
            parts.push(format!("{name}={}", vm.repr_text(item)?));
        }
    }
    Ok(vm.new_str(format!("{module}.{name}({})", parts.join(", "))))
}

impl<M: ObjectModel> Vm<M> {
    /// The class of a struct sequence, made on first use.
    pub fn struct_sequence_class(&mut self, name: &'static str) -> V<M> {
        if let Some(class) = self.native_class(name) {
            return class;
        }
        let names = ALL.iter().find(|a| a.1 == name).map_or(&[][..], |a| a.2);
        let getters: [Getter<M>; 13] = [
            item::<M, 0>,
            item::<M, 1>,
            item::<M, 2>,
            item::<M, 3>,
            item::<M, 4>,
            item::<M, 5>,
            item::<M, 6>,
            item::<M, 7>,
            item::<M, 8>,
            item::<M, 9>,
            item::<M, 10>,
            item::<M, 11>,
            item::<M, 12>,
        ];
        let module = ALL.iter().find(|a| a.1 == name).map_or("", |a| a.0);
        let module = self.intern(module);
        let count = self.new_usize(names.len());
        let mut class = self
            .new_native_class(NativeClass {
                name,
                kind: Kind::Tuple,
                base: ClassId(Kind::Tuple as u32),
                has_attrs: false,
                is_base: false,
            })
            .slots(|s| s.repr = Some(repr::<M>))
            .attr("__module__", module)
            .attr("n_fields", count.clone())
            .attr("n_sequence_fields", count);
        for (&name, get) in names.iter().zip(getters) {
            class = class.getter(name, get);
        }
        class.done()
    }

    /// A struct sequence with these items.
    pub fn new_struct_sequence(&mut self, name: &'static str, items: Vec<V<M>>) -> V<M> {
        let class = self.struct_sequence_class(name);
        self.alloc_as(
            &class,
            Tuple {
                items: crate::types::tuple::IntoItems::<M>::into_items(items),
            },
        )
    }
}
