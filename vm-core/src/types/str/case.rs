//! Case mappings and the `is...` predicates.

use super::arguments::{self, receiver};
use crate::Vm;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::text::{case as text_case, classify};
use crate::types::class::builder::ClassBuilder;

macro_rules! mappings { ($($name:ident)*) => { $(
    fn $name<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
        let (slf, rest) = args.method();
        arguments::none(vm, stringify!($name), rest)?;
        Ok(vm.new_text(text_case::$name(receiver(slf).text())))
    }
)* } }
mappings!(upper lower casefold title capitalize swapcase);

macro_rules! predicates { ($($name:ident)*) => { $(
    fn $name<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
        let (slf, rest) = args.method();
        arguments::none(vm, stringify!($name), rest)?;
        Ok(V::<M>::bool(classify::$name(receiver(slf).text())))
    }
)* } }
predicates! {
    isalpha isdigit isdecimal isnumeric isalnum isspace isprintable isidentifier isupper islower
    istitle
}

/// Adds them to the class.
pub(super) fn add<M: ObjectModel>(builder: ClassBuilder<'_, M>) -> ClassBuilder<'_, M> {
    builder
        .method("upper", upper::<M>)
        .method("lower", lower::<M>)
        .method("casefold", casefold::<M>)
        .method("title", title::<M>)
        .method("capitalize", capitalize::<M>)
        .method("swapcase", swapcase::<M>)
        .method("isalpha", isalpha::<M>)
        .method("isdigit", isdigit::<M>)
        .method("isdecimal", isdecimal::<M>)
        .method("isnumeric", isnumeric::<M>)
        .method("isalnum", isalnum::<M>)
        .method("isspace", isspace::<M>)
        .method("isprintable", isprintable::<M>)
        .method("isidentifier", isidentifier::<M>)
        .method("isupper", isupper::<M>)
        .method("islower", islower::<M>)
        .method("istitle", istitle::<M>)
}
