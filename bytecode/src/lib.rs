//! CPython 3.5's public instruction set: opcodes, code objects, constants, line table, disassembler, digests.
