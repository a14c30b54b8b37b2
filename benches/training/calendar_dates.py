# Dates: leap years, weekdays, differences, formatting and parsing.

LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year, month):
    if month == 2 and is_leap(year):
        return 29
    return LENGTHS[month - 1]


def day_number(year, month, day):
    days = day
    for m in range(1, month):
        days += month_length(year, m)
    before = year - 1
    return days + before * 365 + before // 4 - before // 100 + before // 400


def weekday(year, month, day):
    return NAMES[(day_number(year, month, day) - 1) % 7]


class Date:
    def __init__(self, year, month, day):
        self.year, self.month, self.day = year, month, day

    def tomorrow(self):
        day, month, year = self.day + 1, self.month, self.year
        if day > month_length(year, month):
            day = 1
            month += 1
            if month > 12:
                month = 1
                year += 1
        return Date(year, month, day)

    def __eq__(self, other):
        return (self.year, self.month, self.day) == (other.year, other.month, other.day)

    def __str__(self):
        return "%04d-%02d-%02d" % (self.year, self.month, self.day)


def parse(text):
    year, month, day = text.split("-")
    return Date(int(year), int(month), int(day))


def main():
    unlucky = 0
    for year in range(1990, 2030):
        for month in range(1, 13):
            if weekday(year, month, 13) == "Fri":
                unlucky += 1
    date, end, days = Date(1999, 12, 1), parse("2002-03-01"), 0
    while date != end:
        date = date.tomorrow()
        days += 1
    print(unlucky, days, date, day_number(2002, 3, 1) - day_number(1999, 12, 1))


main()
