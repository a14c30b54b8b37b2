# Records in lists of dictionaries: selecting, joining, grouping, printing.


def made(n):
    rows, state = [], 1
    for i in range(n):
        state = (state * 5 + 3) % 8191
        rows.append({
            "id": i,
            "city": ("Bonn", "Kyiv", "Lima", "Oslo")[state % 4],
            "age": 18 + state % 60,
            "income": 1000 + state * 3,
        })
    return rows


def select(rows, **wanted):
    out = []
    for row in rows:
        for key, value in wanted.items():
            if row[key] != value:
                break
        else:
            out.append(row)
    return out


def average(rows, key):
    if not rows:
        return 0.0
    total = 0
    for row in rows:
        total += row[key]
    return total / len(rows)


def by(rows, key):
    groups = {}
    for row in rows:
        group = groups.get(row[key])
        if group is None:
            group = groups[row[key]] = []
        group.append(row)
    return groups


def joined(left, right, key):
    index = {row[key]: row for row in right}
    out = []
    for row in left:
        other = index.get(row[key])
        if other is not None:
            both = dict(row)
            both.update(other)
            out.append(both)
    return out


def main():
    rows = made(400)
    taxes = [{"city": "Bonn", "tax": 40}, {"city": "Oslo", "tax": 45}, {"city": "Lima", "tax": 20}]
    for city, group in sorted(by(rows, "city").items()):
        old = [row for row in group if row["age"] > 50]
        print("%-5s %4d %8.2f %8.2f" % (city, len(group), average(group, "age"), average(old, "income")))
    total = 0
    for row in joined(rows, taxes, "city"):
        total += row["income"] * row["tax"] // 100
    print(total, len(select(rows, city="Lima", age=30)))


main()
