//! `module`.

use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, Kind, ObjectModel, Res, Trace, V, Value, ValueCell};
use crate::types::dict::Dict;
use crate::types::str::Str;

/// Body of a module.
pub struct Module<M: ObjectModel> {
    /// `__dict__`.
    pub dict: ValueCell<M>,
}

impl<M: ObjectModel> Trace<M> for Module<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.dict.trace(visitor);
    }
    fn clear(&self) {
        drop(self.dict.take());
    }
}

fn entry<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, name: &str) -> Option<V<M>> {
    let key = vm.intern(name);
    let hash = vm.str_hash(&key);
    let dict = v.get::<Module<M>>()?.dict.get()?;
    dict.get::<Dict<M>>()?.table.get_str(&key, hash)
}

fn module_new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, _: Args<'_, M>) -> Res<V<M>> {
    let dict = vm.new_dict();
    Ok(vm.alloc_as(
        class,
        Module {
            dict: ValueCell::new(dict),
        },
    ))
}

fn module_init<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    let [name, doc] = args.parse(vm, "module", ["name", "doc"], 1)?;
    let none = V::<M>::none;
    let name = name.unwrap_or_else(none);
    if name.get::<Str>().is_none() {
        let m = format!(
            "module.__init__() argument 1 must be str, not {}",
            vm.type_name(&name)
        );
        return Err(vm.raise_type_error(m));
    }
    let Some(m) = v.get::<Module<M>>() else {
        return Ok(());
    };
    let dict = match m.dict.get() {
        Some(d) => d,
        None => {
            let d = vm.new_dict();
            m.dict.set(d.clone());
            d
        }
    };
    let values = [
        ("__name__", name),
        ("__doc__", doc.unwrap_or_else(none)),
        ("__package__", none()),
        ("__loader__", none()),
        ("__spec__", none()),
    ];
    for (key, value) in values {
        let key = vm.intern(key);
        let hash = vm.str_hash(&key);
        if let Some(d) = dict.get::<Dict<M>>() {
            drop(d.table.insert_str(key, hash, value));
        }
    }
    Ok(())
}

fn module_getattro<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, name: &V<M>) -> Res<V<M>> {
    if let Some(x) = vm.generic_find_attr(v, name)? {
        return Ok(x);
    }
    let attribute = vm.text_of(name);
    let m = match entry(vm, v, "__name__") {
        Some(n) if n.get::<Str>().is_some() => {
            format!("module '{}' has no attribute '{attribute}'", vm.text_of(&n))
        }
        _ => format!("module has no attribute '{attribute}'"),
    };
    Err(vm.raise(Exc::AttributeError, m))
}

/// As `importlib._bootstrap._module_repr` words it.
fn module_repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let name = match entry(vm, v, "__name__") {
        Some(n) => vm.repr_text(&n)?,
        None => "'?'".to_owned(),
    };
    let text = if let Some(file) = entry(vm, v, "__file__") {
        format!("<module {name} from {}>", vm.repr_text(&file)?)
    } else {
        match entry(vm, v, "__loader__") {
            Some(l) if !l.is_none() => format!("<module {name} ({})>", vm.repr_text(&l)?),
            _ => {
                let text = name.trim_matches('\'');
                let native = vm.interp.native_modules.contains_key(text)
                    || matches!(text, "builtins" | "sys");
                format!("<module {name}{}>", if native { " (built-in)" } else { "" })
            }
        }
    };
    Ok(vm.new_str(text))
}

fn module_dir<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    rest.exact::<0>(vm, "__dir__")?;
    let keys = v
        .get::<Module<M>>()
        .and_then(|m| m.dict.get())
        .and_then(|d| d.get::<Dict<M>>().map(|d| d.table.keys()))
        .unwrap_or_default();
    Ok(vm.new_list(keys))
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::Module)
        .slots(|s| {
            s.new = Some(module_new);
            s.init = Some(module_init);
            s.getattro = Some(module_getattro);
            s.repr = Some(module_repr);
        })
        .getset(
            "__dict__",
            |_, v| {
                Ok(v.get::<Module<M>>()
                    .and_then(|m| m.dict.get())
                    .unwrap_or_else(V::<M>::none))
            },
            Some(|vm, _, _| Err(vm.raise(Exc::AttributeError, "readonly attribute"))),
        )
        .method("__dir__", module_dir)
        .done();
}
