package io.penstock.linux;

/**
 * System calls as the data plane makes them: primitives and raw addresses in, {@code >= 0} or {@code -errno} out (see
 * {@link Errno}). Addresses are of off-heap memory that the caller keeps alive during the call. EINTR never comes out:
 * calls are retried, {@link #epollWait} reports no events, and {@link #close} is never retried because on Linux the
 * descriptor is gone whatever close returns.
 */
public interface Syscalls {
    /** See socket(2). */
    int socket(int domain, int type, int protocol);

    /** See socketpair(2); two ints are stored at {@code fds}. */
    int socketpair(int domain, int type, int protocol, long fds);

    /** See bind(2). */
    int bind(int fd, long address, int addressLength);

    /** See listen(2). */
    int listen(int fd, int backlog);

    /** See accept4(2); {@code address} and {@code addressLength} may be 0. */
    int accept4(int fd, long address, long addressLength, int flags);

    /** See connect(2). */
    int connect(int fd, long address, int addressLength);

    /** See getsockname(2). */
    int getsockname(int fd, long address, long addressLength);

    /** See shutdown(2). */
    int shutdown(int fd, int how);

    /** See close(2). */
    int close(int fd);

    /** See recv(2); 0 is end of stream when {@code length} is positive, never "nothing there". */
    long recv(int fd, long buffer, long length, int flags);

    /** See send(2). */
    long send(int fd, long buffer, long length, int flags);

    /** See sendmsg(2). */
    long sendmsg(int fd, long message, int flags);

    /** See recvmsg(2). */
    long recvmsg(int fd, long message, int flags);

    /** See recvmmsg(2), without a timeout; {@code messages} is an array of {@code struct mmsghdr}. How many came. */
    int recvmmsg(int fd, long messages, int count, int flags);

    /** See sendmmsg(2); {@code messages} is an array of {@code struct mmsghdr}. How many went, at least 1. */
    int sendmmsg(int fd, long messages, int count, int flags);

    /** See read(2). */
    long read(int fd, long buffer, long length);

    /** See write(2). */
    long write(int fd, long buffer, long length);

    /** See splice(2), without offsets: pipes and sockets have none. */
    long splice(int fdIn, int fdOut, long length, int flags);

    /** See pipe2(2); two ints are stored at {@code fds}. */
    int pipe2(long fds, int flags);

    /** See kill(2). */
    int kill(int pid, int signal);

    /** See fcntl(2). */
    int fcntl(int fd, int command, long argument);

    /** See ioctl(2). */
    int ioctl(int fd, long request, long argument);

    /** See eventfd(2). */
    int eventfd(int initialValue, int flags);

    /** See clock_gettime(2); a {@code struct timespec} is stored at {@code time}. */
    int clockGettime(int clock, long time);

    /** See setsockopt(2). */
    int setsockopt(int fd, int level, int name, long value, int valueLength);

    /** See getsockopt(2). */
    int getsockopt(int fd, int level, int name, long value, long valueLength);

    /** See epoll_create1(2). */
    int epollCreate1(int flags);

    /** See epoll_ctl(2); {@code event} may be 0 for {@code EPOLL_CTL_DEL}. */
    int epollCtl(int epollFd, int operation, int fd, long event);

    /** See epoll_wait(2); {@code timeoutMs} -1 waits for ever. */
    int epollWait(int epollFd, long events, int maxEvents, int timeoutMs);

    /** See timerfd_create(2). */
    int timerfdCreate(int clock, int flags);

    /** See timerfd_settime(2); {@code value} is a {@code struct itimerspec}, {@code former} may be 0. */
    int timerfdSettime(int fd, int flags, long value, long former);

    /** See sched_setscheduler(2); of the calling thread where {@code thread} is 0. */
    int schedSetscheduler(int thread, int policy, long parameter);

    /** See sched_setaffinity(2); of the calling thread where {@code thread} is 0. */
    int schedSetaffinity(int thread, long maskLength, long mask);

    /** See sched_getaffinity(2); of the calling thread where {@code thread} is 0. */
    int schedGetaffinity(int thread, long maskLength, long mask);

    /** See mlockall(2). */
    int mlockall(int flags);
}
