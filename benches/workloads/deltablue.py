"""DeltaBlue: an incremental solver for a hierarchy of one-way constraints.

Builds chains of equality constraints and a fan of scale-and-offset constraints,
edits their ends and lets the planner keep everything satisfied. Stresses
polymorphic method calls, small lists and object graphs. The size is the length
of the chain and the width of the fan.

Algorithm: Freeman-Benson, Maloney, Borning, "An Incremental Constraint Solver",
CACM 33(1), 1990; Sannella et al., "Multi-way versus One-way Constraints", SPE 23(5), 1993.
"""

SIZES = {"test": 230, "quick": 3000, "default": 26000}
RESULTS = {"test": "300 1170 5 360675 589675", "quick": "300 1170 5 25491500 28490500", "default": "300 1170 5 1715934000 1741933000"}

FORWARD, BACKWARD, UNSATISFIED = 1, -1, 0


class Strength:
    """How much a constraint matters; a smaller rank is stronger."""

    def __init__(self, rank, name):
        self.rank = rank
        self.name = name
        self.weaker = None

    def beats(self, other):
        return self.rank < other.rank


def weakest_of(one, other):
    return other if one.beats(other) else one


REQUIRED, STRONG_PREFERRED, PREFERRED, STRONG_DEFAULT, NORMAL, WEAK_DEFAULT, WEAKEST = LEVELS = [
    Strength(rank, name) for rank, name in enumerate(
        ['required', 'strongPreferred', 'preferred', 'strongDefault', 'normal', 'weakDefault', 'weakest'])]
for stronger, weaker in zip(LEVELS, LEVELS[1:]):
    stronger.weaker = weaker


class Variable:
    def __init__(self, value):
        self.value = value
        self.constraints = []
        self.determined_by = None
        self.mark = 0
        self.walkabout = WEAKEST
        self.stay = True


class Constraint:
    """What all constraints share. A subclass chooses a method, that is the output variable, when asked."""

    def __init__(self, strength):
        self.strength = strength

    def install(self, planner):
        self.attach()
        planner.add(self)

    def destroy(self, planner):
        if self.is_satisfied():
            planner.remove(self)
        self.detach()

    def is_input(self):
        return False

    def satisfy(self, mark, planner):
        """Enforce this constraint if it is strong enough; answer the constraint it put out of work."""
        self.choose_method(mark)
        if not self.is_satisfied():
            if self.strength is REQUIRED:
                raise ValueError('a required constraint cannot be satisfied')
            return None
        self.mark_inputs(mark)
        output = self.output()
        overridden = output.determined_by
        if overridden is not None:
            overridden.give_up()
        output.determined_by = self
        if not planner.propagate(self, mark):
            raise ValueError('a cycle of constraints')
        output.mark = mark
        return overridden


class UnaryConstraint(Constraint):
    def __init__(self, variable, strength, planner):
        Constraint.__init__(self, strength)
        self.variable = variable
        self.satisfied = False
        self.install(planner)

    def attach(self):
        self.variable.constraints.append(self)
        self.satisfied = False

    def detach(self):
        self.variable.constraints.remove(self)
        self.satisfied = False

    def choose_method(self, mark):
        self.satisfied = self.variable.mark != mark and self.strength.beats(self.variable.walkabout)

    def is_satisfied(self):
        return self.satisfied

    def give_up(self):
        self.satisfied = False

    def mark_inputs(self, mark):
        pass

    def inputs_known(self, mark):
        return True

    def output(self):
        return self.variable

    def recalculate(self):
        self.variable.walkabout = self.strength
        self.variable.stay = not self.is_input()
        if self.variable.stay:
            self.execute()

    def execute(self):
        pass


class StayConstraint(UnaryConstraint):
    """The variable should keep its value."""


class EditConstraint(UnaryConstraint):
    """The variable is set from outside."""

    def is_input(self):
        return True


class BinaryConstraint(Constraint):
    def __init__(self, first, second, strength, planner):
        Constraint.__init__(self, strength)
        self.first = first
        self.second = second
        self.direction = UNSATISFIED
        self.install(planner)

    def attach(self):
        self.first.constraints.append(self)
        self.second.constraints.append(self)
        self.direction = UNSATISFIED

    def detach(self):
        self.first.constraints.remove(self)
        self.second.constraints.remove(self)
        self.direction = UNSATISFIED

    def choose_method(self, mark):
        first, second, strength = self.first, self.second, self.strength
        if first.mark == mark:
            possible = second.mark != mark and strength.beats(second.walkabout)
            self.direction = FORWARD if possible else UNSATISFIED
        elif second.mark == mark:
            self.direction = BACKWARD if strength.beats(first.walkabout) else UNSATISFIED
        elif second.walkabout.beats(first.walkabout):
            self.direction = BACKWARD if strength.beats(first.walkabout) else UNSATISFIED
        else:
            self.direction = FORWARD if strength.beats(second.walkabout) else UNSATISFIED

    def is_satisfied(self):
        return self.direction != UNSATISFIED

    def give_up(self):
        self.direction = UNSATISFIED

    def input(self):
        return self.first if self.direction == FORWARD else self.second

    def output(self):
        return self.second if self.direction == FORWARD else self.first

    def mark_inputs(self, mark):
        self.input().mark = mark

    def inputs_known(self, mark):
        source = self.input()
        return source.mark == mark or source.stay or source.determined_by is None

    def recalculate(self):
        source, target = self.input(), self.output()
        target.walkabout = weakest_of(self.strength, source.walkabout)
        target.stay = source.stay
        if target.stay:
            self.execute()


