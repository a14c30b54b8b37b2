//! `exit` and `quit`: what CPython's `site` module adds to the built-in names for programs to use.
//! (`copyright`, `credits`, `license` and `help` are for interactive use and are not here.)

use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::native::opaque;
use crate::object::{Args, ObjectModel, Opaque, Res, V, Value};
use crate::types::dict::Dict;

/// A callable that ends the program; holds the name that its repr shows.
struct Quitter(&'static str);

impl<M: ObjectModel> Opaque<M> for Quitter {
    fn trace(&self, _: &mut M::Visitor) {}
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// Puts both into `builtins`.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    let class = vm
        .new_opaque_class("Quitter")
        .slots(|s| {
            s.call = Some(quit::<M>);
            s.repr = Some(|vm, v| {
                let name = opaque::<M, Quitter>(v).map_or("exit", |q| q.0);
                Ok(vm.new_str(format!("Use {name}() or Ctrl-D (i.e. EOF) to exit")))
            });
        })
        .done();
    for name in ["exit", "quit"] {
        let value = vm.new_opaque(&class, Quitter(name));
        let key = vm.intern(name);
        let hash = vm.str_hash(&key);
        if let Some(d) = vm.interp.builtins.get::<Dict<M>>() {
            drop(d.table.insert_str(key, hash, value));
        }
    }
}

/// `exit(code=None)`.
fn quit<M: ObjectModel>(vm: &mut Vm<M>, _: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let code = match args.pos {
        [] => V::<M>::none(),
        [code] => code.clone(),
        more => {
            let given = more.len() + 1;
            return Err(vm.raise_type_error(format!(
                "__call__() takes from 1 to 2 positional arguments but {given} were given"
            )));
        }
    };
    Err(vm.raise_with(Exc::SystemExit, vec![code]))
}
