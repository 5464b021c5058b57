package io.penstock.perf.lab.dsr;

import io.penstock.net.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sends datagrams to a VIP, from several ports in turn, and knows how many. Nobody answers. One thread; {@link #finish} ends it. */
final class CountedSender {
    /** Of the lab's services for datagrams, one at which no host listens. */
    private static final int PORT = 9;

    private static final int FLOWS = 64;
    private static final int OCTETS = 200;

    /** In a burst, each millisecond: less than a link of the lab holds. */
    private static final int BURST = 5;

    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final InetSocketAddress target;
    private final Thread thread = new Thread(this::send, "counted-sender");
    private volatile boolean stopping;
    private volatile IOException failure;
    private long sent;

    private CountedSender(InetSocketAddress target) {
        this.target = target;
    }

    static CountedSender to(IpAddress vip) throws IOException {
        CountedSender sender = new CountedSender(new InetSocketAddress(InetAddress.getByName(vip.toString()), PORT));
        sender.thread.setDaemon(true);
        sender.thread.start();
        return sender;
    }

    /** How many it has sent in all. */
    long finish() throws IOException, InterruptedException {
        stopping = true;
        thread.join();
        if (failure != null) {
            throw failure;
        }
        return sent;
    }

    private void send() {
        List<DatagramChannel> channels = new ArrayList<>();
        try {
            for (int i = 0; i < FLOWS; i++) {
                channels.add(DatagramChannel.open());
            }
            ByteBuffer datagram = ByteBuffer.allocateDirect(OCTETS);
            for (long dueNs = System.nanoTime(); !stopping; dueNs += INTERVAL_NS) {
                for (int i = 0; i < BURST; i++) {
                    // Not connected, so that an ICMP error of an earlier one ends nothing.
                    sent += channels.get((int) (sent % FLOWS)).send(datagram.clear(), target) == OCTETS ? 1 : 0;
                }
                LockSupport.parkNanos(dueNs - System.nanoTime());
            }
        } catch (IOException e) {
            failure = e;
        } finally {
            channels.forEach(CountedSender::close);
        }
    }

    private static void close(DatagramChannel channel) {
        try {
            channel.close();
        } catch (IOException nothingIsLost) {
            // All has been sent.
        }
    }
}
