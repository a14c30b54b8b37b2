//! Text that grows at its end while strings share its front.
//!
//! ```text
//! start                used          capacity
//! |aaaaaaaaaaaaaaaaaaaa|.............|
//! |-- prefix of 12 --|
//! ```
//! `s = s + t` in a loop copies a growing string each time. When a long string
//! is extended, the result gets a buffer with room behind it, and the next
//! extension of that result is written there: both strings are prefixes of one
//! buffer. What has been written never changes and never moves, so a prefix may
//! be borrowed while the buffer grows. A second extension of the same prefix finds the
//! place taken and copies. Works whether or not the old string is dead, and so under every
//! object model (CPython resizes in place where the count is one: `unicode_concatenate`).

use rustpython_wtf8::{Wtf8, Wtf8Buf};
use std::cell::Cell;
use std::ptr::NonNull;
use std::rc::Rc;

/// A buffer of fixed capacity. Not a string: [`Prefix`] is.
struct AppendBuffer {
    start: NonNull<u8>,
    capacity: usize,
    /// Bytes written: valid WTF-8 up to each length that a prefix has.
    used: Cell<usize>,
}

impl AppendBuffer {
    fn with_capacity(capacity: usize) -> AppendBuffer {
        let mut memory = std::mem::ManuallyDrop::new(Vec::<u8>::with_capacity(capacity));
        AppendBuffer {
            capacity: memory.capacity(),
            start: NonNull::from(memory.as_mut_slice()).cast(),
            used: Cell::new(0),
        }
    }

    /// Writes `more` at `at` if that is where the buffer ends and there is room.
    fn append(&self, at: usize, more: &[u8]) -> bool {
        if at != self.used.get() || self.capacity - at < more.len() {
            return false;
        }
        // SAFETY: `at + more.len()` is within the allocation (checked above), and nothing borrows
        // bytes from `used` on, since prefixes end before it; `more` lies before it or elsewhere.
        unsafe {
            let to = self.start.as_ptr().add(at);
            std::ptr::copy_nonoverlapping(more.as_ptr(), to, more.len());
        }
        self.used.set(at + more.len());
        true
    }
}

impl Drop for AppendBuffer {
    fn drop(&mut self) {
        // SAFETY: `start` and `capacity` are those of the vector that `with_capacity` forgot.
        drop(unsafe { Vec::from_raw_parts(self.start.as_ptr(), 0, self.capacity) });
    }
}

/// The first bytes of a buffer, as a text.
pub struct Prefix {
    buffer: Rc<AppendBuffer>,
    len: usize,
}

impl Prefix {
    /// `text` and `more` in a new buffer with room for half as much again.
    pub fn new(text: &Wtf8, more: &Wtf8) -> Prefix {
        let len = text.len() + more.len();
        let buffer = AppendBuffer::with_capacity(len + len / 2);
        buffer.append(0, text.as_bytes());
        buffer.append(text.len(), more.as_bytes());
        Prefix {
            buffer: Rc::new(buffer),
            len,
        }
    }

    /// This text and `more` in the same buffer, if this is all of it and there is room.
    pub fn extended(&self, more: &Wtf8) -> Option<Prefix> {
        self.buffer
            .append(self.len, more.as_bytes())
            .then(|| Prefix {
                buffer: self.buffer.clone(),
                len: self.len + more.len(),
            })
    }

    /// The text.
    #[inline]
    pub fn text(&self) -> &Wtf8 {
        // SAFETY: the first `len` bytes were written before this prefix was made, are never written
        // again, and live as long as the buffer, which `self` holds; they are whole texts one
        // behind the other, so they are WTF-8.
        unsafe {
            let bytes = std::slice::from_raw_parts(self.buffer.start.as_ptr(), self.len);
            Wtf8::from_bytes_unchecked(bytes)
        }
    }

    /// Bytes of memory that this prefix keeps alone: the buffer, unless others share it.
    pub fn owned_bytes(&self) -> usize {
        match Rc::strong_count(&self.buffer) {
            1 => self.buffer.capacity,
            _ => size_of::<Prefix>(),
        }
    }
}

/// The two texts one behind the other in memory of exactly their size.
pub fn joined(text: &Wtf8, more: &Wtf8) -> Box<Wtf8> {
    let mut out = Wtf8Buf::with_capacity(text.len() + more.len());
    out.push_wtf8(text);
    out.push_wtf8(more);
    out.into_box()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn w(text: &str) -> &Wtf8 {
        Wtf8::new(text)
    }

    #[test]
    fn prefixes_share_and_stay() {
        let first = Prefix::new(w("hello"), w(" wor"));
        let kept = first.text();
        let second = first
            .extended(w("ld"))
            .expect("room for half as much again");
        assert_eq!((kept, second.text()), (w("hello wor"), w("hello world")));
        assert!(first.extended(w("!")).is_none(), "the place is taken");
        assert!(second.extended(w("far too long for the room")).is_none());
        let third = second.extended(w("é")).expect("two bytes are left");
        drop((first, second));
        assert_eq!(third.text(), w("hello worldé"));
        assert_eq!(third.owned_bytes(), third.buffer.capacity);
    }

    #[test]
    fn extends_itself() {
        let text = Prefix::new(w("abcdefgh"), w(""));
        let twice = text.extended(&text.text()[..4]).expect("room");
        assert_eq!(twice.text(), w("abcdefghabcd"));
    }
}