class EqualityConstraint(BinaryConstraint):
    def execute(self):
        self.output().value = self.input().value


class ScaleConstraint(BinaryConstraint):
    """second = first * scale + offset, in whichever direction."""

    def __init__(self, first, scale, offset, second, strength, planner):
        self.scale = scale
        self.offset = offset
        BinaryConstraint.__init__(self, first, second, strength, planner)

    def attach(self):
        BinaryConstraint.attach(self)
        self.scale.constraints.append(self)
        self.offset.constraints.append(self)

    def detach(self):
        BinaryConstraint.detach(self)
        self.scale.constraints.remove(self)
        self.offset.constraints.remove(self)

    def mark_inputs(self, mark):
        BinaryConstraint.mark_inputs(self, mark)
        self.scale.mark = self.offset.mark = mark

    def execute(self):
        if self.direction == FORWARD:
            self.second.value = self.first.value * self.scale.value + self.offset.value
        else:
            self.first.value = (self.second.value - self.offset.value) // self.scale.value

    def recalculate(self):
        source, target = self.input(), self.output()
        target.walkabout = weakest_of(self.strength, source.walkabout)
        target.stay = source.stay and self.scale.stay and self.offset.stay
        if target.stay:
            self.execute()


class Planner:
    def __init__(self):
        self.mark = 0

    def new_mark(self):
        self.mark += 1
        return self.mark

    def add(self, constraint):
        mark = self.new_mark()
        overridden = constraint.satisfy(mark, self)
        while overridden is not None:
            overridden = overridden.satisfy(mark, self)

    def remove(self, constraint):
        output = constraint.output()
        constraint.give_up()
        constraint.detach()
        unsatisfied = self.free_downstream(output)
        strength = REQUIRED
        while strength is not None:
            for candidate in unsatisfied:
                if candidate.strength is strength:
                    self.add(candidate)
            strength = strength.weaker
        constraint.attach()

    def free_downstream(self, output):
        """Undo what depended on a variable; answer the constraints that may now be satisfiable."""
        output.determined_by = None
        output.walkabout = WEAKEST
        output.stay = True
        unsatisfied = []
        todo = [output]
        while todo:
            variable = todo.pop()
            for constraint in variable.constraints:
                if not constraint.is_satisfied():
                    unsatisfied.append(constraint)
            determining = variable.determined_by
            for constraint in variable.constraints:
                if constraint is not determining and constraint.is_satisfied():
                    constraint.recalculate()
                    todo.append(constraint.output())
        return unsatisfied

    def propagate(self, constraint, mark):
        todo = [constraint]
        while todo:
            current = todo.pop()
            output = current.output()
            if output.mark == mark:
                self.remove(constraint)
                return False
            current.recalculate()
            self.add_consumers(output, todo)
        return True

    def add_consumers(self, variable, todo):
        determining = variable.determined_by
        for constraint in variable.constraints:
            if constraint is not determining and constraint.is_satisfied():
                todo.append(constraint)

    def plan(self, sources):
        """The constraints to execute, in order, when the sources change."""
        mark = self.new_mark()
        steps = []
        todo = [source for source in sources if source.is_input() and source.is_satisfied()]
        while todo:
            constraint = todo.pop()
            output = constraint.output()
            if output.mark != mark and constraint.inputs_known(mark):
                steps.append(constraint)
                output.mark = mark
                self.add_consumers(output, todo)
        return steps

    def change(self, variable, value, times):
        edit = EditConstraint(variable, PREFERRED, self)
        steps = self.plan([edit])
        for _ in range(times):
            variable.value = value
            for constraint in steps:
                constraint.execute()
        edit.destroy(self)


def chain(length):
    """Edit the head of a chain of equalities; answer the sum seen at its tail."""
    planner = Planner()
    variables = [Variable(0) for _ in range(length + 1)]
    for left, right in zip(variables, variables[1:]):
        EqualityConstraint(left, right, REQUIRED, planner)
    StayConstraint(variables[-1], STRONG_DEFAULT, planner)
    edit = EditConstraint(variables[0], PREFERRED, planner)
    steps = planner.plan([edit])
    total = 0
    for value in range(25):
        variables[0].value = value
        for constraint in steps:
            constraint.execute()
        total += variables[-1].value
    edit.destroy(planner)
    return total


def projection(width):
    """Scale and offset a fan of points, from both ends; answer the sums of the far ends."""
    planner = Planner()
    scale, offset = Variable(10), Variable(1000)
    sources, targets = [], []
    for i in range(width):
        source, target = Variable(i), Variable(i)
        sources.append(source)
        targets.append(target)
        StayConstraint(source, NORMAL, planner)
        ScaleConstraint(source, scale, offset, target, REQUIRED, planner)
    planner.change(sources[0], 17, 10)
    sums = [targets[0].value]
    planner.change(targets[0], 1050, 10)
    sums.append(sources[0].value)
    planner.change(scale, 5, 10)
    sums.append(sum([target.value for target in targets[1:]]))
    planner.change(offset, 2000, 10)
    sums.append(sum([target.value for target in targets[1:]]))
    return sums


def run(size):
    return ' '.join([str(number) for number in [chain(size)] + projection(size)])


def verify(size, result):
    """The tail follows the head, and each end of the fan is what the formula says."""
    rest = range(1, size)
    expected = [300, 1170, 5, sum([5 * i + 1000 for i in rest]), sum([5 * i + 2000 for i in rest])]
    return result == ' '.join([str(number) for number in expected])


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
