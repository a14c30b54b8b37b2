//! Any bytes are a `.pyc` file or are refused; what is read can be shown, and written again.
#![no_main]

use ceval_bytecode::{dump, marshal};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // The magic number costs the fuzzer time and holds no mistakes.
    if let Ok(code) = marshal::loads(bytes) {
        let _ = dump::dump(&code);
        let again = marshal::dumps(&code).expect("what was read can be written");
        let read = marshal::loads(&again).expect("what was written can be read");
        assert_eq!(marshal::dumps(&read), Ok(again));
    }
});
