//! Marshalling: what is written reads back, what CPython writes is understood, and damaged
//! files are errors.

use std::sync::Arc;

use ceval_bytecode::marshal::{MAGIC, MarshalError, PycHeader, dumps, loads, read_pyc, write_pyc};
use ceval_bytecode::verify::verify;
use ceval_bytecode::{CodeObject, Constant};
use num_bigint::BigInt;
use rustpython_wtf8::{CodePoint, Wtf8Buf};

fn function(name: &str, consts: Vec<Constant>) -> CodeObject {
    CodeObject {
        name: name.into(),
        filename: "folder/\u{e4}.py".into(),
        firstlineno: 3,
        argcount: 1,
        posonlyargcount: 0,
        kwonlyargcount: 1,
        nlocals: 3,
        stacksize: 2,
        flags: 0x43 | 0x8,
        code: vec![100, 0, 0, 83],
        lnotab: vec![0, 1],
        consts,
        names: vec!["print".into()],
        varnames: vec!["a".into(), "b".into(), "\u{3b1}".into()],
        freevars: vec![],
        cellvars: vec![],
    }
}

fn sample() -> CodeObject {
    let mut text = Wtf8Buf::from("a");
    text.extend(CodePoint::from_u32(0xd800));
    let big = BigInt::from(7).pow(200);
    let inner = function("inner", vec![Constant::None]);
    function(
        "outer",
        vec![
            Constant::None,
            Constant::True,
            Constant::False,
            Constant::Ellipsis,
            Constant::Int(0.into()),
            Constant::Int(i32::MIN.into()),
            Constant::Int(BigInt::from(1u64 << 31)),
            Constant::Int(big.clone()),
            Constant::Int(-big),
            Constant::Float(-0.0),
            Constant::Complex(1.5, -2.0),
            Constant::Str("x".repeat(300).as_str().into()),
            Constant::Str(text),
            Constant::Bytes(vec![0, 255]),
            Constant::Tuple(vec![Constant::None; 300]),
            Constant::FrozenSet(vec![Constant::Int(1.into())]),
            Constant::Code(Arc::new(inner)),
        ],
    )
}

#[test]
fn what_is_written_reads_back() {
    let code = sample();
    let header = PycHeader {
        mtime: 0x1234_5678,
        source_size: 99,
    };
    let bytes = write_pyc(&code, header).expect("representable");
    assert_eq!(bytes[..4], MAGIC);
    assert_eq!(read_pyc(&bytes), Ok((header, code.clone())));
    assert_eq!(verify(&code), Ok(()));
}

#[test]
fn every_truncation_is_an_error() {
    let bytes = dumps(&sample()).expect("representable");
    for end in 0..bytes.len() {
        assert!(loads(&bytes[..end]).is_err(), "cut at {end}");
    }
    let mut longer = bytes;
    longer.push(0);
    assert_eq!(loads(&longer), Err(MarshalError::TrailingData));
}

#[test]
fn every_changed_byte_is_an_error_or_another_object() {
    let bytes = dumps(&sample()).expect("representable");
    for place in 0..bytes.len() {
        for change in [1, 0x80, 0xff] {
            let mut damaged = bytes.clone();
            damaged[place] ^= change;
            if let Ok(code) = loads(&damaged) {
                // Whatever was read can be looked at.
                let _ = (verify(&code), ceval_bytecode::dump::dump(&code));
            }
        }
    }
}

#[test]
fn hostile_lengths_and_nesting_are_errors() {
    assert_eq!(loads(b"(\xff\xff\xff\x7f"), Err(MarshalError::Truncated));
    assert_eq!(
        loads(b"s\xff\xff\xff\xff"),
        Err(MarshalError::BadValue("a negative length"))
    );
    assert_eq!(loads(b"l\x00\x00\x00\x80"), Err(MarshalError::Truncated));
    assert_eq!(loads(&b")\x01".repeat(100_000)), Err(MarshalError::TooDeep));
    assert_eq!(
        loads(b"\xa9\x01r\0\0\0\0"),
        Err(MarshalError::BadReference(0))
    );
    assert_eq!(loads(b"{"), Err(MarshalError::BadType(b'{')));
    assert_eq!(
        read_pyc(b"\x33\x0d\r\n"),
        Err(MarshalError::BadMagic([0x33, 13, 13, 10]))
    );
}

