//! Calling any value from native code.
//!
//! Calls from Python code to Python functions do not come here: they push a
//! frame in the running loop (`semantics/call.rs`).

use super::vm::Vm;
use crate::object::{Args, Kind, ObjectModel, Res, V, Value};
use crate::types::builtin::{Builtin, MethodDescriptor};
use crate::types::method::Method;
use smallvec::SmallVec;

impl<M: ObjectModel> Vm<M> {
    /// Calls a value with positional arguments.
    pub fn call_values(&mut self, callee: &V<M>, args: &[V<M>]) -> Res<V<M>> {
        self.call(callee, Args::new(args))
    }

    /// Calls a value.
    pub fn call(&mut self, callee: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
        match callee.kind() {
            Kind::Function => self.call_function(callee, args),
            Kind::Builtin => match callee.get::<Builtin<M>>() {
                Some(b) if b.receiver.is_null() => (b.function)(self, args),
                Some(b) => self.call_with_receiver(b.function, &b.receiver, args),
                None => Ok(V::<M>::none()),
            },
            Kind::MethodDescriptor => self.call_descriptor(callee, args),
            Kind::Method => match callee.get::<Method<M>>() {
                Some(m) => {
                    let mut all: SmallVec<[V<M>; 8]> = SmallVec::with_capacity(args.pos.len() + 1);
                    all.push(m.receiver.clone());
                    all.extend(args.pos.iter().cloned());
                    let function = m.function.clone();
                    self.call(
                        &function,
                        Args {
                            pos: &all,
                            kw: args.kw,
                        },
                    )
                }
                None => Ok(V::<M>::none()),
            },
            _ => match self.slots(callee).call {
                Some(f) => {
                    self.enter_native(" while calling a Python object")?;
                    let r = f(self, callee, args);
                    self.leave_native();
                    r
                }
                None => {
                    let m = format!("'{}' object is not callable", self.type_name(callee));
                    Err(self.raise_type_error(m))
                }
            },
        }
    }

    /// Calls a native method with its receiver in front of the arguments.
    pub fn call_with_receiver(
        &mut self,
        function: crate::object::NativeFn<M>,
        receiver: &V<M>,
        args: Args<'_, M>,
    ) -> Res<V<M>> {
        let mut all: SmallVec<[V<M>; 8]> = SmallVec::with_capacity(args.pos.len() + 1);
        all.push(receiver.clone());
        all.extend(args.pos.iter().cloned());
        function(
            self,
            Args {
                pos: &all,
                kw: args.kw,
            },
        )
    }

    /// Calls a native method through its descriptor: the receiver must be an instance of the owner.
    pub fn call_descriptor(&mut self, callee: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
        let Some(d) = callee.get::<MethodDescriptor<M>>() else {
            return Ok(V::<M>::none());
        };
        self.check_receiver(d.name, &d.owner, args)?;
        (d.function)(self, args)
    }

    /// TypeError unless the first argument is an instance of `owner`, as method descriptors word it.
    pub fn check_receiver(&mut self, name: &str, owner: &V<M>, args: Args<'_, M>) -> Res<()> {
        let Some(class) = owner.get::<crate::types::class::Type<M>>() else {
            return Ok(());
        };
        match args.pos.first() {
            None => {
                let owner = self.text_of(&class.name.load());
                Err(self.raise_type_error(format!(
                    "descriptor '{name}' of '{owner}' object needs an argument"
                )))
            }
            Some(v) if !self.class_is_subclass(v.tag().class(), class.id) => {
                let owner = self.text_of(&class.name.load());
                let got = self.type_name(v);
                Err(self.raise_type_error(format!(
                    "descriptor '{name}' requires a '{owner}' object but received a '{got}'"
                )))
            }
            Some(_) => Ok(()),
        }
    }
}
