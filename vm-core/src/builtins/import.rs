//! `__import__`: names to modules, `sys.modules`, packages, relative imports.
//!
//! Where a module can come from, in this order: `sys.modules`; native modules; the folder of the
//! running script (the first of `sys.path`); the Python sources that are part of the machine; the
//! rest of `sys.path`. A submodule is looked for in its package's `__path__` (or among the built-in
//! sources). Files are compiled each time: nothing is cached on disk. Finders, loaders and specs
//! do not exist: `__loader__` and `__spec__` are None. Source: CPython `Python/import.c`,
//! `Lib/importlib/_bootstrap.py`.

use crate::Vm;
use crate::machine::errors::Exc;
use crate::modules::sources;
use crate::object::{Args, ObjectModel, Res, V, Value, ValueCell};
use crate::types::dict::Dict;
use crate::types::module::Module;
use crate::types::str::Str;
use std::path::{Path, PathBuf};

/// `__import__(name, globals=None, locals=None, fromlist=(), level=0)`.
pub fn import<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let names = ["name", "globals", "locals", "fromlist", "level"];
    let [name, globals, _, fromlist, level] = args.parse(vm, "__import__", names, 1)?;
    let name = name.unwrap_or_else(V::<M>::none);
    let Some(text) = name
        .get::<Str>()
        .map(|s| s.text().to_string_lossy().into_owned())
    else {
        let m = format!(
            "__import__() argument 1 must be str, not {}",
            vm.type_name(&name)
        );
        return Err(vm.raise_type_error(m));
    };
    let level = match level {
        Some(l) => vm.index_as_isize(&l, Exc::OverflowError)?,
        None => 0,
    };
    if level < 0 {
        return Err(vm.raise_value_error("level must be >= 0"));
    }
    let absolute = if level > 0 {
        let package = calling_package(vm, globals.as_ref())?;
        resolve(vm, &text, &package, level as usize)?
    } else if text.is_empty() {
        return Err(vm.raise_value_error("Empty module name"));
    } else {
        text.clone()
    };
    let module = vm.import_module(&absolute)?;
    let wanted = match &fromlist {
        Some(f) if !f.is_none() => vm.is_true(f)?,
        _ => false,
    };
    if wanted {
        let names = vm.collect_iter(&fromlist.unwrap_or_else(V::<M>::none))?;
        import_submodules(vm, &module, &names)?;
        return Ok(module);
    }
    // `import a.b.c` binds `a`; a relative name is cut at the same place.
    let top = match text.find('.') {
        None if level == 0 => return Ok(module),
        None if text.is_empty() => return Ok(module),
        None => absolute.clone(),
        Some(dot) => absolute[..absolute.len() - (text.len() - dot)].to_owned(),
    };
    match vm.loaded_module(&top) {
        Some(m) => Ok(m),
        None => {
            let shown = crate::text::repr::repr_str(rustpython_wtf8::Wtf8::new(top.as_str()));
            Err(vm.raise(
                Exc::KeyError,
                format!("{shown} not in sys.modules as expected"),
            ))
        }
    }
}

/// The package against which the code with these globals resolves relative names.
fn calling_package<M: ObjectModel>(vm: &mut Vm<M>, globals: Option<&V<M>>) -> Res<String> {
    let Some(globals) = globals.filter(|g| g.get::<Dict<M>>().is_some()) else {
        return Err(vm.raise_type_error("globals must be a dict"));
    };
    let package = dict_get(vm, globals, "__package__").filter(|p| !p.is_none());
    let package = match package {
        Some(p) => {
            if p.get::<Str>().is_none() {
                return Err(vm.raise_type_error("package must be a string"));
            }
            vm.text_of(&p)
        }
        None => {
            let Some(name) = dict_get(vm, globals, "__name__") else {
                return Err(vm.raise(Exc::KeyError, "'__name__' not in globals"));
            };
            if name.get::<Str>().is_none() {
                return Err(vm.raise_type_error("__name__ must be a string"));
            }
            let name = vm.text_of(&name);
            if dict_get(vm, globals, "__path__").is_some() {
                name
            } else {
                name.rfind('.')
                    .map_or(String::new(), |dot| name[..dot].to_owned())
            }
        }
    };
    if vm.loaded_module(&package).is_none() {
        let shown = crate::text::repr::repr_str(rustpython_wtf8::Wtf8::new(package.as_str()));
        let m = format!("Parent module {shown} not loaded, cannot perform relative import");
        return Err(vm.raise(Exc::SystemError, m));
    }
    Ok(package)
}

fn resolve<M: ObjectModel>(vm: &mut Vm<M>, name: &str, package: &str, level: usize) -> Res<String> {
    let mut base = package;
    for _ in 1..level {
        match base.rfind('.') {
            Some(dot) => base = &base[..dot],
            None => {
                let m = "attempted relative import beyond top-level package";
                return Err(vm.raise_value_error(m));
            }
        }
    }
    Ok(if name.is_empty() {
        base.to_owned()
    } else {
        format!("{base}.{name}")
    })
}

