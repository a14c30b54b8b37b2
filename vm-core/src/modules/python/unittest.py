"""Unit tests: cases, suites, a runner that prints what CPython's prints."""

import sys
import time
import traceback

__all__ = ['TestCase', 'TestSuite', 'TestLoader', 'TestResult', 'TextTestRunner', 'TextTestResult',
           'SkipTest', 'FunctionTestCase', 'defaultTestLoader', 'main', 'skip', 'skipIf',
           'skipUnless', 'expectedFailure']


class SkipTest(Exception):
    """Raised in a test that is to be passed over."""


def skip(reason):
    """Decorator: a test or a class of tests that is passed over."""

    def decorate(item):
        if not isinstance(item, type):
            def skipped(*args, **kwargs):
                raise SkipTest(reason)
            skipped.__name__, skipped.__doc__ = item.__name__, item.__doc__
            item = skipped
        item.__unittest_skip__ = True
        item.__unittest_skip_why__ = reason
        return item

    return decorate


def skipIf(condition, reason):
    return skip(reason) if condition else lambda item: item


def skipUnless(condition, reason):
    return lambda item: item if condition else skip(reason)(item)


def expectedFailure(item):
    item.__unittest_expecting_failure__ = True
    return item


class _AssertRaises:
    """Context in which an exception has to be raised."""

    def __init__(self, expected, case, pattern=None, msg=None):
        self.expected, self.case, self.pattern, self.msg = expected, case, pattern, msg
        self.exception = None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, tb):
        if kind is None:
            names = self.expected if isinstance(self.expected, tuple) else (self.expected,)
            name = (names[0].__name__ if not isinstance(self.expected, tuple)
                    else str(self.expected))
            raise self.case.failureException(
                self.case._formatMessage(self.msg, '%s not raised' % name))
        if not issubclass(kind, self.expected):
            return False
        self.exception = value.with_traceback(None)
        if self.pattern is not None:
            import re
            pattern = re.compile(self.pattern)
            if not pattern.search(str(value)):
                raise self.case.failureException(self.case._formatMessage(
                    self.msg, '"%s" does not match "%s"' % (pattern.pattern, str(value))))
        return True




def _short(obj):
    try:
        return repr(obj)
    except Exception:
        return object.__repr__(obj)


