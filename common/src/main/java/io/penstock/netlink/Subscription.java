package io.penstock.netlink;

import io.penstock.linux.Errno;
import io.penstock.linux.NetlinkSockets;
import io.penstock.linux.SocketConstants;
import io.penstock.linux.Syscalls;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Consumer;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Hears what happens to links, addresses, routes and nexthop objects of this network namespace. Whoever wants to know all opens this
 * first and asks for the lists then, so that nothing happens in between unheard; and asks again after {@link KernelEvent.Lost}. NOT
 * thread safe; whoever opened it closes it.
 */
public final class Subscription implements AutoCloseable {
    /** Of one {@link #drain}: what is left keeps the descriptor readable. */
    static final int DATAGRAMS_MAX = 1_024;

    /** The same after a loss: several times what the buffer holds. */
    private static final int LOST_DATAGRAMS_MAX = 64 * DATAGRAMS_MAX;

    static final int DEFAULT_RECEIVE_BUFFER_BYTES = 4 << 20;

    /** A notification is one message; links with many virtual functions have the longest. */
    private static final int RECEIVE_BYTES = 64 * 1024;

    private static final int[] INTERFACES = {
        Rtnetlink.RTNLGRP_LINK, Rtnetlink.RTNLGRP_IPV4_IFADDR, Rtnetlink.RTNLGRP_IPV6_IFADDR
    };

    private static final int[] EVERYTHING = {
        Rtnetlink.RTNLGRP_LINK,
        Rtnetlink.RTNLGRP_IPV4_IFADDR,
        Rtnetlink.RTNLGRP_IPV6_IFADDR,
        Rtnetlink.RTNLGRP_IPV4_ROUTE,
        Rtnetlink.RTNLGRP_IPV6_ROUTE,
        Rtnetlink.RTNLGRP_NEXTHOP
    };

    private static final int[] WAYS = {
        Rtnetlink.RTNLGRP_LINK,
        Rtnetlink.RTNLGRP_NEIGH,
        Rtnetlink.RTNLGRP_IPV4_IFADDR,
        Rtnetlink.RTNLGRP_IPV6_IFADDR,
        Rtnetlink.RTNLGRP_IPV4_ROUTE,
        Rtnetlink.RTNLGRP_IPV6_ROUTE,
        Rtnetlink.RTNLGRP_NEXTHOP
    };

    private final NetlinkSockets sockets;
    private final int fd;
    private final MessageReader reader = new MessageReader();
    private final UnsafeBuffer received = new UnsafeBuffer(
            BufferUtil.allocateDirectAligned(RECEIVE_BYTES, Long.BYTES).order(ByteOrder.nativeOrder()));

    /** Something was lost, and that is still to be told. */
    private boolean lost;

    private Subscription(NetlinkSockets sockets, int fd) {
        this.sockets = sockets;
        this.fd = fd;
    }

    /** To all that happens from now on in the network namespace of this thread. */
    public static Subscription open(Syscalls syscalls) throws IOException {
        return open(syscalls, DEFAULT_RECEIVE_BUFFER_BYTES);
    }

    /** The same of links and addresses only: who routes a million prefixes is told of each. */
    public static Subscription toInterfaces(Syscalls syscalls) throws IOException {
        return open(syscalls, DEFAULT_RECEIVE_BUFFER_BYTES, INTERFACES);
    }

    /** The same as all, and what becomes of neighbours: for who follows how other machines are reached. */
    public static Subscription toWays(Syscalls syscalls) throws IOException {
        return open(syscalls, DEFAULT_RECEIVE_BUFFER_BYTES, WAYS);
    }

    static Subscription open(Syscalls syscalls, int receiveBufferBytes) throws IOException {
        return open(syscalls, receiveBufferBytes, EVERYTHING);
    }

