"""Richards: the kernel of a small operating system, simulated.

Six tasks of fixed priorities pass packets to each other; the scheduler always
runs the first task of the priority list that is neither held nor waiting in
vain. Stresses method calls of a few receiver types, attribute reads and writes,
and unpredictable branches. The size is the number of turns of the idle task.

Algorithm: Martin Richards' BCPL benchmark (Cambridge, about 1981); its published
counts for 10,000 turns are 23,246 packets queued and 9,297 holds.
"""

SIZES = {"test": 1500, "quick": 22000, "default": 220000}
RESULTS = {"test": "3472 sent, 1388 holds", "quick": "51432 sent, 20572 holds", "default": "512047 sent, 204818 holds"}

IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = range(1, 7)
FOR_DEVICE, FOR_WORK = 0, 1
BUFFER = 4


class Packet:
    def __init__(self, link, ident, kind):
        self.link = link
        self.ident = ident
        self.kind = kind
        self.datum = 0
        self.data = [0] * BUFFER


def append(packet, queue):
    """The queue with the packet at its end."""
    packet.link = None
    if queue is None:
        return packet
    last = queue
    while last.link is not None:
        last = last.link
    last.link = packet
    return queue


class Task:
    """A task: `step` takes a packet or None and answers which task runs next."""

    def __init__(self, kernel, ident, priority, queue, waiting):
        self.kernel = kernel
        self.ident = ident
        self.priority = priority
        self.queue = queue
        self.waiting = waiting
        self.held = False
        self.link = kernel.tasks
        kernel.tasks = self
        kernel.table[ident] = self

    def blocked(self):
        return self.held or (self.waiting and self.queue is None)

    def resume(self):
        packet = None
        if self.waiting:
            packet = self.queue
            self.queue = packet.link
            self.waiting = False
        return self.step(packet)

    def receive(self, packet, sender):
        """Queue a packet; the more urgent of the two tasks goes on."""
        if self.queue is None:
            self.queue = packet
            if self.priority > sender.priority:
                return self
        else:
            append(packet, self.queue)
        return sender


class IdleTask(Task):
    def __init__(self, kernel, ident, priority, turns):
        Task.__init__(self, kernel, ident, priority, None, False)
        self.turns = turns
        self.shift = 1

    def step(self, packet):
        self.turns -= 1
        if self.turns == 0:
            return self.kernel.hold()
        if self.shift & 1:
            self.shift = (self.shift >> 1) ^ 0xD008
            return self.kernel.release(DEVICE_B)
        self.shift >>= 1
        return self.kernel.release(DEVICE_A)


class WorkerTask(Task):
    def __init__(self, kernel, ident, priority, queue):
        Task.__init__(self, kernel, ident, priority, queue, True)
        self.destination = HANDLER_A
        self.letter = 0

    def step(self, packet):
        if packet is None:
            return self.kernel.wait()
        self.destination = HANDLER_B if self.destination == HANDLER_A else HANDLER_A
        packet.ident = self.destination
        packet.datum = 0
        for i in range(BUFFER):
            self.letter += 1
            if self.letter > 26:
                self.letter = 1
            packet.data[i] = 64 + self.letter
        return self.kernel.send(packet)


class HandlerTask(Task):
    def __init__(self, kernel, ident, priority, queue):
        Task.__init__(self, kernel, ident, priority, queue, True)
        self.work = None
        self.devices = None

    def step(self, packet):
        if packet is not None:
            if packet.kind == FOR_WORK:
                self.work = append(packet, self.work)
            else:
                self.devices = append(packet, self.devices)
        work = self.work
        if work is not None:
            done = work.datum
            if done >= BUFFER:
                self.work = work.link
                return self.kernel.send(work)
            device = self.devices
            if device is not None:
                self.devices = device.link
                device.datum = work.data[done]
                work.datum = done + 1
                return self.kernel.send(device)
        return self.kernel.wait()


class DeviceTask(Task):
    def __init__(self, kernel, ident, priority):
        Task.__init__(self, kernel, ident, priority, None, True)
        self.pending = None

    def step(self, packet):
        if packet is not None:
            self.pending = packet
            return self.kernel.hold()
        packet = self.pending
        if packet is None:
            return self.kernel.wait()
        self.pending = None
        return self.kernel.send(packet)


class Kernel:
    def __init__(self):
        self.tasks = None
        self.table = [None] * 7
        self.current = None
        self.sent = 0
        self.holds = 0

    def schedule(self):
        task = self.tasks
        while task is not None:
            self.current = task
            if task.blocked():
                task = task.link
            else:
                task = task.resume()

    def wait(self):
        self.current.waiting = True
        return self.current

    def hold(self):
        self.holds += 1
        self.current.held = True
        return self.current.link

    def release(self, ident):
        task = self.table[ident]
        task.held = False
        if task.priority > self.current.priority:
            return task
        return self.current

    def send(self, packet):
        task = self.table[packet.ident]
        self.sent += 1
        packet.link = None
        packet.ident = self.current.ident
        return task.receive(packet, self.current)


def packets(count, ident, kind):
    queue = None
    for _ in range(count):
        queue = Packet(queue, ident, kind)
    return queue


def run(size):
    kernel = Kernel()
    IdleTask(kernel, IDLE, 0, size)
    WorkerTask(kernel, WORKER, 1000, packets(2, WORKER, FOR_WORK))
    HandlerTask(kernel, HANDLER_A, 2000, packets(3, DEVICE_A, FOR_DEVICE))
    HandlerTask(kernel, HANDLER_B, 3000, packets(3, DEVICE_B, FOR_DEVICE))
    DeviceTask(kernel, DEVICE_A, 4000)
    DeviceTask(kernel, DEVICE_B, 5000)
    kernel.schedule()
    return '%d sent, %d holds' % (kernel.sent, kernel.holds)


def verify(size, result):
    if size == 10000:
        return result == '23246 sent, 9297 holds'
    sent, holds = [int(part.split()[0]) for part in result.split(', ')]
    return abs(sent / size - 2.3246) < 0.05 + 30 / size and abs(holds / size - 0.9297) < 0.02 + 15 / size


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
