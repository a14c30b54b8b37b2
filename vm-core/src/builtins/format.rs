//! `format()`, the `__format__` methods of `str` and numbers, `str.format` and `format_map`.
//!
//! The template language and the specifications are parsed and laid out in
//! `crate::text`; here values are looked up and handed over (PEP 3101,
//! CPython `Objects/stringlib/unicode_format.h`).

use crate::Vm;
use crate::object::{Args, Kind, ObjectModel, Res, V, Value};
use crate::text::error::OpResult;
use crate::text::format_template::{
    self, Argument, AutoNumber, Conversion, Field, FieldName, Step, Template,
};
use crate::text::{format_number, format_spec, repr as text_repr};
use crate::types::complex::Complex;
use crate::types::str::Str;
use rustpython_wtf8::{Wtf8, Wtf8Buf};

/// The text of a value by a specification, for the built-in types that have no say of their own.
/// `None` for all other objects.
fn format_plain<M: ObjectModel>(
    vm: &mut Vm<M>,
    v: &V<M>,
    spec: &Wtf8,
) -> Option<OpResult<Wtf8Buf>> {
    if let Some(s) = v.get_exact::<Str>() {
        return Some(format_spec::format_str(s.str_ref(), spec));
    }
    if v.is_exact_int() {
        return v
            .as_int()
            .map(|i| format_number::format_int(i.into(), spec, "int"));
    }
    if v.kind() == Kind::Bool && !spec.is_empty() {
        let name = vm.type_name(v);
        return v
            .as_int()
            .map(|i| format_number::format_int(i.into(), spec, &name));
    }
    v.exact_float()
        .map(|x| format_number::format_float(x, spec, "float"))
}

impl<M: ObjectModel> Vm<M> {
    /// `format(v, spec)`; `spec` is a `str`.
    pub fn format(&mut self, v: &V<M>, spec: &V<M>) -> Res<V<M>> {
        if let Some(s) = spec.get::<Str>() {
            if s.is_empty() && v.get_exact::<Str>().is_some() {
                return Ok(v.clone());
            }
            if let Some(text) = format_plain(self, v, s.text()) {
                let text = self.op(text)?;
                return Ok(self.new_text(text));
            }
        }
        let Some(r) = self.call_special(v, "__format__", std::slice::from_ref(spec))? else {
            let m = format!("Type {} doesn't define __format__", self.type_name(v));
            return Err(self.raise_type_error(m));
        };
        if r.get::<Str>().is_none() {
            let m = format!("__format__ must return a str, not {}", self.type_name(&r));
            return Err(self.raise_type_error(m));
        }
        Ok(r)
    }

    /// `ascii(v)`: the repr with everything above ASCII escaped.
    pub fn ascii(&mut self, v: &V<M>) -> Res<V<M>> {
        let r = self.repr(v)?;
        match r.get::<Str>() {
            Some(s) if !s.is_ascii() => {
                let text = text_repr::ascii_escape(s.text());
                Ok(self.new_str(text))
            }
            _ => Ok(r),
        }
    }
}

/// The receiver and the specification of a `__format__` call.
fn method_arguments<'a, M: ObjectModel>(
    vm: &mut Vm<M>,
    args: Args<'a, M>,
) -> Res<(&'a V<M>, &'a Str)> {
    let (slf, rest) = args.method();
    let [spec] = rest.exact::<1>(vm, "__format__")?;
    match spec.get::<Str>() {
        Some(s) => Ok((slf, s)),
        None => {
            let m = format!(
                "__format__() argument 1 must be str, not {}",
                vm.type_name(spec)
            );
            Err(vm.raise_type_error(m))
        }
    }
}

macro_rules! format_methods { ($($(#[$doc:meta])* $name:ident |$v:ident, $spec:ident, $class:ident| $text:expr;)*) => { $(
    $(#[$doc])*
    pub fn $name<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
        let ($v, spec) = method_arguments(vm, args)?;
        if spec.is_empty() {
            return vm.str($v);
        }
        let ($spec, $class) = (spec.text(), vm.type_name($v));
        let text: OpResult<Wtf8Buf> = $text;
        let text = vm.op(text)?;
        Ok(vm.new_text(text))
    }
)* } }
format_methods! {
    /// `str.__format__`
    str_format |v, spec, _class|
        format_spec::format_str(crate::types::str::arguments::receiver(v), spec);
    /// `int.__format__`
    int_format |v, spec, class|
        format_number::format_int(v.as_int().map_or(0i64.into(), Into::into), spec, &class);
    /// `float.__format__`
    float_format |v, spec, class|
        format_number::format_float(v.as_float().unwrap_or(0.0), spec, &class);
    /// `complex.__format__`
    complex_format |v, spec, class| {
        let c = v.get::<Complex>().copied().unwrap_or(Complex::real(0.0));
        format_number::format_complex(c.re, c.im, spec, &class)
    };
}

/// Where fields find their values.
struct Fields<'a, M: ObjectModel> {
    /// Positional arguments; none for `format_map`.
    positional: Option<&'a [V<M>]>,
    /// Keyword arguments, name and value in turn.
    keywords: &'a [V<M>],
    /// The mapping of `format_map`.
    mapping: Option<&'a V<M>>,
    numbers: AutoNumber,
}

