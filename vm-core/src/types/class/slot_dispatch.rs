//! Slots of Python classes: functions that call special methods.
