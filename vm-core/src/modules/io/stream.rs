//! The body of every file object: bytes with a read buffer and a write buffer.
//!
//! Reading and writing work on bytes; text is encoded and decoded by the methods. Buffered
//! output is written when the buffer is full, at a newline if it goes to a terminal, before a
//! seek or read, and when the stream is closed or the interpreter ends. Nothing here calls into
//! Python, so a borrow of [`Inner`] may last for a whole operation.

use crate::Vm;
use crate::object::{ObjectModel, Opaque, ValueCell};
use std::any::Any;
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Read, Seek, SeekFrom, Write};
use std::rc::{Rc, Weak};

/// Bytes read at once, and bytes kept before they are written.
const BUFFER: usize = 1 << 16;

/// Where the bytes go or come from.
#[derive(Debug)]
pub enum Backing {
    /// [`crate::VmOptions::stdout`].
    Stdout,
    /// [`crate::VmOptions::stderr`].
    Stderr,
    /// The process's standard input.
    Stdin,
    /// A file.
    File(File),
    /// The bytes are `Inner::data` itself.
    Memory,
}

/// The changing part of a stream.
#[derive(Debug)]
pub struct Inner {
    /// Source and sink.
    pub backing: Backing,
    /// Read from the backing and not yet given out (from `at` on); all contents of a memory stream.
    pub data: Vec<u8>,
    /// Position in `data`.
    pub at: usize,
    /// Written and not yet passed on.
    pub pending: Vec<u8>,
    /// No operation is possible any more.
    pub closed: bool,
    /// Pass on at each newline.
    pub line_buffered: bool,
    /// Text reading: `\r\n` and `\r` become `\n`.
    pub translate: bool,
}

/// The body.
pub struct Stream<M: ObjectModel> {
    /// The changing part.
    pub inner: Rc<RefCell<Inner>>,
    /// `name`.
    pub name: ValueCell<M>,
    /// `mode`.
    pub mode: String,
    /// Reading is allowed.
    pub readable: bool,
    /// Writing is allowed.
    pub writable: bool,
    /// Gives and takes bytes rather than str.
    pub binary: bool,
    /// Encoding of text.
    pub encoding: String,
    /// Error handler of the encoding.
    pub errors: String,
}

impl<M: ObjectModel> Opaque<M> for Stream<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.name.trace(visitor);
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl<M: ObjectModel> Stream<M> {
    /// A stream for reading, else for writing.
    pub fn new(backing: Backing, readable: bool, binary: bool) -> Self {
        let line_buffered = match backing {
            Backing::Stdout => io::stdout().is_terminal(),
            Backing::Stderr => true,
            _ => false,
        };
        let errors = match backing {
            Backing::Stderr => "backslashreplace",
            _ => "strict",
        };
        Stream {
            inner: Rc::new(RefCell::new(Inner {
                translate: matches!(backing, Backing::Stdin),
                backing,
                data: Vec::new(),
                at: 0,
                pending: Vec::new(),
                closed: false,
                line_buffered,
            })),
            name: ValueCell::empty(),
            mode: String::new(),
            readable,
            writable: !readable,
            binary,
            encoding: "UTF-8".to_owned(),
            errors: errors.to_owned(),
        }
    }

    /// A stream over bytes in memory, for reading and writing.
    pub fn memory(data: Vec<u8>, binary: bool) -> Self {
        let s = Stream::new(Backing::Memory, true, binary);
        s.inner.borrow_mut().data = data;
        Stream {
            writable: true,
            ..s
        }
    }

    /// Whether `write` takes str.
    pub fn takes_text(&self) -> bool {
        self.writable && !self.binary
    }
}

/// A file that is let go without `close` keeps what was written to it. There is nobody to tell of a failure.
impl Drop for Inner {
    fn drop(&mut self) {
        let _ = self.pass_on();
    }
}

/// Streams whose buffers hold what a reader of the same file would miss. A traced heap keeps a file that the program
/// has let go until it is collected, so what was written to it is passed on before a file is looked at.
#[derive(Debug, Default)]
pub struct WrittenFiles(Vec<Weak<RefCell<Inner>>>);

impl WrittenFiles {
    /// Takes up a stream.
    pub fn add<M: ObjectModel>(&mut self, stream: &Stream<M>) {
        self.0.push(Rc::downgrade(&stream.inner));
    }

    /// Passes everything on and forgets those that are gone or closed.
    pub fn pass_on(&mut self) {
        self.0.retain(|file| {
            let Some(inner) = file.upgrade() else {
                return false;
            };
            let Ok(mut inner) = inner.try_borrow_mut() else {
                return true;
            };
            // Closing and flushing report failures; this is neither.
            let _ = inner.pass_on();
            !inner.closed
        });
    }
}

impl Inner {
    fn pass_on(&mut self) -> io::Result<()> {
        if let Backing::File(f) = &mut self.backing {
            f.write_all(&self.pending)?;
            self.pending.clear();
        }
        Ok(())
    }

    /// Writes bytes.
    pub fn write<M: ObjectModel>(&mut self, vm: &mut Vm<M>, bytes: &[u8]) -> io::Result<()> {
        if let Backing::Memory = self.backing {
            let end = self.at + bytes.len();
            if self.data.len() < end {
                self.data.resize(end, 0);
            }
            self.data[self.at..end].copy_from_slice(bytes);
            self.at = end;
            return Ok(());
        }
        self.drop_read_ahead()?;
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= BUFFER
            || self.line_buffered && memchr::memrchr(b'\n', bytes).is_some()
        {
            return self.flush(vm);
        }
        Ok(())
    }