class TestCase:
    """A test: a method with what is done before and after it."""

    failureException = AssertionError
    longMessage = True
    maxDiff = 640

    def __init__(self, methodName='runTest'):
        self._testMethodName = methodName
        if not hasattr(self, methodName) and methodName != 'runTest':
            raise ValueError('no such test method in %s: %s' % (self.__class__, methodName))
        self._cleanups = []
        self._result = None
        self._failed_parts = []

    def setUp(self):
        pass

    def tearDown(self):
        pass

    @classmethod
    def setUpClass(cls):
        pass

    @classmethod
    def tearDownClass(cls):
        pass

    def countTestCases(self):
        return 1

    def id(self):
        return '%s.%s.%s' % (self.__class__.__module__, self.__class__.__qualname__,
                             self._testMethodName)

    def shortDescription(self):
        doc = getattr(self, self._testMethodName).__doc__
        return doc.split('\n')[0].strip() if doc else None

    def __str__(self):
        return '%s (%s.%s)' % (self._testMethodName, self.__class__.__module__,
                               self.__class__.__qualname__)

    def __repr__(self):
        return '<%s.%s testMethod=%s>' % (self.__class__.__module__, self.__class__.__qualname__,
                                          self._testMethodName)

    def __eq__(self, other):
        return type(self) is type(other) and self._testMethodName == other._testMethodName

    def __hash__(self):
        return hash((type(self), self._testMethodName))

    def addCleanup(self, function, *args, **kwargs):
        self._cleanups.append((function, args, kwargs))

    def doCleanups(self):
        while self._cleanups:
            function, args, kwargs = self._cleanups.pop()
            function(*args, **kwargs)

    def __call__(self, result=None):
        return self.run(result)

    def run(self, result=None):
        """Runs the test and tells the result how it went."""
        if result is None:
            result = TestResult()
        result.startTest(self)
        method = getattr(self, self._testMethodName)
        try:
            for item in (self.__class__, method):
                if getattr(item, '__unittest_skip__', False):
                    result.addSkip(self, getattr(item, '__unittest_skip_why__', ''))
                    return result
            self._failed_parts = []
            expecting = getattr(method, '__unittest_expecting_failure__', False)
            problem = None
            for step in (self.setUp, method, self.tearDown, self.doCleanups):
                if problem is not None and step == method:
                    continue
                try:
                    if problem is not None and step == self.tearDown and problem[2] == 'setUp':
                        continue
                    step()
                except KeyboardInterrupt:
                    raise
                except SkipTest as e:
                    problem = problem or ('skip', str(e), step.__name__)
                except self.failureException:
                    problem = problem or ('failure', sys.exc_info(), step.__name__)
                except Exception:
                    problem = problem or ('error', sys.exc_info(), step.__name__)
            for part, kind, error in self._failed_parts:
                result.addSubTest(self, part, kind, error)
            if problem is None:
                if expecting:
                    result.addUnexpectedSuccess(self)
                elif not self._failed_parts:
                    result.addSuccess(self)
            elif problem[0] == 'skip':
                result.addSkip(self, problem[1])
            elif expecting:
                result.addExpectedFailure(self, problem[1])
            elif problem[0] == 'failure':
                result.addFailure(self, problem[1])
            else:
                result.addError(self, problem[1])
            return result
        finally:
            result.stopTest(self)

    def debug(self):
        self.setUp()
        getattr(self, self._testMethodName)()
        self.tearDown()
        self.doCleanups()

    def subTest(self, msg=None, **params):
        return _Part(self, msg, params)

    def skipTest(self, reason):
        raise SkipTest(reason)

    def fail(self, msg=None):
        raise self.failureException(msg)

    def _formatMessage(self, msg, standard):
        if not self.longMessage:
            return msg or standard
        return standard if msg is None else '%s : %s' % (standard, msg)

    def _check(self, holds, msg, standard, *values):
        if not holds:
            text = standard % tuple(map(_short, values))
            raise self.failureException(self._formatMessage(msg, text))

    def assertTrue(self, expr, msg=None):
        self._check(expr, msg, '%s is not true', expr)

    def assertFalse(self, expr, msg=None):
        self._check(not expr, msg, '%s is not false', expr)

    def assertEqual(self, first, second, msg=None):
        self._check(first == second, msg, '%s != %s', first, second)

    assertListEqual = assertTupleEqual = assertDictEqual = assertSetEqual = assertEqual
    assertSequenceEqual = assertMultiLineEqual = assertEqual

    def assertNotEqual(self, first, second, msg=None):
        self._check(first != second, msg, '%s == %s', first, second)

    def assertIs(self, expr1, expr2, msg=None):
        self._check(expr1 is expr2, msg, '%s is not %s', expr1, expr2)

    def assertIsNot(self, expr1, expr2, msg=None):
        self._check(expr1 is not expr2, msg, 'unexpectedly identical: %s', expr1)

    def assertIsNone(self, obj, msg=None):
        self._check(obj is None, msg, '%s is not None', obj)

    def assertIsNotNone(self, obj, msg=None):
        self._check(obj is not None, msg, 'unexpectedly None')

    def assertIn(self, member, container, msg=None):
        self._check(member in container, msg, '%s not found in %s', member, container)

    def assertNotIn(self, member, container, msg=None):
        self._check(member not in container, msg, '%s unexpectedly found in %s', member, container)

    def assertIsInstance(self, obj, cls, msg=None):
        self._check(isinstance(obj, cls), msg, '%s is not an instance of %s', obj, cls)

    def assertNotIsInstance(self, obj, cls, msg=None):
        self._check(not isinstance(obj, cls), msg, '%s is an instance of %s', obj, cls)

    def assertLess(self, a, b, msg=None):
        self._check(a < b, msg, '%s not less than %s', a, b)

    def assertLessEqual(self, a, b, msg=None):
        self._check(a <= b, msg, '%s not less than or equal to %s', a, b)

    def assertGreater(self, a, b, msg=None):
        self._check(a > b, msg, '%s not greater than %s', a, b)

    def assertGreaterEqual(self, a, b, msg=None):
        self._check(a >= b, msg, '%s not greater than or equal to %s', a, b)

    def _near(self, first, second, places, delta):
        if first == second:
            return True, ''
        if delta is not None:
            if places is not None:
                raise TypeError('specify delta or places not both')
            return abs(first - second) <= delta, '%s delta' % _short(delta)
        places = 7 if places is None else places
        return round(abs(second - first), places) == 0, '%s places' % places

    def assertAlmostEqual(self, first, second, places=None, msg=None, delta=None):
        near, within = self._near(first, second, places, delta)
        self._check(near, msg, '%s != %s within ' + within.replace('%', '%%'), first, second)

    def assertNotAlmostEqual(self, first, second, places=None, msg=None, delta=None):
        near, within = self._near(first, second, places, delta)
        self._check(not near and first != second, msg,
                    '%s == %s within ' + within.replace('%', '%%'), first, second)

    def assertCountEqual(self, first, second, msg=None):
        left = list(second)
        missing = []
        for item in first:
            if item in left:
                left.remove(item)
            else:
                missing.append(item)
        self._check(not missing and not left, msg,
                    'Element counts were not equal:\n%s\n%s', first, second)

    def assertRaises(self, expected, *args, **kwargs):
        return self._raises(expected, None, args, kwargs)

    def assertRaisesRegex(self, expected, pattern, *args, **kwargs):
        return self._raises(expected, pattern, args, kwargs)

    def _raises(self, expected, pattern, args, kwargs):
        if not args or args[0] is None:
            return _AssertRaises(expected, self, pattern, kwargs.pop('msg', None))
        with _AssertRaises(expected, self, pattern):
            args[0](*args[1:], **kwargs)

    def assertRegex(self, text, pattern, msg=None):
        import re
        pattern = re.compile(pattern)
        self._check(pattern.search(text), msg, "Regex didn't match: %s not found in %s",
                    pattern.pattern, text)

    def assertNotRegex(self, text, pattern, msg=None):
        import re
        pattern = re.compile(pattern)
        self._check(not pattern.search(text), msg, 'Regex matched: %s in %s', pattern.pattern, text)


