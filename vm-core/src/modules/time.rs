//! Module `time`: clocks, sleeping, and broken-down times.
//!
//! There is one time zone, UTC: `localtime` is `gmtime`. Dates are computed in `calendar`.

mod calendar;

use super::builder::ModuleBuilder;
use crate::Vm;
use crate::builtins::arguments::unpack;
use crate::machine::errors::Exc;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use calendar::Broken;
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// When the process first asked for a clock: the zero of the monotonic clocks.
fn start() -> Instant {
    static START: OnceLock<Instant> = OnceLock::new();
    *START.get_or_init(Instant::now)
}

fn now() -> f64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(d) => d.as_secs_f64(),
        Err(e) => -e.duration().as_secs_f64(),
    }
}

/// Processor time of the process in seconds, of all its threads.
#[cfg(unix)]
fn processor_time() -> f64 {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    t.tv_sec as f64 + t.tv_nsec as f64 * 1e-9
}

/// Where the system does not tell the processor time: time since the start.
#[cfg(not(unix))]
fn processor_time() -> f64 {
    start().elapsed().as_secs_f64()
}

fn time<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "time")?;
    Ok(vm.new_float(now()))
}

fn monotonic<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "monotonic")?;
    Ok(vm.new_float(start().elapsed().as_secs_f64()))
}

fn process_time<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "process_time")?;
    Ok(vm.new_float(processor_time()))
}

/// A number of seconds as a float.
fn seconds<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<f64> {
    if let Some(f) = v.as_float() {
        return Ok(f);
    }
    match v.as_int().and_then(|i| i.to_i64()) {
        Some(i) => Ok(i as f64),
        None => {
            let m = format!("an integer is required (got type {})", vm.type_name(v));
            Err(vm.raise_type_error(m))
        }
    }
}

fn sleep<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "sleep")?;
    let s = seconds(vm, v)?;
    if s < 0.0 {
        return Err(vm.raise_value_error("sleep length must be non-negative"));
    }
    match Duration::try_from_secs_f64(s) {
        Ok(d) => std::thread::sleep(d),
        Err(_) => {
            let m = "timestamp too large to convert to C _PyTime_t";
            return Err(vm.raise(Exc::OverflowError, m));
        }
    }
    Ok(V::<M>::none())
}

fn to_struct<M: ObjectModel>(vm: &mut Vm<M>, b: &Broken) -> V<M> {
    let items = b.fields().map(|n| vm.new_int(n)).to_vec();
    vm.new_struct_sequence("struct_time", items)
}

fn gmtime<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let at = match unpack(vm, args, "gmtime", 0, 1)? {
        [v] if !v.is_none() => seconds(vm, v)?,
        _ => now(),
    };
    if at.is_nan() || at.abs() > 6.7e16 {
        let m = "timestamp out of range for platform time_t";
        return Err(vm.raise(Exc::OverflowError, m));
    }
    let b = Broken::from_timestamp(at.floor() as i64);
    Ok(to_struct(vm, &b))
}

/// A broken-down time from a tuple of nine numbers, now if there is none.
fn broken<M: ObjectModel>(vm: &mut Vm<M>, v: Option<&V<M>>) -> Res<Broken> {
    let Some(v) = v else {
        return Ok(Broken::from_timestamp(now().floor() as i64));
    };
    let Some(t) = v.get::<Tuple<M>>() else {
        return Err(vm.raise_type_error("Tuple or struct_time argument required"));
    };
    let mut fields = [0i64; 9];
    if t.items.len() != 9 {
        let m = format!(
            "function takes exactly 9 arguments ({} given)",
            t.items.len()
        );
        return Err(vm.raise_type_error(m));
    }
    for (field, item) in fields.iter_mut().zip(t.items.iter()) {
        *field = vm.index_as_isize(item, Exc::OverflowError)? as i64;
    }
    Ok(Broken::from_fields(fields))
}

fn mktime<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "mktime")?;
    let b = broken(vm, Some(v))?;
    Ok(vm.new_float(b.timestamp() as f64))
}

fn asctime<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = unpack(vm, args, "asctime", 0, 1)?;
    let b = broken(vm, args.first())?;
    Ok(vm.new_str(b.format("%a %b %e %H:%M:%S %Y")))
}

fn ctime<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let at = match unpack(vm, args, "ctime", 0, 1)? {
        [v] if !v.is_none() => seconds(vm, v)?,
        _ => now(),
    };
    let b = Broken::from_timestamp(at.floor() as i64);
    Ok(vm.new_str(b.format("%a %b %e %H:%M:%S %Y")))
}

fn strftime<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = args.between(vm, "strftime", 1, 2)?;
    let Some(format) = args[0]
        .get::<Str>()
        .map(|s| s.text().to_string_lossy().into_owned())
    else {
        let m = format!(
            "strftime() argument 1 must be str, not {}",
            vm.type_name(&args[0])
        );
        return Err(vm.raise_type_error(m));
    };
    let b = broken(vm, args.get(1))?;
    Ok(vm.new_str(b.format(&format)))
}

fn get_clock_info<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [name] = args.exact::<1>(vm, "get_clock_info")?;
    let name = vm.text_of(name);
    let (monotonic, adjustable, implementation) = match name.as_str() {
        "time" => (false, true, "SystemTime"),
        "monotonic" | "perf_counter" => (true, false, "Instant"),
        "process_time" | "clock" => (true, false, "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)"),
        _ => return Err(vm.raise_value_error("unknown clock")),
    };
    let implementation = vm.new_str(implementation);
    let resolution = vm.new_float(1e-9);
    Ok(vm.new_namespace(vec![
        ("implementation", implementation),
        ("monotonic", V::<M>::bool(monotonic)),
        ("adjustable", V::<M>::bool(adjustable)),
        ("resolution", resolution),
    ]))
}

/// Makes the module.
pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
    start();
    let class = vm.struct_sequence_class("struct_time");
    Ok(ModuleBuilder::new(vm, "time")
        .function("time", time::<M>)
        .function("monotonic", monotonic::<M>)
        .function("perf_counter", monotonic::<M>)
        .function("process_time", process_time::<M>)
        .function("clock", process_time::<M>)
        .function("sleep", sleep::<M>)
        .function("gmtime", gmtime::<M>)
        .function("localtime", gmtime::<M>)
        .function("mktime", mktime::<M>)
        .function("asctime", asctime::<M>)
        .function("ctime", ctime::<M>)
        .function("strftime", strftime::<M>)
        .function("get_clock_info", get_clock_info::<M>)
        .value("struct_time", class)
        .constant("timezone", |vm| vm.new_int(0))
        .constant("altzone", |vm| vm.new_int(0))
        .constant("daylight", |vm| vm.new_int(0))
        .constant("tzname", |vm| {
            let utc = vm.new_str("UTC");
            vm.new_tuple(vec![utc.clone(), utc])
        })
        .done())
}
