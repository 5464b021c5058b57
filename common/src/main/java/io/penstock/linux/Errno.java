package io.penstock.linux;

/** errno values of Linux on x86-64 and aarch64 (asm-generic/errno.h), and their names. */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int EPIPE = 32;
    public static final int ERANGE = 34;
    public static final int ENOTSOCK = 88;
    public static final int ENOSYS = 38;
    public static final int EMSGSIZE = 90;
    public static final int EPROTOTYPE = 91;
    public static final int ENOPROTOOPT = 92;
    public static final int EPROTO = 71;
    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETDOWN = 100;
    public static final int ENETUNREACH = 101;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ENOTCONN = 107;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTUNREACH = 113;
    public static final int EINPROGRESS = 115;

    private Errno() {}

    /**
     * What an operator reads: {@code address already in use (EADDRINUSE)}.
     *
     * @param errno positive, as in errno.h
     */
    public static String describe(int errno) {
        return switch (errno) {
            case ENOENT -> "no such file or directory (ENOENT)";
            case EPERM -> "operation not permitted (EPERM)";
            case ESRCH -> "nothing there by that name (ESRCH)";
            case ENXIO -> "no such device or address (ENXIO)";
            case EBADF -> "bad file descriptor (EBADF)";
            case EAGAIN -> "try again (EAGAIN)";
            case ENOMEM -> "out of memory (ENOMEM)";
            case EACCES -> "permission denied (EACCES)";
            case EBUSY -> "busy (EBUSY)";
            case EEXIST -> "exists already (EEXIST)";
            case ENODEV -> "no such interface (ENODEV)";
            case EINVAL -> "invalid argument (EINVAL)";
            case ENFILE -> "too many open files in the system (ENFILE)";
            case EMFILE -> "too many open files in this process (EMFILE)";
            case EPIPE -> "broken pipe (EPIPE)";
            case ERANGE -> "out of range (ERANGE)";
            case ENOSYS -> "not implemented by this kernel (ENOSYS)";
            case EMSGSIZE -> "message too long (EMSGSIZE)";
            case EOPNOTSUPP -> "not supported (EOPNOTSUPP)";
            case EAFNOSUPPORT -> "address family not supported (EAFNOSUPPORT)";
            case EADDRINUSE -> "address already in use (EADDRINUSE)";
            case EADDRNOTAVAIL -> "no such address on this host, or no port left (EADDRNOTAVAIL)";
            case ENETDOWN -> "network is down (ENETDOWN)";
            case ENETUNREACH -> "network unreachable (ENETUNREACH)";
            case ECONNRESET -> "connection reset by peer (ECONNRESET)";
            case ENOBUFS -> "no buffer space (ENOBUFS)";
            case ETIMEDOUT -> "timed out (ETIMEDOUT)";
            case ECONNREFUSED -> "connection refused (ECONNREFUSED)";
            case EHOSTUNREACH -> "host unreachable (EHOSTUNREACH)";
            default -> "errno " + errno;
        };
    }
}