impl<M: ObjectModel> Fields<'_, M> {
    fn keyword(&self, vm: &mut Vm<M>, name: &Wtf8) -> Res<V<M>> {
        if let Some(mapping) = self.mapping {
            let key = vm.new_piece(name);
            return vm.get_item(mapping, &key);
        }
        for pair in self.keywords.chunks_exact(2) {
            if pair[0].get::<Str>().is_some_and(|s| s.text() == name) {
                return Ok(pair[1].clone());
            }
        }
        let key = vm.new_piece(name);
        Err(vm.raise_key_error(key))
    }

    fn argument(&mut self, vm: &mut Vm<M>, argument: Argument<'_>) -> Res<V<M>> {
        let position = vm.op(self.numbers.position(argument))?;
        let index = match (argument, position) {
            (Argument::Keyword(name), _) => return self.keyword(vm, name),
            (_, index) => index.unwrap_or(0),
        };
        let Some(positional) = self.positional else {
            return Err(vm.raise_op(format_template::positional_fields()));
        };
        match positional.get(index) {
            Some(v) => Ok(v.clone()),
            None => Err(vm.raise_index_error("tuple index out of range")),
        }
    }

    /// The object that a field name stands for.
    fn resolve(&mut self, vm: &mut Vm<M>, name: &Wtf8) -> Res<V<M>> {
        let mut path = vm.op(FieldName::parse(name))?;
        let mut object = self.argument(vm, path.argument)?;
        while let Some(step) = vm.op(path.next_step())? {
            object = match step {
                Step::Attribute(name) => {
                    let name = vm.new_piece(name);
                    let name = vm.intern_value(&name);
                    vm.get_attr(&object, &name)?
                }
                Step::Index(i) => {
                    let i = vm.new_usize(i);
                    vm.get_item(&object, &i)?
                }
                Step::Key(key) => {
                    let key = vm.new_piece(key);
                    vm.get_item(&object, &key)?
                }
            };
        }
        Ok(object)
    }

    fn field(
        &mut self,
        vm: &mut Vm<M>,
        field: &Field<'_>,
        depth: usize,
        out: &mut Wtf8Buf,
    ) -> Res<()> {
        let mut object = self.resolve(vm, field.name)?;
        if let Some(code) = field.conversion {
            object = match vm.op(Conversion::of(code))? {
                Conversion::Str => vm.str(&object)?,
                Conversion::Repr => vm.repr(&object)?,
                Conversion::Ascii => vm.ascii(&object)?,
            };
        }
        let expanded;
        let spec = if field.spec_has_fields {
            expanded = self.render(vm, field.spec, depth - 1)?;
            &*expanded
        } else {
            field.spec
        };
        if let Some(text) = format_plain(vm, &object, spec) {
            let text = vm.op(text)?;
            out.push_wtf8(&text);
            return Ok(());
        }
        let spec = vm.new_piece(spec);
        let text = vm.format(&object, &spec)?;
        if let Some(s) = text.get::<Str>() {
            out.push_wtf8(s.text());
        }
        Ok(())
    }

    fn render(&mut self, vm: &mut Vm<M>, template: &Wtf8, depth: usize) -> Res<Wtf8Buf> {
        if depth == 0 {
            return Err(vm.raise_op(format_template::too_deep()));
        }
        let mut out = Wtf8Buf::with_capacity(template.len());
        for piece in Template::new(template) {
            let piece = vm.op(piece)?;
            out.push_wtf8(piece.literal);
            if let Some(field) = &piece.field {
                self.field(vm, field, depth, &mut out)?;
            }
        }
        Ok(out)
    }
}

/// `str.format(*args, **kwargs)`
pub fn str_format_method<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let mut fields = Fields {
        positional: Some(rest.pos),
        keywords: rest.kw,
        mapping: None,
        numbers: AutoNumber::default(),
    };
    render(vm, slf, &mut fields)
}

/// `str.format_map(mapping)`
pub fn format_map<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [mapping] = rest.exact::<1>(vm, "format_map")?;
    let mut fields = Fields {
        positional: None,
        keywords: &[],
        mapping: Some(mapping),
        numbers: AutoNumber::default(),
    };
    render(vm, slf, &mut fields)
}

fn render<M: ObjectModel>(vm: &mut Vm<M>, slf: &V<M>, fields: &mut Fields<'_, M>) -> Res<V<M>> {
    let template = crate::types::str::arguments::receiver(slf).text();
    let text = vm.holding(|vm| fields.render(vm, template, format_template::MAX_DEPTH))?;
    Ok(vm.new_text(text))
}

/// `format(value[, format_spec])`
pub fn format<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (value, spec) = match args.between(vm, "format", 1, 2)? {
        [value, spec] => (value, spec.clone()),
        a => (&a[0], vm.new_piece_ref("".into())),
    };
    if spec.get::<Str>().is_none() {
        let m = format!(
            "format() argument 2 must be str, not {}",
            vm.type_name(&spec)
        );
        return Err(vm.raise_type_error(m));
    }
    vm.format(value, &spec)
}
