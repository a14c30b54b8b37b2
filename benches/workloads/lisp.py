"""Lisp: a small evaluator that runs factorial, Ackermann, list reversal, sorting and a queue of closures.

Reads S-expressions, looks names up in chained environments and handles tail calls in a loop. Stresses dicts, lists,
`isinstance`, exceptions and calls through a table of primitives. The size is the number of rounds.

Source: McCarthy, "Recursive Functions of Symbolic Expressions and Their Computation by Machine", CACM 3(4), 1960.
"""

SIZES = {"test": 1, "quick": 14, "default": 140}
RESULTS = {"test": 2432902008176663952, "quick": 34060628114473295328, "default": 340606281144732953280}

PROGRAM = """
(define (factorial n) (if (< n 2) 1 (* n (factorial (- n 1)))))
(define (append-to a b) (if (null? a) b (cons (car a) (append-to (cdr a) b))))
(define (reverse-onto a done) (if (null? a) done (reverse-onto (cdr a) (cons (car a) done))))
(define (count-from n limit) (if (< n limit) (cons n (count-from (+ n 1) limit)) nil))
(define (filter keep? a)
  (if (null? a) nil
      (if (keep? (car a)) (cons (car a) (filter keep? (cdr a))) (filter keep? (cdr a)))))
(define (sort a)
  (if (null? a) nil
      (let ((pivot (car a)) (rest (cdr a)))
        (append-to (sort (filter (lambda (x) (< x pivot)) rest))
                   (cons pivot (sort (filter (lambda (x) (not (< x pivot))) rest)))))))
(define (scramble a) (if (null? a) nil (cons (modulo (* 17 (car a)) 41) (scramble (cdr a)))))
(define (make-adder n) (lambda (x) (+ x n)))
(define (twice f) (lambda (x) (f (f x))))
(define (total a) (let loop ((a a) (sum 0)) (if (null? a) sum (loop (cdr a) (+ sum (car a))))))
(define (weigh a n) (if (null? a) 0 (+ (* n (car a)) (weigh (cdr a) (+ n 1)))))
"""


class Symbol:
    table = {}

    def __init__(self, name):
        self.name = name


def intern(name):
    if name not in Symbol.table:
        Symbol.table[name] = Symbol(name)
    return Symbol.table[name]


IF, DEFINE, LAMBDA, LET = [intern(name) for name in ('if', 'define', 'lambda', 'let')]


class Environment:
    def __init__(self, names, values, outer):
        self.values = dict(zip(names, values))
        self.outer = outer

    def find(self, name):
        scope = self
        while scope is not None:
            if name in scope.values:
                return scope.values
            scope = scope.outer
        raise NameError(name.name)


class Procedure:
    def __init__(self, names, body, scope):
        self.names = names
        self.body = body
        self.scope = scope


def read_all(text):
    """All expressions of a text: lists, symbols and numbers."""
    open_lists = [[]]
    for token in text.replace('(', ' ( ').replace(')', ' ) ').split():
        if token == '(':
            open_lists.append([])
        elif token == ')':
            finished = open_lists.pop()
            open_lists[-1].append(finished)
        else:
            try:
                open_lists[-1].append(int(token))
            except ValueError:
                open_lists[-1].append(intern(token))
    return open_lists[0]


def evaluate(expression, scope):
    while True:
        if isinstance(expression, Symbol):
            return scope.find(expression)[expression]
        if not isinstance(expression, list):
            return expression
        head = expression[0]
        if head is IF:
            _, test, then, otherwise = expression
            expression = otherwise if evaluate(test, scope) is False else then
            continue
        if head is LAMBDA:
            return Procedure(expression[1], expression[2], scope)
        if head is DEFINE:
            name = expression[1][0]
            scope.values[name] = Procedure(expression[1][1:], expression[2], scope)
            return None
        if head is LET:
            if isinstance(expression[1], Symbol):
                _, name, bindings, body = expression
                scope = Environment([name], [None], scope)
                scope.values[name] = Procedure([binding[0] for binding in bindings], body, scope)
                expression = [name] + [binding[1] for binding in bindings]
                continue
            _, bindings, expression = expression
            scope = Environment([binding[0] for binding in bindings],
                                [evaluate(binding[1], scope) for binding in bindings], scope)
            continue
        function = evaluate(head, scope)
        arguments = [evaluate(argument, scope) for argument in expression[1:]]
        if not isinstance(function, Procedure):
            return function(*arguments)
        expression = function.body
        scope = Environment(function.names, arguments, function.scope)


def make_globals():
    primitives = {
        '+': lambda a, b: a + b, '-': lambda a, b: a - b, '*': lambda a, b: a * b,
        'modulo': lambda a, b: a % b, '<': lambda a, b: a < b, 'not': lambda a: a is False,
        'cons': lambda a, b: (a, b), 'car': lambda pair: pair[0], 'cdr': lambda pair: pair[1],
        'null?': lambda a: a is None, 'nil': None,
    }
    names = sorted(primitives)
    return Environment([intern(name) for name in names], [primitives[name] for name in names], None)


def run(size):
    scope = make_globals()
    for definition in read_all(PROGRAM):
        evaluate(definition, scope)
    queries = read_all("""
        (factorial 20)
        (total (reverse-onto (count-from 0 60) nil))
        (weigh (sort (scramble (count-from 1 41))) 1)
        ((twice (twice (make-adder 7))) 14)
    """)
    total = 0
    for _ in range(size):
        for query in queries:
            total += evaluate(query, scope)
    return total


def verify(size, result):
    # 17 generates all residues 1..40 of 41, so the sorted list is 1..40 and its weight the sum of squares.
    factorial = 1
    for n in range(2, 21):
        factorial *= n
    return result == size * (factorial + 59 * 60 // 2 + 40 * 41 * 81 // 6 + 14 + 28)


# Driver: the same lines end every workload. `FILE [SIZE] [ITERATIONS]` prints a line an iteration.
if __name__ == '__main__':
    import sys
    import time
    cpu_clock = getattr(time, 'process_time', time.perf_counter)
    size = sys.argv[1] if len(sys.argv) > 1 else 'default'
    size = SIZES[size] if size in SIZES else int(size)
    known = {SIZES[name]: RESULTS[name] for name in SIZES}
    for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 1):
        start, cpu = time.perf_counter(), cpu_clock()
        result = run(size)
        cpu, stop = cpu_clock() - cpu, time.perf_counter()
        if not verify(size, result) or result != known.get(size, result):
            sys.exit('wrong result for size %d: %s' % (size, result))
        check = time.perf_counter() - stop
        print('ITERATION %d %d %d RESULT %s' % ((stop - start) * 1e9, cpu * 1e9, check * 1e9, result))