class _Part:
    """A part of a test that may fail alone."""

    def __init__(self, case, msg, params):
        self.case = case
        words = ([] if msg is None else ['[%s]' % msg])
        if params:
            words.append('(%s)' % ', '.join('%s=%r' % p for p in sorted(params.items())))
        self.words = ' '.join(words) or '(<subtest>)'
        self.failureException = case.failureException

    def __str__(self):
        return '%s %s' % (self.case, self.words)

    def id(self):
        return '%s %s' % (self.case.id(), self.words)

    def shortDescription(self):
        return self.case.shortDescription()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, tb):
        if kind is None:
            return False
        if issubclass(kind, SkipTest) or not issubclass(kind, Exception):
            return False
        problem = 'failure' if issubclass(kind, self.failureException) else 'error'
        self.case._failed_parts.append((self, problem, (kind, value, tb)))
        return True


class FunctionTestCase(TestCase):
    """A test made of functions."""

    def __init__(self, testFunc, setUp=None, tearDown=None, description=None):
        super().__init__()
        self._function, self._before, self._after = testFunc, setUp, tearDown
        self._description = description

    def setUp(self):
        if self._before is not None:
            self._before()

    def tearDown(self):
        if self._after is not None:
            self._after()

    def runTest(self):
        self._function()

    def id(self):
        return self._function.__name__


