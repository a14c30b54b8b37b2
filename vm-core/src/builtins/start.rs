//! The start of an interpreter: classes, singletons, modules.

use crate::Vm;
use crate::machine::errors::Exc;
use crate::machine::values::SMALL_INTS;
use crate::object::{ClassId, Kind, ObjectModel, V, Value};
use crate::types;
use crate::types::class::builder::NativeClass;
use rustpython_wtf8::{CodePoint, Wtf8Buf};

/// Kinds whose classes programs can derive from.
const BASES: &[Kind] = &[
    Kind::Instance,
    Kind::Type,
    Kind::Int,
    Kind::Float,
    Kind::Complex,
    Kind::Str,
    Kind::Bytes,
    Kind::ByteArray,
    Kind::Tuple,
    Kind::List,
    Kind::Dict,
    Kind::Set,
    Kind::FrozenSet,
    Kind::Module,
    Kind::Property,
    Kind::ClassMethod,
    Kind::StaticMethod,
    Kind::Super,
    Kind::Exception,
    Kind::Enumerate,
    Kind::Zip,
    Kind::Map,
    Kind::Filter,
    Kind::ReverseIterator,
    Kind::Weakref,
];

/// Makes the classes of all kinds and exceptions, and everything that exists before a program runs.
pub fn start<M: ObjectModel>(vm: &mut Vm<M>) {
    let object = ClassId(Kind::Instance as u32);
    let int = ClassId(Kind::Int as u32);
    let mut def = |kind: Kind| {
        let base = if kind == Kind::Bool { int } else { object };
        vm.make_class(
            ClassId(kind as u32),
            NativeClass {
                name: kind.class_name(),
                kind,
                base,
                has_attrs: kind == Kind::Exception,
                is_base: BASES.contains(&kind),
            },
        );
    };
    def(Kind::Instance);
    def(Kind::Type);
    def(Kind::Int);
    for &kind in Kind::ALL {
        if !matches!(kind, Kind::Instance | Kind::Type | Kind::Int) {
            def(kind);
        }
    }
    for &(exc, name, base) in &Exc::ALL[1..] {
        vm.make_class(
            exc.class(),
            NativeClass {
                name,
                kind: Kind::Exception,
                base: base.class(),
                has_attrs: true,
                is_base: true,
            },
        );
    }
    vm.interp.once.empty_tuple = vm.alloc(types::tuple::Tuple {
        items: Default::default(),
    });
    vm.interp.once.empty_str = vm.new_text(Wtf8Buf::new());
    vm.interp.once.empty_bytes = vm.new_bytes([]);
    if !<V<M> as Value>::TAGGED {
        vm.interp.once.small_ints = SMALL_INTS.map(|i| vm.alloc(i)).collect();
    }
    for c in 0..256u32 {
        let mut text = Wtf8Buf::new();
        text.push(CodePoint::from_u32(c).expect("Latin-1"));
        let v = vm.new_text(text);
        vm.interp.once.characters.push(v);
    }
    vm.interp.builtins = vm.new_dict();
    vm.builtins_dict = vm
        .interp
        .builtins
        .get::<types::dict::Dict<M>>()
        .map_or(std::ptr::null(), std::ptr::from_ref);
    vm.interp.modules = vm.new_dict();
    init_types(vm);
    super::functions::init(vm);
    super::site::init(vm);
    crate::modules::init(vm);
}

/// Fills the built-in classes; `object` and `type` first, bases before what derives from them.
fn init_types<M: ObjectModel>(vm: &mut Vm<M>) {
    types::object::init(vm);
    types::class::methods::init(vm);
    let all: &[fn(&mut Vm<M>)] = &[
        types::int::init,
        types::boolean::init,
        types::float::init,
        types::complex::init,
        types::singletons::init,
        types::str::init,
        types::bytes::init,
        types::bytearray::init,
        types::memoryview::init,
        types::tuple::init,
        types::list::init,
        types::dict::init,
        types::dict_views::init,
        types::set::init,
        types::set_iterator::init,
        types::range::init,
        types::slice::init,
        types::sequence_iterators::init,
        types::iterators::init,
        types::function::init,
        types::method::init,
        types::builtin::init,
        types::slot_wrapper::init,
        types::getset::init,
        types::property::init,
        types::super_type::init,
        types::module::init,
        types::code::init,
        types::frame::init,
        types::cell::init,
        types::generator::init,
        types::traceback::init,
        types::exception::init,
        types::mappingproxy::init,
        types::weakref::init,
    ];
    for init in all {
        init(vm);
    }
}