#[test]
fn files_of_other_versions_are_named() {
    for (number, text) in [
        (3379u16, "a .pyc file of CPython 3.6, not of CPython 3.5"),
        (
            3351,
            "a .pyc file of CPython 3.5.3 or later, not of CPython 3.5",
        ),
        (3413, "a .pyc file of CPython 3.8, not of CPython 3.5"),
        (62211, "a .pyc file of CPython 2.7, not of CPython 3.5"),
        (
            100,
            "not a .pyc file (it begins with the bytes [64, 00, 0d, 0a])",
        ),
    ] {
        let [low, high] = number.to_le_bytes();
        let error = read_pyc(&[low, high, b'\r', b'\n']).expect_err("no version of ours");
        assert_eq!(error.to_string(), text);
    }
}

/// Each level holds the one before twice.
#[test]
fn doubling_references_are_errors() {
    let mut bytes = b")\x40\xa9\0".to_vec();
    for level in 0u32..63 {
        bytes.extend_from_slice(b"\xa9\x02");
        for _ in 0..2 {
            bytes.push(b'r');
            bytes.extend_from_slice(&level.to_le_bytes());
        }
    }
    let error = MarshalError::BadValue("references expand too far");
    assert_eq!(loads(&bytes), Err(error));
}

/// A function as CPython's writer stores it: shared strings and tuples are references.
#[test]
fn references_are_followed() {
    let mut bytes = b"\xe3".to_vec();
    for number in [0u32, 0, 0, 1, 64] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.extend_from_slice(b"s\x04\0\0\0d\0\0S");
    bytes.extend_from_slice(b")\x01N");
    bytes.extend_from_slice(b"\xa9\0r\x01\0\0\0r\x01\0\0\0r\x01\0\0\0");
    bytes.extend_from_slice(b"\xfa\x01fr\x02\0\0\0");
    bytes.extend_from_slice(b"\x01\0\0\0s\0\0\0\0");
    let code = loads(&bytes).expect("a code object");
    assert_eq!((code.name.as_str(), code.filename.as_str()), ("f", "f"));
    assert_eq!(code.consts, [Constant::None]);
}

#[test]
fn positional_only_parameters_have_no_place() {
    let mut code = sample();
    code.posonlyargcount = 1;
    assert!(matches!(
        dumps(&code),
        Err(MarshalError::NotRepresentable(_))
    ));
}

#[test]
fn broken_code_is_found() {
    let broken = |change: &dyn Fn(&mut CodeObject)| {
        let mut code = sample();
        change(&mut code);
        verify(&code).expect_err("broken").message
    };
    assert_eq!(
        broken(&|c| c.code = vec![100, 0]),
        "a truncated instruction"
    );
    assert_eq!(broken(&|c| c.code[1] = 200), "an operand out of range");
    assert_eq!(
        broken(&|c| c.code = vec![113, 1, 0]),
        "a jump to no instruction"
    );
    assert_eq!(broken(&|c| c.code = vec![9]), "the code falls off its end");
    assert_eq!(broken(&|c| c.code[0] = 0), "an unknown opcode");
    assert_eq!(broken(&|c| c.argcount = 3), "more parameters than locals");
}

/// What CPython's optimiser leaves behind a `return` can be half an instruction.
#[test]
fn code_that_is_not_reached_may_be_anything() {
    let mut code = sample();
    code.code = vec![100, 0, 0, 83, 0, 200, 100, 255, 255, 113, 255, 0, 100];
    assert_eq!(verify(&code), Ok(()));
}
