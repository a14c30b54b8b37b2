//! `mappingproxy`: a read-only view of a mapping.

use crate::Vm;
use crate::object::{Args, Kind, ObjectModel, Res, Trace, V, Value, Visitor};

/// Body of a `mappingproxy`.
pub struct MappingProxy<M: ObjectModel> {
    /// The mapping, for classes their dict object.
    pub mapping: V<M>,
}

impl<M: ObjectModel> Trace<M> for MappingProxy<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.mapping);
    }
}

fn mapping<M: ObjectModel>(v: &V<M>) -> V<M> {
    v.get::<MappingProxy<M>>()
        .map_or_else(|| v.clone(), |p| p.mapping.clone())
}

fn proxy_new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [mapping] = args.parse(vm, "mappingproxy", ["mapping"], 1)?;
    let mapping = mapping.unwrap_or_else(V::<M>::none);
    let is_mapping =
        vm.slots(&mapping).getitem.is_some() && !matches!(mapping.kind(), Kind::List | Kind::Tuple);
    if !is_mapping {
        let m = format!(
            "mappingproxy() argument must be a mapping, not {}",
            vm.type_name(&mapping)
        );
        return Err(vm.raise_type_error(m));
    }
    Ok(vm.alloc_as(class, MappingProxy { mapping }))
}

fn forward<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>, name: &str) -> Res<V<M>> {
    let (v, rest) = args.method();
    let f = vm.get_attr_str(&mapping::<M>(v), name)?;
    vm.call(&f, rest)
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::MappingProxy)
        .slots(|s| {
            s.new = Some(proxy_new);
            s.len = Some(|vm, v| vm.len(&mapping::<M>(v)));
            s.getitem = Some(|vm, v, key| vm.get_item(&mapping::<M>(v), key));
            s.contains = Some(|vm, v, key| vm.contains(&mapping::<M>(v), key));
            s.iter = Some(|vm, v| vm.iter(&mapping::<M>(v)));
            s.str = Some(|vm, v| vm.str(&mapping::<M>(v)));
            s.repr = Some(|vm, v| {
                let inner = vm.repr_text(&mapping::<M>(v))?;
                Ok(vm.new_str(format!("mappingproxy({inner})")))
            });
            s.richcompare = Some(|vm, a, b, op| vm.compare(op, &mapping::<M>(a), b));
        })
        .method("get", |vm, args| forward(vm, args, "get"))
        .method("keys", |vm, args| forward(vm, args, "keys"))
        .method("values", |vm, args| forward(vm, args, "values"))
        .method("items", |vm, args| forward(vm, args, "items"))
        .method("copy", |vm, args| forward(vm, args, "copy"))
        .done();
}
