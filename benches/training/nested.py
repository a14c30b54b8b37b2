# Recursion over nested lists and strings: depths, flattening, paths, bracketing.


def depth(tree):
    if not isinstance(tree, list):
        return 0
    deepest = 0
    for child in tree:
        d = depth(child)
        if d > deepest:
            deepest = d
    return deepest + 1


def total(tree):
    if isinstance(tree, int):
        return tree
    result = 0
    for child in tree:
        result = result + total(child)
    return result


def flat(tree, out):
    for child in tree:
        if isinstance(child, list):
            flat(child, out)
        else:
            out.append(child)
    return out


def grow(levels, width):
    if levels == 0:
        return width
    return [grow(levels - 1, width + i) for i in range(width)]


def brackets(opened, closed, text, found):
    if opened == 0 and closed == 0:
        found.append(text)
        return
    if opened > 0:
        brackets(opened - 1, closed + 1, text + "(", found)
    if closed > 0:
        brackets(opened, closed - 1, text + ")", found)


def paths(x, y):
    if x == 0 or y == 0:
        return 1
    return paths(x - 1, y) + paths(x, y - 1)


def merge(a, b):
    if not a:
        return b
    if not b:
        return a
    if a[0] < b[0]:
        return [a[0]] + merge(a[1:], b)
    return [b[0]] + merge(a, b[1:])


def main():
    tree = grow(4, 3)
    found = []
    brackets(6, 0, "", found)
    print(depth(tree), total(tree), len(flat(tree, [])), len(found), paths(6, 6))
    print(sum(merge(list(range(0, 60, 2)), list(range(1, 60, 3)))))


main()