fn dict_get<M: ObjectModel>(vm: &mut Vm<M>, dict: &V<M>, name: &str) -> Option<V<M>> {
    let name = vm.intern(name);
    let hash = vm.str_hash(&name);
    dict.get::<Dict<M>>()?.table.get_str(&name, hash)
}

fn dict_set<M: ObjectModel>(vm: &mut Vm<M>, dict: &V<M>, name: &str, value: V<M>) {
    let name = vm.intern(name);
    let hash = vm.str_hash(&name);
    if let Some(d) = dict.get::<Dict<M>>() {
        drop(d.table.insert_str(name, hash, value));
    }
}

/// Imports those of the names that are submodules of a package rather than attributes.
fn import_submodules<M: ObjectModel>(vm: &mut Vm<M>, module: &V<M>, names: &[V<M>]) -> Res<()> {
    if vm.find_attr(module, "__path__")?.is_none() {
        return Ok(());
    }
    let package = match vm.find_attr(module, "__name__")? {
        Some(n) => vm.text_of(&n),
        None => return Ok(()),
    };
    for name in names {
        let Some(text) = name
            .get::<Str>()
            .map(|s| s.text().to_string_lossy().into_owned())
        else {
            let m = format!(
                "Item in ``from list'' must be str, not {}",
                vm.type_name(name)
            );
            return Err(vm.raise_type_error(m));
        };
        if text == "*" {
            if let Some(all) = vm.find_attr(module, "__all__")? {
                let all = vm.collect_iter(&all)?;
                let all: Vec<V<M>> = all.into_iter().filter(|n| vm.text_of(n) != "*").collect();
                import_submodules(vm, module, &all)?;
            }
        } else if vm.find_attr(module, &text)?.is_none() {
            let full = format!("{package}.{text}");
            if vm.import_module(&full).is_err() {
                if !vm.raised_is(Exc::ImportError) || !names_module(vm, &full) {
                    return Err(crate::object::Raised);
                }
                drop(vm.take_raised());
            }
        }
    }
    Ok(())
}

/// Whether the ImportError being raised says that just this module does not exist.
fn names_module<M: ObjectModel>(vm: &Vm<M>, full: &str) -> bool {
    use crate::types::exception::fields;
    let name = fields::get(vm, &vm.raised, fields::slot::NAME);
    vm.text_of(&name) == full
}

/// Where a module's source was found.
enum Found {
    Native,
    BuiltIn(sources::ModuleSource),
    File {
        file: PathBuf,
        folder: Option<PathBuf>,
    },
    /// A folder without `__init__.py` (PEP 420).
    Namespace(PathBuf),
}

fn find_in_folder(folder: &str, name: &str) -> Option<Found> {
    let base = if folder.is_empty() {
        // The working folder, by its full name as in CPython's `PathFinder`.
        std::env::current_dir().unwrap_or_default().join(name)
    } else {
        Path::new(folder).join(name)
    };
    let init = base.join("__init__.py");
    if init.is_file() {
        return Some(Found::File {
            file: init,
            folder: Some(base),
        });
    }
    let file = base.with_file_name(format!("{name}.py"));
    if file.is_file() {
        return Some(Found::File { file, folder: None });
    }
    None
}

fn find_in_folders(folders: &[String], name: &str) -> Option<Found> {
    folders
        .iter()
        .find_map(|f| find_in_folder(f, name))
        .or_else(|| {
            let mut places = folders.iter().map(|f| Path::new(f).join(name));
            places.find(|p| p.is_dir()).map(Found::Namespace)
        })
}

impl<M: ObjectModel> Vm<M> {
    /// The module of that full name in `sys.modules`.
    pub fn loaded_module(&mut self, name: &str) -> Option<V<M>> {
        let modules = self.interp.modules.clone();
        dict_get(self, &modules, name)
    }

    /// Imports a module by its full name, its packages first.
    pub fn import_module(&mut self, name: &str) -> Res<V<M>> {
        if let Some(m) = self.loaded_module(name) {
            if m.is_none() {
                let key = self.new_str(name);
                let m = format!("import of {name} halted; None in sys.modules");
                return Err(self.raise_import_error(m, &key));
            }
            return Ok(m);
        }
        let Some(dot) = name.rfind('.') else {
            let found = self.find_top_level(name)?;
            return self.load(name, found);
        };
        let (parent_name, last) = (&name[..dot], &name[dot + 1..]);
        let parent = self.import_module(parent_name)?;
        // Importing the parent may have imported this module.
        if let Some(m) = self.loaded_module(name) {
            return Ok(m);
        }
        let Some(path) = self.find_attr(&parent, "__path__")? else {
            let key = self.new_str(name);
            let m = format!("No module named '{name}'; '{parent_name}' is not a package");
            return Err(self.raise_import_error(m, &key));
        };
        let found = match sources::find(name) {
            Some(source) => Some(Found::BuiltIn(source)),
            None if self.interp.native_modules.contains_key(name) => Some(Found::Native),
            None => {
                let folders = self.texts(&path)?;
                find_in_folders(&folders, last)
            }
        };
        let module = self.load(name, found)?;
        // The submodule's code may have replaced its parent.
        if let Some(parent) = self.loaded_module(parent_name) {
            let key = self.intern(last);
            self.set_attr(&parent, &key, Some(&module))?;
        }
        Ok(module)
    }

