package io.penstock.netlink;

import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Syscalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteOrder;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/** The real system calls, with a hand on what is received. */
final class Interposed {
    /** Receives in the kernel's place, or changes what the kernel says. */
    interface Receiver {
        /** As recvmsg(2) answers. */
        long receive(Datagram datagram);
    }

    private static final int NAME_OFFSET = 0;
    private static final int SENDER_OFFSET = 4;
    private static final int IOV_OFFSET = 16;
    private static final int STRUCTURE_BYTES = 56;

    private final Syscalls real = new LinuxSyscalls();
    private Receiver receiver = Datagram::receive;
    private int sends;
    private Set<Integer> refusedOptions = Set.of();

    /** What recvmsg(2) is given, and the real one behind it. */
    final class Datagram {
        private final int fd;
        private final long message;
        private final int flags;

        private Datagram(int fd, long message, int flags) {
            this.fd = fd;
            this.message = message;
            this.flags = flags;
        }

        long receive() {
            return real.recvmsg(fd, message, flags);
        }

        /** Where what is received is stored, all there is room for. */
        UnsafeBuffer room() {
            UnsafeBuffer parts = at(at(message, STRUCTURE_BYTES).getLong(IOV_OFFSET, ByteOrder.nativeOrder()), 16);
            return at(parts.getLong(0, ByteOrder.nativeOrder()), (int)
                    parts.getLong(Long.BYTES, ByteOrder.nativeOrder()));
        }

        void sender(int port) {
            UnsafeBuffer name = at(at(message, STRUCTURE_BYTES).getLong(NAME_OFFSET, ByteOrder.nativeOrder()), 12);
            name.putInt(SENDER_OFFSET, port, ByteOrder.nativeOrder());
        }

        private UnsafeBuffer at(long address, int length) {
            return new UnsafeBuffer(address, length);
        }
    }

    Interposed receive(Receiver instead) {
        receiver = instead;
        return this;
    }

    /** Has setsockopt(2) of these names end with ENOPROTOOPT. */
    Interposed refuseOptions(Integer... names) {
        refusedOptions = Set.of(names);
        return this;
    }

    int sends() {
        return sends;
    }

    Syscalls syscalls() {
        return (Syscalls) Proxy.newProxyInstance(
                Syscalls.class.getClassLoader(), new Class<?>[] {Syscalls.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "recvmsg" -> {
                            return receiver.receive(
                                    new Datagram((int) arguments[0], (long) arguments[1], (int) arguments[2]));
                        }
                        case "send" -> sends++;
                        case "setsockopt" -> {
                            if (refusedOptions.contains((int) arguments[2])) {
                                return -Errno.ENOPROTOOPT;
                            }
                        }
                        default -> {
                            // As it is.
                        }
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
