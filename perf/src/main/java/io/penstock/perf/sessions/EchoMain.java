package io.penstock.perf.sessions;

import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.IpAddress;
import io.penstock.perf.udp.EchoSocket;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A backend in a process of its own, which can be killed: sends every datagram back, a {@link Query} with its number in it.
 * Says that it is ready once it can be reached; ends with its standard input.
 */
public final class EchoMain {
    static final String READY = "ready";

    /** Between looks at a socket where nothing waited. */
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(200);

    private EchoMain() {}

    /** Number and port. */
    public static void main(String[] args) throws IOException {
        int number = Integer.parseInt(args[0]);
        int port = Integer.parseInt(args[1]);
        EchoSocket socket = new EchoSocket(new LinuxSyscalls(), IpAddress.ofIpv4(0x7f000001), port, false);
        Thread echo = new Thread(() -> serve(socket, number), "echo");
        echo.setDaemon(true);
        echo.start();
        System.out.println(READY);
        while (System.in.read() >= 0) {
            // Whoever started this says nothing more.
        }
    }

    private static void serve(EchoSocket socket, int number) {
        Query query = new Query();
        EchoSocket.Stamp stamp = (address, length) -> {
            if (length == Query.BYTES) {
                query.wrap(address).answer(number);
            }
        };
        while (true) {
            if (socket.poll(stamp) == 0) {
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }
}
