# A shop: objects with fields, methods that call each other, dictionaries by name.


class Item:
    def __init__(self, name, price, stock):
        self.name = name
        self.price = price
        self.stock = stock
        self.sold = 0

    def take(self, wanted):
        if wanted > self.stock:
            wanted = self.stock
        self.stock -= wanted
        self.sold += wanted
        return wanted

    def value(self):
        return self.stock * self.price


class Shop:
    def __init__(self):
        self.items = {}
        self.log = []
        self.income = 0

    def add(self, item):
        self.items[item.name] = item

    def sell(self, name, wanted):
        item = self.items.get(name)
        if item is None:
            self.log.append("no " + name)
            return False
        got = item.take(wanted)
        if not got:
            return False
        self.income += got * item.price
        return got == wanted

    def restock(self, least):
        for name in sorted(self.items):
            item = self.items[name]
            if item.stock < least:
                item.stock += 2 * least
                self.income -= least * item.price

    def worth(self):
        return sum(item.value() for item in self.items.values())


def main():
    shop = Shop()
    for i in range(20):
        shop.add(Item("thing%d" % i, 3 + i * 7 % 11, 10 + i))
    state, done = 12345, 0
    for step in range(2500):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        name = "thing%d" % (state >> 8 & 31)
        if shop.sell(name, 1 + (state >> 16) % 5):
            done += 1
        if step % 250 == 249:
            shop.restock(15)
    print(done, shop.income, shop.worth(), len(shop.log))


main()
