# More than 10**7 instructions whose fast paths take them.
total = 0
i = 0
while i < 1500000:
    total = total + i % 7
    i = i + 1
print(i, total)
