//! Running code objects from native code: modules, `exec`, class bodies.

use super::vm::Vm;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::types::code::Code;
use crate::types::dict::Dict;
use crate::types::module::Module;

impl<M: ObjectModel> Vm<M> {
    /// Runs a code object with these namespaces. `globals` must be a dict; it gets `__builtins__`.
    pub fn run_code(&mut self, code: &V<M>, globals: &V<M>, locals: &V<M>) -> Res<V<M>> {
        let Some(name) = code.get::<Code<M>>().map(|c| c.name.clone()) else {
            return Err(self.raise_type_error("a code object is required"));
        };
        if let Some(d) = globals.get::<Dict<M>>() {
            let key = self.intern("__builtins__");
            let hash = self.str_hash(&key);
            match d.table.get_str(&key, hash) {
                None => {
                    let builtins = self.builtins_module();
                    d.table.insert_new(key, hash, builtins);
                }
                Some(given) => self.interp.has_own_builtins |= !self.is_builtins(&given),
            }
        }
        let function = self.new_function(code, globals.clone(), &name, V::<M>::null())?;
        // A function's body run by `exec` has fast locals; module code has its namespace.
        let namespace = if locals.is(globals) {
            V::<M>::null()
        } else {
            locals.clone()
        };
        self.run_function(&function, Args::new(&[]), namespace)
    }

    /// Runs a class body with its namespace; gives what the body returns (the `__class__` cell or None).
    pub fn call_class_body(&mut self, function: &V<M>, namespace: V<M>) -> Res<V<M>> {
        self.run_function(function, Args::new(&[]), namespace)
    }

    /// Whether a `__builtins__` stands for the machine's builtins: the module or its dict.
    pub fn is_builtins(&self, v: &V<M>) -> bool {
        let dict = match v.get::<Module<M>>() {
            Some(m) => m.dict.load(),
            None => v.clone(),
        };
        dict.is(&self.interp.builtins)
    }

    /// Module `builtins` if it is imported, else its dict.
    fn builtins_module(&mut self) -> V<M> {
        let key = self.intern("builtins");
        let hash = self.str_hash(&key);
        let modules = self.interp.modules.clone();
        modules
            .get::<Dict<M>>()
            .and_then(|d| d.table.get_str(&key, hash))
            .unwrap_or_else(|| self.interp.builtins.clone())
    }

    /// `sys.displayhook(v)`, or what it does where `sys` has none.
    pub fn display(&mut self, v: &V<M>) -> Res<()> {
        let key = self.intern("sys");
        let hash = self.str_hash(&key);
        let modules = self.interp.modules.clone();
        let sys = modules
            .get::<Dict<M>>()
            .and_then(|d| d.table.get_str(&key, hash));
        if let Some(sys) = sys
            && let Some(hook) = self.find_attr(&sys, "displayhook")?
        {
            return self.call_values(&hook, std::slice::from_ref(v)).map(drop);
        }
        if !v.is_none() {
            let text = self.repr_text(v)?;
            let _ = writeln!(self.options.stdout, "{text}");
        }
        Ok(())
    }
}
