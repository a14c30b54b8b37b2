//! `OSError`: the subclass is chosen by `errno` (PEP 3151).
//!
//! Arguments are parsed in `__new__`, unless a subclass overrides `__init__` but not `__new__`:
//! then in `OSError.__init__`, with what the subclass passes on.

use super::{base, fields};
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::slots::{Call, Init};
use crate::object::{Args, ObjectModel, Raised, Res, V, Value};
use crate::types::class::Type;
use fields::slot;

/// Error numbers that have classes of their own (Linux numbers).
const CLASSES: &[(i64, Exc)] = &[
    (11, Exc::BlockingIOError),
    (114, Exc::BlockingIOError),
    (115, Exc::BlockingIOError),
    (10, Exc::ChildProcessError),
    (32, Exc::BrokenPipeError),
    (108, Exc::BrokenPipeError),
    (103, Exc::ConnectionAbortedError),
    (111, Exc::ConnectionRefusedError),
    (104, Exc::ConnectionResetError),
    (17, Exc::FileExistsError),
    (2, Exc::FileNotFoundError),
    (4, Exc::InterruptedError),
    (21, Exc::IsADirectoryError),
    (20, Exc::NotADirectoryError),
    (1, Exc::PermissionError),
    (13, Exc::PermissionError),
    (3, Exc::ProcessLookupError),
    (110, Exc::TimeoutError),
];

fn class_for(errno: i64) -> Option<Exc> {
    CLASSES.iter().find(|c| c.0 == errno).map(|c| c.1)
}

/// Whether the arguments wait for `__init__`.
fn parses_in_init<M: ObjectModel>(vm: &Vm<M>, class: &V<M>) -> bool {
    let Some(id) = class.get::<Type<M>>().map(|t| t.id) else {
        return false;
    };
    let slots = &vm.class_entry(id).slots;
    let own_init = init::<M> as Init<M>;
    let own_new = new::<M> as Call<M>;
    slots.init.is_some_and(|f| f as usize != own_init as usize)
        && slots.new.is_some_and(|f| f as usize == own_new as usize)
}

/// `OSError.__new__`.
pub fn new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    if parses_in_init(vm, class) {
        return fields::new::<M, 5>(vm, class, Args::new(&[]));
    }
    let mut class = class.clone();
    if !args.kw.is_empty() {
        let name = class.get::<Type<M>>().map(|t| t.name.load());
        let name = name.map_or(String::new(), |n| vm.text_of(&n));
        return Err(vm.raise_type_error(format!("{name} does not take keyword arguments")));
    }
    if args.pos.len() >= 2
        && class.is(&vm.class_of_exc(Exc::OSError))
        && let Some(errno) = args.pos[0].as_int().and_then(|i| i.to_i64())
        && let Some(exc) = class_for(errno)
    {
        class = vm.class_of_exc(exc);
    }
    let v = fields::new::<M, 5>(vm, &class, args)?;
    parse(vm, &v, args.pos);
    Ok(v)
}

/// `OSError.__init__`.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    let class = vm.type_of(v);
    if !parses_in_init(vm, &class) {
        return Ok(());
    }
    base::refuse_keywords(vm, v, args)?;
    parse(vm, v, args.pos);
    Ok(())
}

/// Distributes the arguments: (errno, strerror[, filename[, winerror[, filename2]]]).
fn parse<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: &[V<M>]) {
    base::set_args(vm, v, args);
    if !(2..=5).contains(&args.len()) {
        return;
    }
    fields::set::<M>(v, slot::ERRNO, args[0].clone());
    fields::set::<M>(v, slot::STRERROR, args[1].clone());
    let Some(filename) = args.get(2).filter(|f| !f.is_none()) else {
        return;
    };
    if vm.is_exception_of(v, Exc::BlockingIOError) && filename.as_int().is_some() {
        fields::set::<M>(v, slot::CHARACTERS_WRITTEN, filename.clone());
        return;
    }
    fields::set::<M>(v, slot::FILENAME, filename.clone());
    if let Some(second) = args.get(4) {
        fields::set::<M>(v, slot::FILENAME2, second.clone());
    }
    base::set_args(vm, v, &args[..2]);
}

/// `str()`.
pub fn str<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let [errno, strerror, filename, second] =
        [slot::ERRNO, slot::STRERROR, slot::FILENAME, slot::FILENAME2]
            .map(|s| fields::get(vm, v, s));
    if filename.is_none() && (errno.is_none() || strerror.is_none()) {
        return base::str(vm, v);
    }
    let mut text = format!(
        "[Errno {}] {}",
        vm.str_text(&errno)?,
        vm.str_text(&strerror)?
    );
    if !filename.is_none() {
        text.push_str(": ");
        text.push_str(&vm.repr_text(&filename)?);
        if !second.is_none() {
            text.push_str(" -> ");
            text.push_str(&vm.repr_text(&second)?);
        }
    }
    Ok(vm.new_str(text))
}

impl<M: ObjectModel> Vm<M> {
    /// Raises the OSError of an error number, with the file it concerns.
    #[cold]
    pub fn raise_errno(&mut self, errno: i64, filename: Option<&V<M>>) -> Raised {
        let exc = class_for(errno).unwrap_or(Exc::OSError);
        let text = std::io::Error::from_raw_os_error(errno as i32).to_string();
        let text = match text.rfind(" (os error ") {
            Some(end) => text[..end].to_owned(),
            None => text,
        };
        let args = vec![self.new_int(errno), self.new_str(text)];
        let e = self.new_exception(exc, args);
        if let Some(f) = filename {
            fields::set::<M>(&e, slot::FILENAME, f.clone());
        }
        self.raise_value(e)
    }

    /// Raises the OSError of a failed operation.
    #[cold]
    pub fn raise_io(&mut self, error: &std::io::Error, filename: Option<&V<M>>) -> Raised {
        match error.raw_os_error() {
            Some(errno) => self.raise_errno(i64::from(errno), filename),
            None => self.raise(Exc::OSError, error.to_string()),
        }
    }
}
