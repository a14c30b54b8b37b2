//! What `sys` says about the version, the platform and the number formats.

use crate::modules::builder::ModuleBuilder;
use crate::object::{ObjectModel, V, Value};
use num_bigint::BigInt;

/// `sys.hexversion` of the Python version that is implemented, 3.5.1 final.
const HEXVERSION: i64 = 0x0305_01f0;

/// Adds the constants.
pub fn add<M: ObjectModel>(b: ModuleBuilder<'_, M>) -> ModuleBuilder<'_, M> {
    let b = b
        .constant("version", |vm| {
            let version = env!("CARGO_PKG_VERSION");
            vm.new_str(format!("3.5.1 (ceval {version}) \n[{}]", M::NAME))
        })
        .constant("version_info", |vm| {
            let items = vec![
                vm.new_int(3),
                vm.new_int(5),
                vm.new_int(1),
                vm.new_str("final"),
                vm.new_int(0),
            ];
            vm.new_struct_sequence("version_info", items)
        })
        .constant("hexversion", |vm| vm.new_int(HEXVERSION))
        .constant("api_version", |vm| vm.new_int(1013))
        .constant("maxsize", |vm| vm.new_int(i64::MAX))
        .constant("maxunicode", |vm| vm.new_int(0x10ffff))
        .constant("byteorder", |vm| {
            vm.new_str(if cfg!(target_endian = "big") {
                "big"
            } else {
                "little"
            })
        })
        .constant("platform", |vm| {
            vm.new_str(match std::env::consts::OS {
                "macos" => "darwin",
                "windows" => "win32",
                os => os,
            })
        })
        .constant("executable", |vm| {
            let path = std::env::current_exe().unwrap_or_default();
            vm.new_str(path.to_string_lossy())
        })
        .constant("copyright", |vm| vm.new_str(""))
        .constant("prefix", |vm| vm.new_str(""))
        .constant("exec_prefix", |vm| vm.new_str(""))
        .constant("base_prefix", |vm| vm.new_str(""))
        .constant("base_exec_prefix", |vm| vm.new_str(""))
        .constant("float_repr_style", |vm| vm.new_str("short"))
        .value("dont_write_bytecode", V::<M>::bool(true));
    let b = b
        .constant("flags", |vm| {
            let zero = vm.new_int(0);
            vm.new_struct_sequence("flags", vec![zero; 13])
        })
        .constant("float_info", |vm| {
            let items = vec![
                vm.new_float(f64::MAX),
                vm.new_int(i64::from(f64::MAX_EXP)),
                vm.new_int(i64::from(f64::MAX_10_EXP)),
                vm.new_float(f64::MIN_POSITIVE),
                vm.new_int(i64::from(f64::MIN_EXP)),
                vm.new_int(i64::from(f64::MIN_10_EXP)),
                vm.new_int(i64::from(f64::DIGITS)),
                vm.new_int(i64::from(f64::MANTISSA_DIGITS)),
                vm.new_float(f64::EPSILON),
                vm.new_int(2),
                vm.new_int(1),
            ];
            vm.new_struct_sequence("float_info", items)
        })
        .constant("int_info", |vm| {
            let items = vec![vm.new_int(32), vm.new_int(4)];
            vm.new_struct_sequence("int_info", items)
        })
        .constant("hash_info", |vm| {
            let items = vec![
                vm.new_int(64),
                vm.new_big((BigInt::from(1) << 61) - 1),
                vm.new_int(314_159),
                vm.new_int(0),
                vm.new_int(1_000_003),
                vm.new_str("fxhash"),
                vm.new_int(64),
                vm.new_int(0),
                vm.new_int(0),
            ];
            vm.new_struct_sequence("hash_info", items)
        })
        .constant("thread_info", |vm| {
            let items = vec![vm.new_str("pthread"), V::<M>::none(), V::<M>::none()];
            vm.new_struct_sequence("thread_info", items)
        });
    b.constant("implementation", |vm| {
        let version = vec![
            vm.new_int(3),
            vm.new_int(5),
            vm.new_int(1),
            vm.new_str("final"),
            vm.new_int(0),
        ];
        let version = vm.new_struct_sequence("version_info", version);
        let name = vm.new_str("cpython");
        let hexversion = vm.new_int(HEXVERSION);
        let machine = vm.new_str("ceval");
        vm.new_namespace(vec![
            ("name", name),
            ("version", version),
            ("hexversion", hexversion),
            ("cache_tag", V::<M>::none()),
            ("machine", machine),
        ])
    })
}
