package io.penstock.linux;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Type;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/**
 * {@link Syscalls} bound to libc. Stateless and safe on any thread: errno is a thread's own, and it is read directly
 * after a call that returned exactly -1.
 */
public final class LinuxSyscalls implements Syscalls {
    private static final int FAILED = -1;
    private static final long NO_TIMEOUT = 0;

    private final LibC libc = LibraryLoader.create(LibC.class).failImmediately().load("c");
    private final Runtime runtime = Runtime.getRuntime(libc);
    private final SpliceCall spliceCall = new SpliceCall();

    @Override
    public int socket(int domain, int type, int protocol) {
        return outcome(libc.socket(domain, type, protocol));
    }

    @Override
    public int socketpair(int domain, int type, int protocol, long fds) {
        return outcome(libc.socketpair(domain, type, protocol, fds));
    }

    @Override
    public int bind(int fd, long address, int addressLength) {
        return outcome(libc.bind(fd, address, addressLength));
    }

    @Override
    public int listen(int fd, int backlog) {
        return outcome(libc.listen(fd, backlog));
    }

    @Override
    public int accept4(int fd, long address, long addressLength, int flags) {
        int result;
        do {
            result = outcome(libc.accept4(fd, address, addressLength, flags));
        } while (result == -Errno.EINTR);
        return result;
    }

    @Override
    public int connect(int fd, long address, int addressLength) {
        return outcome(libc.connect(fd, address, addressLength));
    }

    @Override
    public int getsockname(int fd, long address, long addressLength) {
        return outcome(libc.getsockname(fd, address, addressLength));
    }

    @Override
    public int shutdown(int fd, int how) {
        return outcome(libc.shutdown(fd, how));
    }

    @Override
    public int close(int fd) {
        return outcome(libc.close(fd));
    }

    @Override
    public long recv(int fd, long buffer, long length, int flags) {
        long result;
        do {
            result = outcome(libc.recv(fd, buffer, length, flags));
        } while (result == -Errno.EINTR);
        return result;
    }

    @Override
    public long send(int fd, long buffer, long length, int flags) {
        long result;
        do {
            result = outcome(libc.send(fd, buffer, length, flags));
        } while (result == -Errno.EINTR);
        return result;
    }

    @Override
    public long sendmsg(int fd, long message, int flags) {
        long result;
        do {
            result = outcome(libc.sendmsg(fd, message, flags));
        } while (result == -Errno.EINTR);
        return result;
    }

    @Override
    public long recvmsg(int fd, long message, int flags) {
        long result;
        do {
            result = outcome(libc.recvmsg(fd, message, flags));
        } while (result == -Errno.EINTR);
        return result;
    }

    @Override
    public int recvmmsg(int fd, long messages, int count, int flags) {
        int result;
        do {
            result = outcome(libc.recvmmsg(fd, messages, count, flags, NO_TIMEOUT));
        } while (result == -Errno.EINTR);
        return result;
    }

    @Override
    public int sendmmsg(int fd, long messages, int count, int flags) {
        int result;
        do {
            result = outcome(libc.sendmmsg(fd, messages, count, flags));
        } while (result == -Errno.EINTR);
        return result;
    }

    @Override
    public long read(int fd, long buffer, long length) {
        long result;
        do {
            result = outcome(libc.read(fd, buffer, length));
        } while (result == -Errno.EINTR);
        return result;
    }

    @Override
    public long write(int fd, long buffer, long length) {
        long result;
        do {
            result = outcome(libc.write(fd, buffer, length));
        } while (result == -Errno.EINTR);
        return result;
    }

    @Override
    public long splice(int fdIn, int fdOut, long length, int flags) {
        long result;
        do {
            result = outcome(spliceCall.invoke(fdIn, fdOut, length, flags));
        } while (result == -Errno.EINTR);
        return result;
    }

    @Override
    public int pipe2(long fds, int flags) {
        return outcome(libc.pipe2(fds, flags));
    }

    @Override
    public int kill(int pid, int signal) {
        return outcome(libc.kill(pid, signal));
    }

    @Override
    public int fcntl(int fd, int command, long argument) {
        return outcome(libc.fcntl(fd, command, argument));
    }

    @Override
    public int ioctl(int fd, long request, long argument) {
        return outcome(libc.ioctl(fd, request, argument));
    }

    @Override
    public int eventfd(int initialValue, int flags) {
        return outcome(libc.eventfd(initialValue, flags));
    }

    @Override
    public int clockGettime(int clock, long time) {
        return outcome(libc.clock_gettime(clock, time));
    }

    @Override
    public int setsockopt(int fd, int level, int name, long value, int valueLength) {
        return outcome(libc.setsockopt(fd, level, name, value, valueLength));
    }

    @Override
    public int getsockopt(int fd, int level, int name, long value, long valueLength) {
        return outcome(libc.getsockopt(fd, level, name, value, valueLength));
    }

    @Override
    public int epollCreate1(int flags) {
        return outcome(libc.epoll_create1(flags));
    }

    @Override
    public int epollCtl(int epollFd, int operation, int fd, long event) {
        return outcome(libc.epoll_ctl(epollFd, operation, fd, event));
    }

    @Override
    public int epollWait(int epollFd, long events, int maxEvents, int timeoutMs) {
        int result = outcome(libc.epoll_wait(epollFd, events, maxEvents, timeoutMs));
        // Not retried: the time left is not known, and the loop that waits is about to look at its deadlines anyway.
        return result == -Errno.EINTR ? 0 : result;
    }