    fn find_top_level(&mut self, name: &str) -> Res<Option<Found>> {
        if self.interp.native_modules.contains_key(name) {
            return Ok(Some(Found::Native));
        }
        let folders = match self.sys_attr("path") {
            Some(path) => self.texts(&path)?,
            None => self.options.path.clone(),
        };
        let (first, rest) = folders.split_at(folders.len().min(1));
        Ok(first
            .first()
            .and_then(|f| find_in_folder(f, name))
            .or_else(|| sources::find(name).map(Found::BuiltIn))
            .or_else(|| find_in_folders(rest, name))
            .or_else(|| find_in_folders(first, name)))
    }

    /// The strings of a list or tuple.
    fn texts(&mut self, v: &V<M>) -> Res<Vec<String>> {
        let items = self.collect_iter(v)?;
        Ok(items
            .iter()
            .filter(|i| i.get::<Str>().is_some())
            .map(|i| self.text_of(i))
            .collect())
    }

    fn load(&mut self, name: &str, found: Option<Found>) -> Res<V<M>> {
        let Some(found) = found else {
            let key = self.new_str(name);
            return Err(self.raise_import_error(format!("No module named '{name}'"), &key));
        };
        let modules = self.interp.modules.clone();
        if let Found::Native = found {
            let Some(&make) = self.interp.native_modules.get(name) else {
                return Ok(V::<M>::none());
            };
            let module = make(self)?;
            dict_set(self, &modules, name, module.clone());
            return Ok(module);
        }
        let module = self.new_module(name);
        let dict = module
            .get::<Module<M>>()
            .map_or_else(V::<M>::none, |m| m.dict.load());
        let (file, folder, source) = match &found {
            Found::Native => (None, None, None),
            Found::BuiltIn(s) => {
                let folder = s.is_package.then(|| PathBuf::from(s.file_name));
                (
                    Some(s.file_name.to_owned()),
                    folder,
                    Some(s.text.as_bytes().to_vec()),
                )
            }
            Found::File { file, folder } => {
                let text = match std::fs::read(file) {
                    Ok(t) => t,
                    Err(e) => {
                        let path = self.new_str(file.to_string_lossy());
                        return Err(self.raise_io(&e, Some(&path)));
                    }
                };
                (
                    Some(file.to_string_lossy().into_owned()),
                    folder.clone(),
                    Some(text),
                )
            }
            Found::Namespace(folder) => (None, Some(folder.clone()), None),
        };
        let package = if folder.is_some() {
            name
        } else {
            name.rfind('.').map_or("", |dot| &name[..dot])
        };
        let package = self.new_str(package);
        dict_set(self, &dict, "__package__", package);
        if let Some(folder) = folder {
            let folder = self.new_str(folder.to_string_lossy());
            let path = self.new_list(vec![folder]);
            dict_set(self, &dict, "__path__", path);
        }
        let Some(source) = source else {
            dict_set(self, &modules, name, module.clone());
            return Ok(module);
        };
        let file = file.unwrap_or_default();
        let file_value = self.new_str(file.clone());
        dict_set(self, &dict, "__file__", file_value);
        dict_set(self, &dict, "__cached__", V::<M>::none());
        let mut options = self.compile_options();
        if let Found::BuiltIn(_) = found {
            options.dialect = ceval_compiler::Dialect::Default;
        }
        let code = self.compile_file(&source, &file, &options)?;
        dict_set(self, &modules, name, module.clone());
        self.ensure_builtins(&dict);
        if let Err(e) = self.run_code(&code, &dict, &dict) {
            let key = self.intern(name);
            let hash = self.str_hash(&key);
            if let Some(d) = modules.get::<Dict<M>>() {
                drop(d.table.remove_str(&key, hash));
            }
            return Err(e);
        }
        // A module may put something else in its place, or take itself out.
        match self.loaded_module(name) {
            Some(m) => Ok(m),
            None => {
                let key = self.new_str(name);
                let m = format!("Loaded module '{name}' not found in sys.modules");
                Err(self.raise_import_error(m, &key))
            }
        }
    }

    /// A module object with the attributes that every module has.
    pub fn new_module(&mut self, name: &str) -> V<M> {
        let dict = self.new_dict();
        let name = self.intern(name);
        dict_set(self, &dict, "__name__", name);
        for key in ["__doc__", "__package__", "__loader__", "__spec__"] {
            dict_set(self, &dict, key, V::<M>::none());
        }
        self.alloc(Module {
            dict: ValueCell::new(dict),
        })
    }

    /// Sets a global of a module.
    pub fn set_module_attr(&mut self, module: &V<M>, name: &str, value: V<M>) {
        if let Some(m) = module.get::<Module<M>>() {
            let dict = m.dict.load();
            dict_set(self, &dict, name, value);
        }
    }
}
