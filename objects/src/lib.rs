//! Object models: reference counting and a traced arena, each with tagged or boxed values.
