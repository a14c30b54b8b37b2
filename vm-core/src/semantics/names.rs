//! Names that are not local: namespaces, globals, builtins, imports.

use super::Op;
use crate::Vm;
use crate::dispatch::{Encoding, Flow};
use crate::instr::Operands;
use crate::machine::regs::Regs;
use crate::object::{Event, ObjectModel, Res};

/// `LOAD_NAME`.
pub struct LoadName;
impl Op for LoadName {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.name(x.arg);
        let v = match vm.lookup_namespace(&name)? {
            Some(v) => v,
            None => vm.lookup_global(&name)?,
        };
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `LOAD_NAME`.
pub struct LoadNameCached;
impl Op for LoadNameCached {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        // Filled only where namespace and globals are one dict, as in modules.
        load_cached_global(r, vm, x)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        vm.count(Event::CacheMiss);
        let name = vm.name(x.arg);
        let v = match vm.lookup_namespace(&name)? {
            Some(v) => v,
            None => vm.lookup_global(&name)?,
        };
        if vm.namespace_is_globals() {
            vm.cache_global(x.aux, &name);
        }
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `STORE_NAME`.
pub struct StoreName;
impl Op for StoreName {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.name(x.arg);
        let v = r.pop();
        vm.store_namespace(&name, v)?;
        Ok(Flow::Next)
    }
}

/// `DELETE_NAME`.
pub struct DeleteName;
impl Op for DeleteName {
    fn full<M: ObjectModel>(_: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.name(x.arg);
        vm.delete_namespace(&name)?;
        Ok(Flow::Next)
    }
}

/// `LOAD_GLOBAL`.
pub struct LoadGlobal;
impl Op for LoadGlobal {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.name(x.arg);
        let v = vm.lookup_global(&name)?;
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `LOAD_GLOBAL`.
pub struct LoadGlobalCached;
impl Op for LoadGlobalCached {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        load_cached_global(r, vm, x)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        vm.count(Event::CacheMiss);
        let name = vm.name(x.arg);
        let v = vm.lookup_global(&name)?;
        vm.cache_global(x.aux, &name);
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `STORE_GLOBAL`.
pub struct StoreGlobal;
impl Op for StoreGlobal {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.name(x.arg);
        let v = r.pop();
        let hash = vm.str_hash(&name);
        drop(vm.globals().table.insert_str(name, hash, v));
        Ok(Flow::Next)
    }
}

/// `DELETE_GLOBAL`.
pub struct DeleteGlobal;
impl Op for DeleteGlobal {
    fn full<M: ObjectModel>(_: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.name(x.arg);
        let hash = vm.str_hash(&name);
        if vm.globals().table.remove_str(&name, hash).is_none() {
            return Err(vm.raise_name_error(&name));
        }
        Ok(Flow::Next)
    }
}

/// `IMPORT_NAME`.
pub struct ImportName;
impl Op for ImportName {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.name(x.arg);
        let from = r.pop();
        let level = r.pop();
        let module = vm.import_name(&name, &from, &level)?;
        r.push(module);
        Ok(Flow::Next)
    }
}

/// `IMPORT_FROM`.
pub struct ImportFrom;
impl Op for ImportFrom {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.name(x.arg);
        let module = r.peek(0).clone();
        let v = vm.import_from(&module, &name)?;
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `IMPORT_STAR`.
pub struct ImportStar;
impl Op for ImportStar {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let module = r.pop();
        vm.import_star(&module)?;
        Ok(Flow::Next)
    }
}

/// `SETUP_ANNOTATIONS`.
pub struct SetupAnnotations;
impl Op for SetupAnnotations {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let name = vm.intern("__annotations__");
        if vm.lookup_namespace(&name)?.is_none() {
            let dict = vm.new_dict();
            vm.store_namespace(&name, dict)?;
        }
        let _ = r;
        Ok(Flow::Next)
    }
}

/// Pushes what a cache of dict positions says, if the dicts still have the key sets it saw.
#[inline(always)]
fn load_cached_global<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
    let cache = vm.cache(x.aux).get();
    let globals = vm.globals();
    if cache.key == 0 || globals.table.known_version() != cache.key {
        return Flow::Slow;
    }
    let position = cache.value as u32 as usize;
    let builtins_version = cache.value >> 32;
    let found = if builtins_version == 0 {
        globals.table.value_at(position)
    } else {
        let builtins = vm.builtins();
        if builtins.table.known_version() != builtins_version {
            return Flow::Slow;
        }
        builtins.table.value_at(position)
    };
    match found {
        Some(v) => {
            r.push(v);
            vm.count(Event::CacheHit);
            Flow::Next
        }
        None => Flow::Slow,
    }
}
