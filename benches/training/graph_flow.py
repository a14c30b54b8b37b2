# Graphs: shortest paths over all pairs, components, a maximal flow.


class Graph:
    def __init__(self, size):
        self.size = size
        self.edges = [{} for _ in range(size)]

    def connect(self, a, b, weight):
        self.edges[a][b] = weight

    def distances(self):
        far = 10 ** 9
        table = [[far] * self.size for _ in range(self.size)]
        for a in range(self.size):
            table[a][a] = 0
            for b, weight in self.edges[a].items():
                table[a][b] = weight
        for middle in range(self.size):
            through = table[middle]
            for row in table:
                first = row[middle]
                if first == far:
                    continue
                for b in range(self.size):
                    length = first + through[b]
                    if length < row[b]:
                        row[b] = length
        return table

    def reach(self, start):
        seen, waiting = {start}, [start]
        while waiting:
            node = waiting.pop()
            for other in self.edges[node]:
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return seen

    def flow(self, source, sink):
        left = [dict(edges) for edges in self.edges]
        total = 0
        while True:
            parent = {source: None}
            queue = [source]
            for node in queue:
                for other, room in left[node].items():
                    if room > 0 and other not in parent:
                        parent[other] = node
                        queue.append(other)
            if sink not in parent:
                return total
            amount, node = 10 ** 9, sink
            while parent[node] is not None:
                amount = min(amount, left[parent[node]][node])
                node = parent[node]
            node = sink
            while parent[node] is not None:
                before = parent[node]
                left[before][node] -= amount
                left[node][before] = left[node].get(before, 0) + amount
                node = before
            total += amount


def main():
    graph = Graph(22)
    state = 99
    for a in range(22):
        for _ in range(4):
            state = (state * 48271) % 2147483647
            b = state % 22
            if a != b:
                graph.connect(a, b, 1 + state // 22 % 30)
    table = graph.distances()
    print(sum(d for row in table for d in row if d < 10 ** 9))
    print(len(graph.reach(0)), graph.flow(0, 21))


main()
