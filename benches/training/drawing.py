# Lines, circles and filled shapes on a grid of characters; colours mixed from parts.


class Canvas:
    def __init__(self, width, height):
        self.width = width
        self.height = height
        self.rows = [[0] * width for _ in range(height)]

    def set(self, x, y, value):
        if 0 <= x < self.width and 0 <= y < self.height:
            self.rows[y][x] = value

    def line(self, x0, y0, x1, y1, value):
        dx = abs(x1 - x0)
        dy = -abs(y1 - y0)
        sx = 1 if x0 < x1 else -1
        sy = 1 if y0 < y1 else -1
        error = dx + dy
        while True:
            self.set(x0, y0, value)
            if x0 == x1 and y0 == y1:
                break
            double = 2 * error
            if double >= dy:
                error += dy
                x0 += sx
            if double <= dx:
                error += dx
                y0 += sy

    def circle(self, cx, cy, radius, value):
        x, y, error = radius, 0, 1 - radius
        while x >= y:
            for px, py in ((x, y), (y, x), (-x, y), (-y, x)):
                self.set(cx + px, cy + py, value)
                self.set(cx + px, cy - py, value)
            y += 1
            if error < 0:
                error += 2 * y + 1
            else:
                x -= 1
                error += 2 * (y - x) + 1

    def blur(self):
        rows = self.rows
        out = [[0] * self.width for _ in range(self.height)]
        for y in range(1, self.height - 1):
            above, here, below = rows[y - 1], rows[y], rows[y + 1]
            for x in range(1, self.width - 1):
                out[y][x] = (above[x] + below[x] + here[x - 1] + here[x + 1] + 4 * here[x]) // 8
        self.rows = out

    def ink(self):
        total = 0
        for row in self.rows:
            for value in row:
                total += value
        return total


def mix(a, b, t):
    out = []
    for i in range(3):
        out.append((a[i] * (255 - t) + b[i] * t) // 255)
    return tuple(out)


def grey(colour):
    r, g, b = colour
    return (r * 299 + g * 587 + b * 114) // 1000


def main():
    canvas = Canvas(60, 40)
    for i in range(0, 60, 4):
        canvas.line(0, 0, i, 39, 40 + i)
    for radius in range(3, 18, 3):
        canvas.circle(30, 20, radius, 200)
    before = canvas.ink()
    canvas.blur()
    shades = [grey(mix((255, 10, 0), (0, 60, 255), t)) for t in range(256)]
    print(before, canvas.ink(), sum(shades))


main()
