//! `ImportError`: keywords `name` and `path`.

use super::{base, fields};
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, ObjectModel, Raised, Res, V, Value};
use crate::types::str::Str;

/// `ImportError.__init__`.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    for (key, value) in args.kw_pairs() {
        match vm.text_of(key).as_str() {
            "name" => fields::set::<M>(v, fields::slot::NAME, value.clone()),
            "path" => fields::set::<M>(v, fields::slot::PATH, value.clone()),
            _ => return base::refuse_keywords(vm, v, args),
        }
    }
    base::set_args(vm, v, args.pos);
    if let [message] = args.pos {
        fields::set::<M>(v, fields::slot::MSG, message.clone());
    }
    Ok(())
}

/// `str()`: the message if it is a str.
pub fn str<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let message = fields::get(vm, v, fields::slot::MSG);
    if message.get_exact::<Str>().is_some() {
        return Ok(message);
    }
    base::str(vm, v)
}

impl<M: ObjectModel> Vm<M> {
    /// Raises an ImportError about the module `name`.
    #[cold]
    pub fn raise_import_error(&mut self, message: impl Into<String>, name: &V<M>) -> Raised {
        let message = self.new_str(message);
        let e = self.new_exception(Exc::ImportError, vec![message]);
        fields::set::<M>(&e, fields::slot::NAME, name.clone());
        self.raise_value(e)
    }
}
