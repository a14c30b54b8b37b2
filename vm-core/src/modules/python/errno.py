"""Names of the system's error numbers (Linux)."""

errorcode = {}

for _number, _name in enumerate('''EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN
ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG
ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP'''.split(), 1):
    errorcode[_number] = _name
for _number, _name in ((71, 'EPROTO'), (75, 'EOVERFLOW'), (84, 'EILSEQ'), (88, 'ENOTSOCK'), (95, 'EOPNOTSUPP'),
                       (97, 'EAFNOSUPPORT'), (98, 'EADDRINUSE'), (99, 'EADDRNOTAVAIL'), (100, 'ENETDOWN'),
                       (101, 'ENETUNREACH'), (103, 'ECONNABORTED'), (104, 'ECONNRESET'), (105, 'ENOBUFS'),
                       (106, 'EISCONN'), (107, 'ENOTCONN'), (108, 'ESHUTDOWN'), (110, 'ETIMEDOUT'),
                       (111, 'ECONNREFUSED'), (113, 'EHOSTUNREACH'), (114, 'EALREADY'), (115, 'EINPROGRESS'),
                       (125, 'ECANCELED')):
    errorcode[_number] = _name
globals().update((_name, _number) for _number, _name in errorcode.items())
EWOULDBLOCK = EAGAIN
EDEADLOCK = EDEADLK
ENOTSUP = EOPNOTSUPP
del _number, _name