class TestSuite:
    """Tests that run one after the other."""

    def __init__(self, tests=()):
        self._tests = list(tests)

    def __iter__(self):
        return iter(self._tests)

    def addTest(self, test):
        self._tests.append(test)

    def addTests(self, tests):
        for test in tests:
            self.addTest(test)

    def countTestCases(self):
        return sum(test.countTestCases() for test in self._tests)

    def __call__(self, result):
        return self.run(result)

    def _cases(self):
        for test in self._tests:
            if isinstance(test, TestSuite):
                yield from test._cases()
            else:
                yield test

    def run(self, result):
        current = None
        broken = False
        for test in self._cases():
            if result.shouldStop:
                break
            if type(test) is not current:
                self._leave(current, broken, result)
                current = type(test)
                broken = not self._enter(current, result)
            if not broken:
                test.run(result)
        self._leave(current, broken, result)
        return result

    def _enter(self, cls, result):
        if getattr(cls, '__unittest_skip__', False) or not hasattr(cls, 'setUpClass'):
            return True
        try:
            cls.setUpClass()
        except SkipTest as e:
            result.addSkip(_ClassProblem('setUpClass', cls), str(e))
            return False
        except Exception:
            result.addError(_ClassProblem('setUpClass', cls), sys.exc_info())
            return False
        return True

    def _leave(self, cls, broken, result):
        if cls is None or broken or getattr(cls, '__unittest_skip__', False):
            return
        try:
            getattr(cls, 'tearDownClass', lambda: None)()
        except Exception:
            result.addError(_ClassProblem('tearDownClass', cls), sys.exc_info())


class _ClassProblem:
    """Stands for a test where a class's own preparation failed."""

    failureException = None

    def __init__(self, step, cls):
        self._name = '%s (%s.%s)' % (step, cls.__module__, cls.__qualname__)

    def __str__(self):
        return self._name

    def id(self):
        return self._name

    def shortDescription(self):
        return None


class TestResult:
    """What became of tests."""

    def __init__(self, stream=None, descriptions=None, verbosity=None):
        self.failures, self.errors, self.skipped = [], [], []
        self.expectedFailures, self.unexpectedSuccesses = [], []
        self.testsRun = 0
        self.shouldStop = False
        self.failfast = False

    def startTest(self, test):
        self.testsRun += 1

    def stopTest(self, test):
        pass

    def stop(self):
        self.shouldStop = True

    def _text(self, error, test):
        kind, value, tb = error
        while tb is not None and tb.tb_frame.f_globals.get('__name__') == __name__:
            tb = tb.tb_next
        lines = traceback.extract_tb(tb)
        if test.failureException is not None and issubclass(kind, test.failureException):
            # What the assertion methods themselves did is nobody's concern.
            length, at = 0, tb
            while at is not None and at.tb_frame.f_globals.get('__name__') != __name__:
                length, at = length + 1, at.tb_next
            lines = lines[:length]
        text = traceback.format_list(lines) + traceback.format_exception_only(kind, value)
        return 'Traceback (most recent call last):\n' + ''.join(text)

    def addError(self, test, err):
        self.errors.append((test, self._text(err, test)))

    def addFailure(self, test, err):
        self.failures.append((test, self._text(err, test)))
        if self.failfast:
            self.stop()

    def addSubTest(self, test, part, kind, err):
        (self.failures if kind == 'failure' else self.errors).append((part, self._text(err, part)))

    def addSuccess(self, test):
        pass

    def addSkip(self, test, reason):
        self.skipped.append((test, reason))

    def addExpectedFailure(self, test, err):
        self.expectedFailures.append((test, self._text(err, test)))

    def addUnexpectedSuccess(self, test):
        self.unexpectedSuccesses.append(test)

    def wasSuccessful(self):
        return not (self.failures or self.errors or self.unexpectedSuccesses)

    def __repr__(self):
        return '<unittest.result.TestResult run=%i errors=%i failures=%i>' % (
            self.testsRun, len(self.errors), len(self.failures))


class TextTestResult(TestResult):
    """Prints a character or a line a test."""

    def __init__(self, stream, descriptions, verbosity):
        super().__init__()
        self.stream, self.descriptions, self.verbosity = stream, descriptions, verbosity

    def getDescription(self, test):
        first = test.shortDescription() if self.descriptions else None
        return '%s\n%s' % (test, first) if first else str(test)

    def startTest(self, test):
        super().startTest(test)
        if self.verbosity > 1:
            self.stream.write(self.getDescription(test) + ' ... ')

    def _show(self, mark, word):
        self.stream.write(word + '\n' if self.verbosity > 1 else mark if self.verbosity else '')

    def addSuccess(self, test):
        super().addSuccess(test)
        self._show('.', 'ok')

    def addError(self, test, err):
        super().addError(test, err)
        self._show('E', 'ERROR')

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._show('F', 'FAIL')

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._show('s', 'skipped %r' % reason)

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self._show('x', 'expected failure')

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self._show('u', 'unexpected success')

    def printErrors(self):
        if self.verbosity:
            self.stream.write('\n')
        for flavour, problems in (('ERROR', self.errors), ('FAIL', self.failures)):
            for test, text in problems:
                self.stream.write('%s\n%s: %s\n%s\n%s\n' % (
                    '=' * 70, flavour, self.getDescription(test), '-' * 70, text))


