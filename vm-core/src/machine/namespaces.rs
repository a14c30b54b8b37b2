//! Namespaces: names of class bodies, modules and `exec`; globals and builtins; imports.

use super::errors::Exc;
use super::vm::Vm;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::types::dict::Dict;
use crate::types::module::Module;

impl<M: ObjectModel> Vm<M> {
    /// The running frame's namespace: its own mapping, or the globals dict of module code.
    pub fn namespace(&self) -> V<M> {
        match &self.frame().rare {
            Some(rare) if !rare.namespace.is_null() => rare.namespace.clone(),
            _ => self.frame_globals(),
        }
    }

    /// The running frame's globals as a value.
    pub fn frame_globals(&self) -> V<M> {
        let function = self.function_of(self.frame());
        match function.get::<crate::types::function::Function<M>>() {
            Some(f) => f.globals.clone(),
            None => V::<M>::none(),
        }
    }

    /// Whether the running frame's namespace is its globals dict.
    pub fn namespace_is_globals(&self) -> bool {
        self.namespace().is(&self.frame_globals())
    }

    /// A name in the running frame's namespace.
    pub fn lookup_namespace(&mut self, name: &V<M>) -> Res<Option<V<M>>> {
        let namespace = self.namespace();
        if let Some(d) = namespace.get_exact::<Dict<M>>() {
            return Ok(d.table.get_str(name, self.str_hash(name)));
        }
        match self.get_item(&namespace, name) {
            Ok(v) => Ok(Some(v)),
            Err(_) => {
                self.swallow(Exc::KeyError)?;
                Ok(None)
            }
        }
    }

    /// Sets a name in the running frame's namespace.
    pub fn store_namespace(&mut self, name: &V<M>, v: V<M>) -> Res<()> {
        let namespace = self.namespace();
        match namespace.get_exact::<Dict<M>>() {
            Some(d) => {
                let hash = self.str_hash(name);
                drop(d.table.insert_str(name.clone(), hash, v));
                Ok(())
            }
            None => self.set_item(&namespace, name, &v),
        }
    }

    /// Removes a name from the running frame's namespace.
    pub fn delete_namespace(&mut self, name: &V<M>) -> Res<()> {
        let namespace = self.namespace();
        let gone = match namespace.get_exact::<Dict<M>>() {
            Some(d) => d.table.remove_str(name, self.str_hash(name)).is_some(),
            None => match self.del_item(&namespace, name) {
                Ok(()) => true,
                Err(_) => {
                    self.swallow(Exc::KeyError)?;
                    false
                }
            },
        };
        if gone {
            Ok(())
        } else {
            Err(self.raise_name_error(name))
        }
    }

    /// A name in globals, then builtins.
    pub fn lookup_global(&mut self, name: &V<M>) -> Res<V<M>> {
        let hash = self.str_hash(name);
        if let Some(v) = self.globals().table.get_str(name, hash) {
            return Ok(v);
        }
        let own = self.own_builtins();
        let builtins = own.as_ref().and_then(|d| d.get::<Dict<M>>());
        if let Some(v) = builtins
            .unwrap_or_else(|| self.builtins())
            .table
            .get_str(name, hash)
        {
            return Ok(v);
        }
        Err(self.raise_name_error(name))
    }

    /// The dict of the `__builtins__` in the running code's globals, if it is the program's own.
    pub fn own_builtins(&mut self) -> Option<V<M>> {
        if !self.interp.has_own_builtins {
            return None;
        }
        let key = self.intern("__builtins__");
        let hash = self.str_hash(&key);
        let given = self.globals().table.get_str(&key, hash)?;
        if self.is_builtins(&given) {
            return None;
        }
        match given.get::<Module<M>>() {
            Some(m) => Some(m.dict.load()),
            None => Some(given),
        }
    }

    /// A builtin that an instruction needs.
    pub fn needed_builtin(&mut self, name: &str, missing: Exc) -> Res<V<M>> {
        let name = self.intern(name);
        let hash = self.str_hash(&name);
        let own = self.own_builtins();
        let builtins = own.as_ref().and_then(|d| d.get::<Dict<M>>());
        match builtins
            .unwrap_or_else(|| self.builtins())
            .table
            .get_str(&name, hash)
        {
            Some(v) => Ok(v),
            None => {
                let m = format!("{} not found", self.text_of(&name));
                Err(self.raise(missing, m))
            }
        }
    }

    /// IMPORT_NAME: calls `__import__(name, globals, locals, fromlist, level)`.
    pub fn import_name(&mut self, name: &V<M>, from: &V<M>, level: &V<M>) -> Res<V<M>> {
        let import = self.needed_builtin("__import__", Exc::ImportError)?;
        let globals = self.frame_globals();
        let locals = match &self.frame().rare {
            Some(rare) if !rare.namespace.is_null() => rare.namespace.clone(),
            _ => V::<M>::none(),
        };
        let args = [name.clone(), globals, locals, from.clone(), level.clone()];
        self.call(&import, Args::new(&args))
    }

    /// IMPORT_FROM: an attribute of a module, or its submodule.
    pub fn import_from(&mut self, module: &V<M>, name: &V<M>) -> Res<V<M>> {
        match self.get_attr(module, name) {
            Ok(v) => return Ok(v),
            Err(_) => self.swallow(Exc::AttributeError)?,
        }
        if let Some(package) = self.find_attr(module, "__name__")? {
            let full = format!("{}.{}", self.text_of(&package), self.text_of(name));
            let key = self.intern(&full);
            let modules = self.interp.modules.clone();
            if let Some(d) = modules.get::<Dict<M>>()
                && let Some(v) = d.table.get_str(&key, self.str_hash(&key))
            {
                return Ok(v);
            }
        }
        let m = format!("cannot import name '{}'", self.text_of(name));
        Err(self.raise(Exc::ImportError, m))
    }

    /// IMPORT_STAR: every public name of a module into the namespace.
    pub fn import_star(&mut self, module: &V<M>) -> Res<()> {
        let names = match self.find_attr(module, "__all__")? {
            Some(all) => self.collect_iter(&all)?,
            None => {
                let Some(dict) = self.find_attr(module, "__dict__")? else {
                    return Err(self.raise(
                        Exc::ImportError,
                        "from-import-* object has no __dict__ and no __all__",
                    ));
                };
                let keys = self.collect_iter(&dict)?;
                keys.into_iter()
                    .filter(|k| !self.text_of(k).starts_with('_'))
                    .collect()
            }
        };
        for name in names {
            let name = self.intern_value(&name);
            let v = self.get_attr(module, &name)?;
            self.store_namespace(&name, v)?;
        }
        Ok(())
    }
}
