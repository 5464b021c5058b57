package io.penstock.vrrp.control;

import io.penstock.linux.Syscalls;
import io.penstock.net.IpAddress;
import io.penstock.vrrp.wire.Packet;
import io.penstock.vrrp.wire.VrrpSocket;
import io.penstock.vrrp.wire.Wire;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/** What is sent goes into a log; what is to come is put into a queue. */
final class FakeWire implements Wire {
    private final Syscalls syscalls;
    private final List<String> log;
    final Map<String, Socket> sockets = new HashMap<>();
    final List<Socket> opened = new ArrayList<>();

    /** What sending ends with. */
    int result;

    /** VRIDs of which nothing leaves. */
    final Set<Integer> mute = new HashSet<>();

    boolean refusesToOpen;

    FakeWire(Syscalls syscalls, List<String> log) {
        this.syscalls = syscalls;
        this.log = log;
    }

    @Override
    public Socket open(String interfaceName, int interfaceIndex, boolean ipv4) throws IOException {
        if (refusesToOpen) {
            throw new IOException("no more sockets");
        }
        Socket socket = new Socket(interfaceIndex);
        sockets.put(interfaceName + (ipv4 ? "/4" : "/6"), socket);
        opened.add(socket);
        return socket;
    }

    @Override
    public int announce(int interfaceIndex, String hardwareAddress, IpAddress address, boolean forwarding) {
        throw new AssertionError("VIPs are announced by who keeps them");
    }

    final class Socket implements VrrpSocket {
        final int interfaceIndex;
        private final EventFd readable = new EventFd(syscalls);
        private final Queue<Consumer<Packet>> queue = new ArrayDeque<>();
        boolean closed;

        private Socket(int interfaceIndex) {
            this.interfaceIndex = interfaceIndex;
        }

        void deliver(Consumer<Packet> packet) {
            queue.add(packet);
            readable.raise();
        }

        @Override
        public int fd() {
            return readable.fd;
        }

        @Override
        public boolean receive(Packet into) {
            Consumer<Packet> next = queue.poll();
            if (next == null) {
                readable.lower();
                return false;
            }
            next.accept(into);
            return true;
        }

        @Override
        public int multicast(int vrid, boolean virtualMac, IpAddress source, DirectBuffer message, int lengthBytes) {
            return send("group", source, message);
        }

        @Override
        public int unicast(IpAddress source, IpAddress peer, int ttl, DirectBuffer message, int lengthBytes) {
            return send(peer.toString(), source, message);
        }

        private int send(String to, IpAddress source, DirectBuffer message) {
            int vrid = message.getByte(1) & 0xff;
            if (mute.contains(vrid)) {
                return -1;
            }
            if (result >= 0) {
                log.add("send " + vrid + " priority " + (message.getByte(2) & 0xff) + " from " + source + " to " + to);
            }
            return result;
        }

        @Override
        public void close() {
            closed = true;
            readable.close();
        }
    }
}
