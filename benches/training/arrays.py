# Loops over lists by index: searches, prefix sums, two ends, rotations, medians.


def find(items, wanted):
    low, high = 0, len(items)
    while low < high:
        middle = (low + high) // 2
        if items[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


def prefix(items):
    sums, total = [0], 0
    for x in items:
        total += x
        sums.append(total)
    return sums


def best_slice(items):
    best = here = items[0]
    for x in items[1:]:
        here = x if here < 0 else here + x
        if here > best:
            best = here
    return best


def pairs_with(items, total):
    i, j, found = 0, len(items) - 1, 0
    while i < j:
        both = items[i] + items[j]
        if both == total:
            found += 1
            i += 1
            j -= 1
        elif both < total:
            i += 1
        else:
            j -= 1
    return found


def water(heights):
    left, right = 0, len(heights) - 1
    most_left = most_right = total = 0
    while left < right:
        if heights[left] < heights[right]:
            if heights[left] >= most_left:
                most_left = heights[left]
            else:
                total += most_left - heights[left]
            left += 1
        else:
            if heights[right] >= most_right:
                most_right = heights[right]
            else:
                total += most_right - heights[right]
            right -= 1
    return total


def rotate(items, by):
    n = len(items)
    out = [0] * n
    for i in range(n):
        out[(i + by) % n] = items[i]
    return out


def select(items, k):
    items = list(items)
    low, high = 0, len(items) - 1
    while low < high:
        pivot, i, j = items[k], low, high
        while i <= j:
            while items[i] < pivot:
                i += 1
            while items[j] > pivot:
                j -= 1
            if i <= j:
                items[i], items[j] = items[j], items[i]
                i += 1
                j -= 1
        if j < k:
            low = i
        if k < i:
            high = j
    return items[k]


def main():
    state, items = 77, []
    for _ in range(700):
        state = (state * 16807) % 2147483647
        items.append(state % 2000 - 1000)
    ordered = sorted(items)
    print(sum(find(ordered, x) for x in range(-1000, 1000, 9)), best_slice(items))
    print(pairs_with(ordered, 17), water([abs(x) for x in items]), select(items, 350))
    print(prefix(rotate(items, 13))[200])


main()
