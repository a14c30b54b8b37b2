//! Python source text in, CPython 3.5 code objects out.