    /// Passes buffered bytes on.
    pub fn flush<M: ObjectModel>(&mut self, vm: &mut Vm<M>) -> io::Result<()> {
        let out: &mut dyn Write = match &mut self.backing {
            Backing::Stdout => &mut *vm.options.stdout,
            Backing::Stderr => &mut *vm.options.stderr,
            Backing::File(f) => f,
            Backing::Stdin | Backing::Memory => return Ok(()),
        };
        let done = out.write_all(&self.pending).and_then(|()| out.flush());
        self.pending.clear();
        done
    }

    /// Puts the file position back to what the reader has seen.
    fn drop_read_ahead(&mut self) -> io::Result<()> {
        let ahead = self.data.len() - self.at;
        self.data.clear();
        self.at = 0;
        if ahead > 0
            && let Backing::File(f) = &mut self.backing
        {
            f.seek(SeekFrom::Current(-(ahead as i64)))?;
        }
        Ok(())
    }

    /// Reads more; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        if self.at > 0 {
            self.data.drain(..self.at);
            self.at = 0;
        }
        let before = self.data.len();
        match &mut self.backing {
            Backing::File(f) => {
                self.data.resize(before + BUFFER, 0);
                let n = f.read(&mut self.data[before..])?;
                self.data.truncate(before + n);
                if self.translate && n > 0 && self.data.last() == Some(&b'\r') {
                    let mut next = [0];
                    if f.read(&mut next)? == 1 {
                        self.data.push(next[0]);
                    }
                }
            }
            Backing::Stdin => {
                let mut line = Vec::new();
                io::stdin().lock().read_until(b'\n', &mut line)?;
                self.data.extend_from_slice(&line);
            }
            Backing::Stdout | Backing::Stderr | Backing::Memory => return Ok(false),
        }
        let grown = self.data.len() > before;
        if self.translate && memchr::memchr(b'\r', &self.data[before..]).is_some() {
            let fresh = self.data.split_off(before);
            let mut bytes = fresh.iter().peekable();
            while let Some(&b) = bytes.next() {
                if b == b'\r' {
                    bytes.next_if(|&&n| n == b'\n');
                }
                self.data.push(if b == b'\r' { b'\n' } else { b });
            }
        }
        Ok(grown)
    }

    /// Up to `limit` bytes, or everything.
    pub fn read(&mut self, limit: Option<usize>) -> io::Result<Vec<u8>> {
        loop {
            let have = self.data.len().saturating_sub(self.at);
            if limit.is_some_and(|n| have >= n) || !self.fill_if_not_memory()? {
                break;
            }
        }
        let at = self.at.min(self.data.len());
        let have = self.data.len() - at;
        let n = limit.unwrap_or(have).min(have);
        self.at = at + n;
        Ok(self.data[at..at + n].to_vec())
    }

    /// One line with its newline, at most `limit` bytes; empty at the end.
    pub fn read_line(&mut self, limit: Option<usize>) -> io::Result<Vec<u8>> {
        let mut searched = 0;
        let length = loop {
            let rest = &self.data[self.at.min(self.data.len())..];
            if let Some(i) = memchr::memchr(b'\n', &rest[searched..]) {
                break searched + i + 1;
            }
            searched = rest.len();
            if limit.is_some_and(|n| searched >= n) || !self.fill_if_not_memory()? {
                break searched;
            }
        };
        let n = limit.map_or(length, |l| l.min(length));
        let at = self.at.min(self.data.len());
        self.at = at + n;
        Ok(self.data[at..at + n].to_vec())
    }

    /// Moves the bytes at `at` to the front and reads on; positions in `rest` stay valid.
    fn fill_if_not_memory(&mut self) -> io::Result<bool> {
        match self.backing {
            Backing::Memory => Ok(false),
            _ => self.fill(),
        }
    }

    /// The position.
    pub fn tell(&mut self) -> io::Result<u64> {
        match &mut self.backing {
            Backing::File(f) => {
                let p = f.stream_position()?;
                Ok(p - (self.data.len() - self.at) as u64 + self.pending.len() as u64)
            }
            Backing::Memory => Ok(self.at as u64),
            _ => Err(io::Error::from_raw_os_error(29)),
        }
    }

    /// Moves the position; `whence` as in `lseek`.
    pub fn seek<M: ObjectModel>(
        &mut self,
        vm: &mut Vm<M>,
        offset: i64,
        whence: i64,
    ) -> io::Result<u64> {
        if let Backing::Memory = self.backing {
            let base = match whence {
                0 => 0,
                1 => self.at as i64,
                _ => self.data.len() as i64,
            };
            self.at = (base + offset).max(0) as usize;
            return Ok(self.at as u64);
        }
        self.flush(vm)?;
        self.drop_read_ahead()?;
        match &mut self.backing {
            Backing::File(f) => f.seek(match whence {
                0 => SeekFrom::Start(offset.max(0) as u64),
                1 => SeekFrom::Current(offset),
                _ => SeekFrom::End(offset),
            }),
            _ => Err(io::Error::from_raw_os_error(29)),
        }
    }

    /// Cuts or extends to a size.
    pub fn truncate<M: ObjectModel>(&mut self, vm: &mut Vm<M>, size: u64) -> io::Result<()> {
        if let Backing::Memory = self.backing {
            self.data.truncate(size as usize);
            return Ok(());
        }
        self.flush(vm)?;
        match &mut self.backing {
            Backing::File(f) => f.set_len(size),
            _ => Err(io::Error::from_raw_os_error(22)),
        }
    }
}