    @Override
    public int timerfdCreate(int clock, int flags) {
        return outcome(libc.timerfd_create(clock, flags));
    }

    @Override
    public int timerfdSettime(int fd, int flags, long value, long former) {
        return outcome(libc.timerfd_settime(fd, flags, value, former));
    }

    @Override
    public int schedSetscheduler(int thread, int policy, long parameter) {
        return outcome(libc.sched_setscheduler(thread, policy, parameter));
    }

    @Override
    public int schedSetaffinity(int thread, long maskLength, long mask) {
        return outcome(libc.sched_setaffinity(thread, maskLength, mask));
    }

    @Override
    public int schedGetaffinity(int thread, long maskLength, long mask) {
        return outcome(libc.sched_getaffinity(thread, maskLength, mask));
    }

    @Override
    public int mlockall(int flags) {
        return outcome(libc.mlockall(flags));
    }

    private int outcome(int result) {
        return result == FAILED ? -runtime.getLastError() : result;
    }

    private long outcome(long result) {
        return result == FAILED ? -runtime.getLastError() : result;
    }

    /**
     * The libc functions with at most five arguments. Public only because jnr-ffi implements it from another package.
     * {@code long} is C's long, size_t, ssize_t and every pointer on the 64-bit Linuxes this runs on. The variadic
     * fcntl and ioctl pass their one extra argument in a register like any other on x86-64 and aarch64.
     */
    public interface LibC {
        /** See socket(2). */
        int socket(int domain, int type, int protocol);

        /** See socketpair(2). */
        int socketpair(int domain, int type, int protocol, long fds);

        /** See bind(2). */
        int bind(int fd, long address, int addressLength);

        /** See listen(2). */
        int listen(int fd, int backlog);

        /** See accept4(2). */
        int accept4(int fd, long address, long addressLength, int flags);

        /** See connect(2). */
        int connect(int fd, long address, int addressLength);

        /** See getsockname(2). */
        int getsockname(int fd, long address, long addressLength);

        /** See shutdown(2). */
        int shutdown(int fd, int how);

        /** See close(2). */
        int close(int fd);

        /** See recv(2). */
        long recv(int fd, long buffer, long length, int flags);

        /** See send(2). */
        long send(int fd, long buffer, long length, int flags);

        /** See sendmsg(2). */
        long sendmsg(int fd, long message, int flags);

        /** See recvmsg(2). */
        long recvmsg(int fd, long message, int flags);

        /** See recvmmsg(2). */
        int recvmmsg(int fd, long messages, int count, int flags, long timeout);

        /** See sendmmsg(2). */
        int sendmmsg(int fd, long messages, int count, int flags);

        /** See read(2). */
        long read(int fd, long buffer, long length);

        /** See write(2). */
        long write(int fd, long buffer, long length);

        /** See pipe2(2). */
        int pipe2(long fds, int flags);

        /** See kill(2). */
        int kill(int pid, int signal);

        /** See fcntl(2). */
        int fcntl(int fd, int command, long argument);

        /** See ioctl(2). */
        int ioctl(int fd, long request, long argument);

        /** See eventfd(2). */
        int eventfd(int initialValue, int flags);

        /** See clock_gettime(2). */
        int clock_gettime(int clock, long time);

        /** See setsockopt(2). */
        int setsockopt(int fd, int level, int name, long value, int valueLength);

        /** See getsockopt(2). */
        int getsockopt(int fd, int level, int name, long value, long valueLength);

        /** See epoll_create1(2). */
        int epoll_create1(int flags);

        /** See epoll_ctl(2). */
        int epoll_ctl(int epollFd, int operation, int fd, long event);

        /** See epoll_wait(2). */
        int epoll_wait(int epollFd, long events, int maxEvents, int timeoutMs);

        /** See timerfd_create(2). */
        int timerfd_create(int clock, int flags);

        /** See timerfd_settime(2). */
        int timerfd_settime(int fd, int flags, long value, long former);

        /** See sched_setscheduler(2). */
        int sched_setscheduler(int thread, int policy, long parameter);

        /** See sched_setaffinity(2). */
        int sched_setaffinity(int thread, long maskLength, long mask);

        /** See sched_getaffinity(2). */
        int sched_getaffinity(int thread, long maskLength, long mask);

        /** See mlockall(2). */
        int mlockall(int flags);
    }

    /**
     * splice(2) has six arguments, and the x86-64 stubs that jnr-ffi 2.3.1 generates pass garbage as the sixth, so it
     * goes through jffi's own invoker. {@code SpliceTest} moves bytes to hold this.
     */
    private static final class SpliceCall {
        private static final long NO_OFFSET = 0;

        private final Invoker invoker = Invoker.getInstance();
        private final long function = com.kenai.jffi.Library.getDefault().getSymbolAddress("splice");
        private final CallContext context = CallContext.getCallContext(
                Type.SINT64,
                new Type[] {Type.SINT32, Type.POINTER, Type.SINT32, Type.POINTER, Type.UINT64, Type.UINT32},
                CallingConvention.DEFAULT,
                true);

        private long invoke(int fdIn, int fdOut, long length, int flags) {
            return invoker.invokeL6(context, function, fdIn, NO_OFFSET, fdOut, NO_OFFSET, length, flags);
        }
    }
}
