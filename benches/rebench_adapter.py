"""Reads the workloads' driver lines for ReBench: `ITERATION wall-ns cpu-ns check-ns RESULT text`.

The total of an iteration is its wall-clock time; processor time is recorded as a criterion of its own. A line that is none of
the driver's makes the run invalid.
"""

from rebench.interop.adapter import GaugeAdapter, OutputNotParseable
from rebench.model.data_point import DataPoint
from rebench.model.measurement import Measurement


class Workload(GaugeAdapter):
    def parse_data(self, data, run_id, invocation):
        points = []
        for number, line in enumerate(data.strip().split('\n'), 1):
            words = line.split(' ', 5)
            if len(words) != 6 or words[0] != 'ITERATION' or words[4] != 'RESULT':
                raise OutputNotParseable(data)
            point = DataPoint(run_id)
            for word, name in ((words[2], 'cpu'), (words[1], 'total')):
                point.add_measurement(Measurement(invocation, number, int(word) / 1e6, 'ms', run_id, name))
            points.append(point)
        return points
