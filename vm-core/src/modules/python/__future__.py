"""The features that `from __future__ import` knows."""

all_feature_names = ["nested_scopes", "generators", "division", "absolute_import",
                     "with_statement", "print_function", "unicode_literals",
                     "barry_as_FLUFL", "generator_stop"]

__all__ = ["all_feature_names"] + all_feature_names

CO_NESTED = 0x0010
CO_GENERATOR_ALLOWED = 0
CO_FUTURE_DIVISION = 0x2000
CO_FUTURE_ABSOLUTE_IMPORT = 0x4000
CO_FUTURE_WITH_STATEMENT = 0x8000
CO_FUTURE_PRINT_FUNCTION = 0x10000
CO_FUTURE_UNICODE_LITERALS = 0x20000
CO_FUTURE_BARRY_AS_BDFL = 0x40000
CO_FUTURE_GENERATOR_STOP = 0x80000


class _Feature:
    def __init__(self, optional, mandatory, compiler_flag):
        self.optional = optional
        self.mandatory = mandatory
        self.compiler_flag = compiler_flag

    def getOptionalRelease(self):
        """The first release that knows the feature."""
        return self.optional

    def getMandatoryRelease(self):
        """The release in which the feature is always on, or None."""
        return self.mandatory

    def __repr__(self):
        return "_Feature" + repr((self.optional, self.mandatory, self.compiler_flag))


def _final(major, minor, stage="final", serial=0, micro=0):
    return major, minor, micro, stage, serial


nested_scopes = _Feature(_final(2, 1, "beta", 1), _final(2, 2, "alpha"), CO_NESTED)
generators = _Feature(_final(2, 2, "alpha", 1), _final(2, 3), CO_GENERATOR_ALLOWED)
division = _Feature(_final(2, 2, "alpha", 2), _final(3, 0, "alpha"), CO_FUTURE_DIVISION)
absolute_import = _Feature(_final(2, 5, "alpha", 1), _final(3, 0, "alpha"),
                           CO_FUTURE_ABSOLUTE_IMPORT)
with_statement = _Feature(_final(2, 5, "alpha", 1), _final(2, 6, "alpha"),
                          CO_FUTURE_WITH_STATEMENT)
print_function = _Feature(_final(2, 6, "alpha", 2), _final(3, 0, "alpha"),
                          CO_FUTURE_PRINT_FUNCTION)
unicode_literals = _Feature(_final(2, 6, "alpha", 2), _final(3, 0, "alpha"),
                            CO_FUTURE_UNICODE_LITERALS)
barry_as_FLUFL = _Feature(_final(3, 1, "alpha", 2), _final(3, 9, "alpha"),
                          CO_FUTURE_BARRY_AS_BDFL)
generator_stop = _Feature(_final(3, 5, "beta", 1), _final(3, 7, "alpha"),
                          CO_FUTURE_GENERATOR_STOP)