class TextTestRunner:
    """Runs tests and prints a summary."""

    def __init__(self, stream=None, descriptions=True, verbosity=1, failfast=False):
        self.stream = sys.stderr if stream is None else stream
        self.descriptions, self.verbosity, self.failfast = descriptions, verbosity, failfast

    def run(self, test):
        result = TextTestResult(self.stream, self.descriptions, self.verbosity)
        result.failfast = self.failfast
        started = time.time()
        test(result)
        taken = time.time() - started
        result.printErrors()
        write = self.stream.write
        run = result.testsRun
        write('%s\nRan %d test%s in %.3fs\n\n' % ('-' * 70, run, '' if run == 1 else 's', taken))
        notes = []
        if result.wasSuccessful():
            write('OK')
        else:
            write('FAILED')
            if result.failures:
                notes.append('failures=%d' % len(result.failures))
            if result.errors:
                notes.append('errors=%d' % len(result.errors))
        for word, items in (('skipped', result.skipped),
                            ('expected failures', result.expectedFailures),
                            ('unexpected successes', result.unexpectedSuccesses)):
            if items:
                notes.append('%s=%d' % (word, len(items)))
        write(' (%s)\n' % ', '.join(notes) if notes else '\n')
        return result


class TestLoader:
    """Finds tests in classes and modules."""

    testMethodPrefix = 'test'
    suiteClass = TestSuite

    def getTestCaseNames(self, cls):
        return sorted(n for n in dir(cls)
                      if n.startswith(self.testMethodPrefix) and callable(getattr(cls, n)))

    def loadTestsFromTestCase(self, cls):
        names = self.getTestCaseNames(cls)
        if not names and hasattr(cls, 'runTest'):
            names = ['runTest']
        return self.suiteClass(map(cls, names))

    def loadTestsFromModule(self, module):
        classes = [getattr(module, n) for n in dir(module)]
        classes = [c for c in classes if isinstance(c, type) and issubclass(c, TestCase)]
        return self.suiteClass([self.loadTestsFromTestCase(c) for c in classes])

    def loadTestsFromName(self, name, module):
        item = module
        parent = None
        for part in name.split('.'):
            parent, item = item, getattr(item, part)
        if isinstance(item, type) and issubclass(item, TestCase):
            return self.loadTestsFromTestCase(item)
        if isinstance(parent, type) and issubclass(parent, TestCase):
            return self.suiteClass([parent(part)])
        raise TypeError("don't know how to make test from: %s" % item)


defaultTestLoader = TestLoader()


class TestProgram:
    """Runs the tests of a module; what `main` does."""

    def __init__(self, module='__main__', defaultTest=None, argv=None, testRunner=None,
                 testLoader=defaultTestLoader, exit=True, verbosity=1, failfast=None):
        if isinstance(module, str):
            module = sys.modules[module]
        names = []
        for argument in (sys.argv if argv is None else argv)[1:]:
            if argument in ('-v', '--verbose'):
                verbosity = 2
            elif argument in ('-q', '--quiet'):
                verbosity = 0
            elif argument in ('-f', '--failfast'):
                failfast = True
            elif argument.startswith('-'):
                raise SystemExit('unknown option: ' + argument)
            else:
                names.append(argument)
        if names:
            tests = TestSuite([testLoader.loadTestsFromName(n, module) for n in names])
        elif defaultTest is not None:
            tests = testLoader.loadTestsFromName(defaultTest, module)
        else:
            tests = testLoader.loadTestsFromModule(module)
        if testRunner is None:
            testRunner = TextTestRunner(verbosity=verbosity, failfast=bool(failfast))
        elif isinstance(testRunner, type):
            testRunner = testRunner(verbosity=verbosity)
        self.result = testRunner.run(tests)
        if exit:
            sys.exit(not self.result.wasSuccessful())


main = TestProgram
