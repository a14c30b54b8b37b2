# Accounts with inheritance, properties, exceptions and an audit trail.


class Refused(Exception):
    pass


class Account:
    rate = 0

    def __init__(self, owner, balance=0):
        self.owner = owner
        self._balance = balance
        self.history = []

    @property
    def balance(self):
        return self._balance

    def deposit(self, amount):
        if amount <= 0:
            raise Refused("nothing to deposit")
        self._balance += amount
        self.history.append(("in", amount))

    def withdraw(self, amount):
        if amount > self.limit():
            raise Refused("not enough")
        self._balance -= amount
        self.history.append(("out", amount))

    def limit(self):
        return self._balance

    def month(self):
        interest = self._balance * self.rate // 100
        if interest:
            self._balance += interest


class Savings(Account):
    rate = 2


class Credit(Account):
    rate = 5

    def __init__(self, owner, balance=0, line=500):
        super().__init__(owner, balance)
        self.line = line

    def limit(self):
        return super().limit() + self.line


class Bank:
    def __init__(self):
        self.accounts = []
        self.refused = 0

    def move(self, source, target, amount):
        try:
            source.withdraw(amount)
            target.deposit(amount)
        except Refused:
            self.refused += 1
            return False
        return True


def main():
    bank = Bank()
    kinds = [Account, Savings, Credit]
    for i in range(12):
        bank.accounts.append(kinds[i % 3]("owner %d" % i, 100 * i))
    state = 2024
    for day in range(2000):
        state = (state * 214013 + 2531011) & 0xFFFFFFFF
        source = bank.accounts[(state >> 16) % 12]
        target = bank.accounts[(state >> 20) % 12]
        if source is not target:
            bank.move(source, target, state % 400)
        if day % 100 == 0:
            for account in bank.accounts:
                account.month()
    print(bank.refused, sum(account.balance for account in bank.accounts))
    print(max(len(account.history) for account in bank.accounts))


main()
