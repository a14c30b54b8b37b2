//! The built-in types, one file a type (or a family that shares its code).
//!
//! A file has the body struct with its [`crate::object::Trace`], the slots, the
//! methods, and `pub fn init(vm)`, which fills the class made for its kind.

pub mod boolean;
pub mod builtin;
pub mod bytearray;
pub mod bytes;
pub mod cell;
pub mod certain;
pub mod class;
pub mod code;
pub mod code_attributes;
pub mod complex;
pub mod dict;
pub mod dict_views;
pub mod exception;
pub mod float;
pub mod frame;
pub mod function;
pub mod generator;
pub mod getset;
pub mod int;
pub mod iterators;
pub mod list;
pub mod mappingproxy;
pub mod memoryview;
pub mod method;
pub mod module;
pub mod object;
pub mod property;
pub mod range;
pub mod sequence;
pub mod sequence_iterators;
pub mod set;
pub mod set_iterator;
pub mod singletons;
pub mod slice;
pub mod slicing;
pub mod slot_wrapper;
pub mod str;
pub mod super_type;
pub mod table;
pub mod traceback;
pub mod tuple;
pub mod weakref;
