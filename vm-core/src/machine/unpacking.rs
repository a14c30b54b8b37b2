//! Unpacking: assignment targets, `*` and `**` in displays and calls.

use super::errors::Exc;
use super::vm::Vm;
use crate::object::{ObjectModel, Res, V, Value};
use crate::types::dict::Dict;

impl<M: ObjectModel> Vm<M> {
    /// The values of `v` for `before` targets, or with `after` for a starred target between:
    /// then the rest is one list (`unpack_iterable`).
    pub fn unpack(&mut self, v: &V<M>, before: usize, after: Option<usize>) -> Res<Vec<V<M>>> {
        self.opaque_natives += 1;
        let r = self.unpack_values(v, before, after);
        self.opaque_natives -= 1;
        r
    }

    fn unpack_values(&mut self, v: &V<M>, before: usize, after: Option<usize>) -> Res<Vec<V<M>>> {
        let it = self.iter(v)?;
        let mut out = Vec::with_capacity(before + 1);
        for i in 0..before {
            match self.next(&it)? {
                Some(x) => out.push(x),
                None => {
                    return Err(match after {
                        None => self.raise_value_error(format!(
                            "not enough values to unpack (expected {before}, got {i})"
                        )),
                        Some(after) => self.raise_value_error(format!(
                            "not enough values to unpack (expected at least {}, got {i})",
                            before + after
                        )),
                    });
                }
            }
        }
        let Some(after) = after else {
            return match self.next(&it)? {
                None => Ok(out),
                Some(_) => Err(self
                    .raise_value_error(format!("too many values to unpack (expected {before})"))),
            };
        };
        let mut rest = Vec::new();
        while let Some(x) = self.next(&it)? {
            rest.push(x);
        }
        if rest.len() < after {
            let m = format!(
                "not enough values to unpack (expected at least {}, got {})",
                before + after,
                before + rest.len()
            );
            return Err(self.raise_value_error(m));
        }
        let tail = rest.split_off(rest.len() - after);
        out.push(self.new_list(rest));
        out.extend(tail);
        Ok(out)
    }

    /// Adds the entries of a mapping to a dict (`{**a}`).
    pub fn merge_mapping(&mut self, dict: &V<M>, mapping: &V<M>) -> Res<()> {
        if mapping.get::<Dict<M>>().is_none() && self.find_attr(mapping, "keys")?.is_none() {
            let m = format!("'{}' object is not a mapping", self.type_name(mapping));
            return Err(self.raise_type_error(m));
        }
        let Some(target) = dict.get::<Dict<M>>() else {
            return Ok(());
        };
        for (key, value) in self.mapping_items(mapping)? {
            let hash = self.hash(&key)?;
            target.table.insert(self, key, hash, value)?;
        }
        Ok(())
    }

    /// Keys and values of a mapping, by `keys()` and `[]` unless it is exactly a dict.
    pub fn mapping_items(&mut self, mapping: &V<M>) -> Res<Vec<(V<M>, V<M>)>> {
        if let Some(d) = mapping.get_exact::<Dict<M>>() {
            return Ok(d
                .table
                .items()
                .into_iter()
                .map(|(_, k, v)| (k, v))
                .collect());
        }
        let keys = self.call_method(mapping, "keys", &[])?;
        let mut out = Vec::new();
        self.for_each(&keys, |vm, key| {
            let value = vm.get_item(mapping, &key)?;
            out.push((key, value));
            Ok(())
        })?;
        Ok(out)
    }

    /// Adds the `**` arguments of a call to `function` to a dict; a name given twice is an error.
    pub fn merge_keywords(&mut self, function: &V<M>, dict: &V<M>, mapping: &V<M>) -> Res<()> {
        if mapping.get::<Dict<M>>().is_none() && self.find_attr(mapping, "keys")?.is_none() {
            let f = self.callee_text(function);
            let t = self.type_name(mapping);
            return Err(
                self.raise_type_error(format!("{f} argument after ** must be a mapping, not {t}"))
            );
        }
        let Some(target) = dict.get::<Dict<M>>() else {
            return Ok(());
        };
        for (key, value) in self.mapping_items(mapping)? {
            if key.get::<crate::types::str::Str>().is_none() {
                let f = self.callee_text(function);
                return Err(self.raise_type_error(format!("{f} keywords must be strings")));
            }
            let hash = self.hash(&key)?;
            if target
                .table
                .insert(self, key.clone(), hash, value)?
                .is_some()
            {
                let f = self.callee_text(function);
                let k = self.text_of(&key);
                return Err(self.raise(
                    Exc::TypeError,
                    format!("{f} got multiple values for keyword argument '{k}'"),
                ));
            }
        }
        Ok(())
    }
}
