# Exact arithmetic: fractions and polynomials as classes, interpolation, derivatives.


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


class Ratio:
    def __init__(self, top, bottom=1):
        if bottom < 0:
            top, bottom = -top, -bottom
        common = gcd(abs(top), bottom) or 1
        self.top = top // common
        self.bottom = bottom // common

    def __add__(self, other):
        return Ratio(self.top * other.bottom + other.top * self.bottom, self.bottom * other.bottom)

    def __sub__(self, other):
        return Ratio(self.top * other.bottom - other.top * self.bottom, self.bottom * other.bottom)

    def __mul__(self, other):
        return Ratio(self.top * other.top, self.bottom * other.bottom)

    def __truediv__(self, other):
        return Ratio(self.top * other.bottom, self.bottom * other.top)

    def __eq__(self, other):
        return self.top == other.top and self.bottom == other.bottom

    def __repr__(self):
        return "%d/%d" % (self.top, self.bottom) if self.bottom != 1 else str(self.top)


class Polynomial:
    def __init__(self, terms):
        while terms and terms[-1] == Ratio(0):
            terms.pop()
        self.terms = terms

    def __call__(self, x):
        result = Ratio(0)
        for term in reversed(self.terms):
            result = result * x + term
        return result

    def __mul__(self, other):
        out = [Ratio(0)] * (len(self.terms) + len(other.terms))
        for i, a in enumerate(self.terms):
            for j, b in enumerate(other.terms):
                out[i + j] = out[i + j] + a * b
        return Polynomial(out)

    def __add__(self, other):
        longer, shorter = self.terms, other.terms
        if len(longer) < len(shorter):
            longer, shorter = shorter, longer
        out = list(longer)
        for i, term in enumerate(shorter):
            out[i] = out[i] + term
        return Polynomial(out)

    def derivative(self):
        return Polynomial([term * Ratio(i) for i, term in enumerate(self.terms)][1:])


def interpolate(points):
    total = Polynomial([])
    for i, (xi, yi) in enumerate(points):
        basis = Polynomial([yi])
        for j, (xj, _) in enumerate(points):
            if i != j:
                scale = Ratio(1) / (xi - xj)
                basis = basis * Polynomial([Ratio(0) - xj * scale, scale])
        total = total + basis
    return total


def main():
    points = [(Ratio(x), Ratio(x ** 4 - 3 * x + 2, 1 + x % 3)) for x in range(9)]
    p = interpolate(points)
    print(p.terms[:4], p(Ratio(1, 2)), p.derivative()(Ratio(3)))


main()
