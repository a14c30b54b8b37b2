//! Standard modules written in Python and built into the machine. `import` compiles one on first use.
//!
//! Where a module's hot parts are native they are in a native module whose name begins with an
//! underscore (`_collections`, `_functools`), as in CPython.

/// A built-in Python source.
#[derive(Debug, Clone, Copy)]
pub struct ModuleSource {
    /// The program text.
    pub text: &'static str,
    /// File name for tracebacks and `co_filename`.
    pub file_name: &'static str,
    /// Whether it is a package (`__path__` is set, submodules can be imported).
    pub is_package: bool,
}

macro_rules! sources { ($($name:literal: $file:literal $package:literal;)*) => {
    /// The source of the standard module with this full name, if it is one written in Python.
    pub fn find(name: &str) -> Option<ModuleSource> {
        match name {
            $($name => Some(ModuleSource {
                text: include_str!(concat!("python/", $file)),
                file_name: concat!("<built-in ", $file, ">"),
                is_package: $package,
            }),)*
            _ => None,
        }
    }

    /// Names of all modules that [`find`] knows.
    pub const NAMES: &[&str] = &[$($name,)*];
} }
sources! {
    "__future__": "__future__.py" false;
    "_strptime": "_strptime.py" false;
    "abc": "abc.py" false;
    "argparse": "argparse.py" false;
    "array": "array.py" false;
    "ast": "ast.py" false;
    "atexit": "atexit.py" false;
    "base64": "base64.py" false;
    "binascii": "binascii.py" false;
    "cmath": "cmath.py" false;
    "collections": "collections/__init__.py" true;
    "collections.abc": "collections/abc.py" false;
    "contextlib": "contextlib.py" false;
    "copy": "copy.py" false;
    "copyreg": "copyreg.py" false;
    "csv": "csv.py" false;
    "datetime": "datetime.py" false;
    "dis": "dis.py" false;
    "enum": "enum.py" false;
    "errno": "errno.py" false;
    "fnmatch": "fnmatch.py" false;
    "fractions": "fractions.py" false;
    "functools": "functools.py" false;
    "getopt": "getopt.py" false;
    "glob": "glob.py" false;
    "hashlib": "hashlib.py" false;
    "heapq": "heapq.py" false;
    "hmac": "hmac.py" false;
    "importlib": "importlib/__init__.py" true;
    "inspect": "inspect.py" false;
    "json": "json/__init__.py" true;
    "json.decoder": "json/decoder.py" false;
    "json.encoder": "json/encoder.py" false;
    "keyword": "keyword.py" false;
    "linecache": "linecache.py" false;
    "numbers": "numbers.py" false;
    "opcode": "opcode.py" false;
    "os": "os.py" false;
    "platform": "platform.py" false;
    "posixpath": "posixpath.py" false;
    "pprint": "pprint.py" false;
    "queue": "queue.py" false;
    "random": "random.py" false;
    "re": "re.py" false;
    "reprlib": "reprlib.py" false;
    "shutil": "shutil.py" false;
    "stat": "stat.py" false;
    "statistics": "statistics.py" false;
    "string": "string.py" false;
    "struct": "struct.py" false;
    "tempfile": "tempfile.py" false;
    "textwrap": "textwrap.py" false;
    "timeit": "timeit.py" false;
    "traceback": "traceback.py" false;
    "types": "types.py" false;
    "typing": "typing.py" false;
    "unittest": "unittest.py" false;
    "warnings": "warnings.py" false;
    "weakref": "weakref.py" false;
}
