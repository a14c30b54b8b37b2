# More than 10**7 instructions that no fast path takes: strings compared, joined and searched,
# displays unpacked, slices, attributes of built-in types.
def run(n):
    s = 'abc'
    t = 'abd'
    count = 0
    for i in range(n):
        if s < t and t > s and s <= t and t >= s:
            count += 1
        if 'b' in s and 'x' not in s:
            count += 1
        u = s + t
        v = u[1:3]
        a, *b = v
        w = '%s' % a
        w += v
        w = -1.5 ** 2.0
    return count, u, v, a, b, w


print(run(1000000))