    private static Subscription open(Syscalls syscalls, int receiveBufferBytes, int[] groups) throws IOException {
        NetlinkSockets sockets = new NetlinkSockets(syscalls);
        int fd = sockets.open(SocketConstants.SOCK_NONBLOCK);
        if (fd < 0) {
            throw new IOException("open a netlink socket: " + Errno.describe(-fd));
        }
        // With less than asked for, more is lost, and said to be.
        sockets.receiveBuffer(fd, receiveBufferBytes);
        for (int group : groups) {
            int result = sockets.join(fd, group);
            if (result < 0) {
                sockets.close(fd);
                throw new IOException("subscribe to netlink group " + group + ": " + Errno.describe(-result));
            }
        }
        return new Subscription(sockets, fd);
    }

    /** Non-blocking, and readable when there is something to {@link #drain}; for epoll. */
    public int fd() {
        return fd;
    }

    /**
     * Hands over what has happened since, in the kernel's order, without waiting. That something was lost is told last, when nothing is left:
     * the kernel says so once, before what it has kept, and goes on dropping without a word until all of that is taken (netlink_overrun).
     *
     * @throws IOException when the socket is of no more use
     */
    public void drain(Consumer<KernelEvent> handler) throws IOException {
        for (int i = 0; i < (lost ? LOST_DATAGRAMS_MAX : DATAGRAMS_MAX); i++) {
            long length = sockets.receive(fd, received.addressOffset(), received.capacity());
            if (length == -Errno.EAGAIN) {
                tellOfLoss(handler);
                lost = false;
                return;
            }
            if (length == -Errno.ENOBUFS || length > received.capacity()) {
                lost = true;
            } else if (length < 0) {
                throw new IOException("hear of the kernel's changes: " + Errno.describe((int) -length));
            } else if (sockets.fromKernel()) {
                handOver((int) length, handler);
            }
        }
        // It is told again with the end of what is left.
        tellOfLoss(handler);
    }

    private void tellOfLoss(Consumer<KernelEvent> handler) {
        if (lost) {
            handler.accept(new KernelEvent.Lost());
        }
    }

    @Override
    public void close() {
        sockets.close(fd);
    }

    private void handOver(int lengthBytes, Consumer<KernelEvent> handler) {
        reader.wrap(received, lengthBytes);
        while (reader.next()) {
            event(reader.type(), reader.buffer(), reader.body(), reader.end()).ifPresent(handler);
        }
    }

    static Optional<KernelEvent> event(int type, DirectBuffer buffer, int from, int limit) {
        return switch (type) {
            case Rtnetlink.RTM_NEWLINK -> Links.parse(buffer, from, limit).map(KernelEvent.LinkChanged::new);
            case Rtnetlink.RTM_DELLINK -> Links.parse(buffer, from, limit).map(KernelEvent.LinkRemoved::new);
            case Rtnetlink.RTM_NEWADDR -> Addresses.parse(buffer, from, limit).map(KernelEvent.AddressChanged::new);
            case Rtnetlink.RTM_DELADDR -> Addresses.parse(buffer, from, limit).map(KernelEvent.AddressRemoved::new);
            case Rtnetlink.RTM_NEWROUTE ->
                RouteParser.parse(buffer, from, limit).map(KernelEvent.RouteChanged::new);
            case Rtnetlink.RTM_DELROUTE ->
                RouteParser.parse(buffer, from, limit).map(KernelEvent.RouteRemoved::new);
            case Rtnetlink.RTM_NEWNEIGH -> Neighbours.parse(buffer, from, limit).map(KernelEvent.NeighbourChanged::new);
            case Rtnetlink.RTM_DELNEIGH -> Neighbours.parse(buffer, from, limit).map(KernelEvent.NeighbourRemoved::new);
            case Rtnetlink.RTM_NEWNEXTHOP ->
                NextHopParser.parse(buffer, from, limit).map(KernelEvent.NextHopChanged::new);
            case Rtnetlink.RTM_DELNEXTHOP ->
                NextHopParser.parse(buffer, from, limit).map(KernelEvent.NextHopRemoved::new);
            default -> Optional.empty();
        };
    }
}
