//! Case mappings and the `is...` predicates, for ASCII.

use super::{new_like, receiver};
use crate::Vm;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::text::bytes::case as text_case;
use crate::types::class::builder::ClassBuilder;

macro_rules! mappings { ($($name:ident)*) => { $(
    fn $name<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
        let (slf, rest) = args.method();
        rest.exact::<0>(vm, stringify!($name))?;
        let mapped = text_case::$name(&receiver(slf));
        Ok(new_like(vm, slf, mapped))
    }
)* } }
mappings!(upper lower title capitalize swapcase);

macro_rules! predicates { ($($name:ident)*) => { $(
    fn $name<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
        let (slf, rest) = args.method();
        rest.exact::<0>(vm, stringify!($name))?;
        Ok(V::<M>::bool(text_case::$name(&receiver(slf))))
    }
)* } }
predicates!(isalpha isdigit isalnum isspace isupper islower istitle);

/// Adds them to the class.
pub(super) fn add<M: ObjectModel>(builder: ClassBuilder<'_, M>) -> ClassBuilder<'_, M> {
    builder
        .method("upper", upper::<M>)
        .method("lower", lower::<M>)
        .method("title", title::<M>)
        .method("capitalize", capitalize::<M>)
        .method("swapcase", swapcase::<M>)
        .method("isalpha", isalpha::<M>)
        .method("isdigit", isdigit::<M>)
        .method("isalnum", isalnum::<M>)
        .method("isspace", isspace::<M>)
        .method("isupper", isupper::<M>)
        .method("islower", islower::<M>)
        .method("istitle", istitle::<M>)
}
