//! Binding arguments to parameters, with CPython 3.5's words for what can go wrong.
//!
//! CPython `Python/ceval.c`, `_PyEval_EvalCodeWithName`, `too_many_positional`,
//! `missing_arguments`.

use super::vm::Vm;
use crate::object::{Args, ObjectModel, Raised, Res, V, Value};
use crate::types::code::Linked;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::tuple::Tuple;
use ceval_bytecode::flags;

impl<M: ObjectModel> Vm<M> {
    /// The frame's locals: parameters bound, the others absent.
    pub fn bind_arguments(
        &mut self,
        function: &Function<M>,
        linked: &Linked<M>,
        args: Args<'_, M>,
    ) -> Res<Vec<V<M>>> {
        let argcount = linked.argcount as usize;
        let kwonly = linked.kwonlyargcount as usize;
        let has_star = linked.flags & flags::CO_VARARGS != 0;
        let has_double = linked.flags & flags::CO_VARKEYWORDS != 0;
        let mut locals = vec![V::<M>::null(); linked.nlocals as usize];
        let given = args.pos.len();
        for (place, v) in locals.iter_mut().zip(args.pos.iter().take(argcount)) {
            *place = v.clone();
        }
        if has_star {
            let rest: Vec<V<M>> = args.pos.iter().skip(argcount).cloned().collect();
            locals[argcount + kwonly] = self.new_tuple(rest);
        }
        let kwargs = if has_double {
            let dict = self.new_dict();
            locals[argcount + kwonly + usize::from(has_star)] = dict.clone();
            Some(dict)
        } else {
            None
        };
        let names = linked.parameter_names();
        for (key, value) in args.kw_pairs() {
            if key.get::<crate::types::str::Str>().is_none() {
                let m = format!("{}() keywords must be strings", self.code_name(linked));
                return Err(self.raise_type_error(m));
            }
            let total = argcount + kwonly;
            let found = (linked.posonlyargcount as usize..total)
                .find(|&i| names[i].is(key))
                .or_else(|| {
                    let text = self.text_of(key);
                    (linked.posonlyargcount as usize..total)
                        .find(|&i| self.text_of(&names[i]) == text)
                });
            match found {
                Some(i) if !locals[i].is_null() => {
                    let m = format!(
                        "{}() got multiple values for argument '{}'",
                        self.code_name(linked),
                        self.text_of(key)
                    );
                    return Err(self.raise_type_error(m));
                }
                Some(i) => locals[i] = value.clone(),
                None => match kwargs.as_ref().and_then(|d| d.get::<Dict<M>>()) {
                    Some(d) => {
                        let hash = self.str_hash(key);
                        drop(d.table.insert_str(key.clone(), hash, value.clone()));
                    }
                    None => {
                        let m = format!(
                            "{}() got an unexpected keyword argument '{}'",
                            self.code_name(linked),
                            self.text_of(key)
                        );
                        return Err(self.raise_type_error(m));
                    }
                },
            }
        }
        let defaults = function.defaults.load();
        let defaults: &[V<M>] = defaults.get::<Tuple<M>>().map_or(&[], |t| &t.items);
        if given > argcount && !has_star {
            return Err(self.raise_too_many(linked, given, defaults.len(), &locals));
        }
        if given < argcount {
            let first_default = argcount - defaults.len().min(argcount);
            let missing: Vec<usize> = (given..first_default)
                .filter(|&i| locals[i].is_null())
                .collect();
            if !missing.is_empty() {
                return Err(self.raise_missing(linked, "positional", &missing));
            }
            for i in given.max(first_default)..argcount {
                if locals[i].is_null() {
                    locals[i] = defaults[i - first_default].clone();
                }
            }
        }
        if kwonly > 0 {
            let kwdefaults = function.kwdefaults.load();
            let table = kwdefaults.get::<Dict<M>>().map(|d| &d.table);
            let mut missing = Vec::new();
            for i in argcount..argcount + kwonly {
                if !locals[i].is_null() {
                    continue;
                }
                match table.and_then(|t| t.get_str(&names[i], self.str_hash(&names[i]))) {
                    Some(v) => locals[i] = v,
                    None => missing.push(i),
                }
            }
            if !missing.is_empty() {
                return Err(self.raise_missing(linked, "keyword-only", &missing));
            }
        }
        Ok(locals)
    }

    fn code_name(&self, linked: &Linked<M>) -> String {
        linked.code_object().name.clone()
    }

    #[cold]
    fn raise_too_many(
        &mut self,
        linked: &Linked<M>,
        given: usize,
        defaults: usize,
        locals: &[V<M>],
    ) -> Raised {
        let argcount = linked.argcount as usize;
        let kwonly_given = locals[argcount..argcount + linked.kwonlyargcount as usize]
            .iter()
            .filter(|v| !v.is_null())
            .count();
        let (takes, plural) = if defaults > 0 {
            (format!("from {} to {argcount}", argcount - defaults), true)
        } else {
            (argcount.to_string(), argcount != 1)
        };
        let s = |n: usize| if n == 1 { "" } else { "s" };
        let kwonly = if kwonly_given > 0 {
            format!(
                " positional argument{} (and {kwonly_given} keyword-only argument{})",
                s(given),
                s(kwonly_given)
            )
        } else {
            String::new()
        };
        let was = if given == 1 && kwonly_given == 0 {
            "was"
        } else {
            "were"
        };
        let name = self.code_name(linked);
        self.raise_type_error(format!(
            "{name}() takes {takes} positional argument{} but {given}{kwonly} {was} given",
            if plural { "s" } else { "" }
        ))
    }

    #[cold]
    fn raise_missing(&mut self, linked: &Linked<M>, kind: &str, slots: &[usize]) -> Raised {
        let names: Vec<String> = slots
            .iter()
            .map(|&i| format!("'{}'", linked.code_object().varnames[i]))
            .collect();
        let list = match names.as_slice() {
            [one] => one.clone(),
            [a, b] => format!("{a} and {b}"),
            [init @ .., last] => format!("{}, and {last}", init.join(", ")),
            [] => String::new(),
        };
        let name = self.code_name(linked);
        self.raise_type_error(format!(
            "{name}() missing {} required {kind} argument{}: {list}",
            names.len(),
            if names.len() == 1 { "" } else { "s" }
        ))
    }
}
