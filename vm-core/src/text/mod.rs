//! The algorithms under `str`, `bytes` and `bytearray`, free of any object model.
//!
//! Everything here takes `&Wtf8` (the contents of a `str`, which may hold lone surrogates) or `&[u8]` and
//! plain numbers, is compiled once, and fails with an [`error::OpError`] that carries the exception's kind
//! and CPython 3.5.1's message. Positions are code points unless a name says bytes.

pub mod append_buffer;
pub mod bytes;
pub mod case;
pub mod classify;
pub mod codec;
pub mod compare;
pub mod error;
pub mod format_number;
pub mod format_spec;
pub mod format_template;
pub mod hash;
pub mod justify;
pub mod percent;
pub mod regex;
pub mod replace;
pub mod repr;
pub mod search;
pub mod slice;
pub mod split;
pub mod strip;
#[rustfmt::skip]
mod tables;
