package io.penstock.health;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.net.UnixAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * From where to where a probe goes.
 *
 * @param source null for the one the kernel chooses
 * @param mark as {@link ProbeTarget} has it
 */
record Route(SocketAddress target, InetSocketAddress source, int mark) {
    /** SO_MARK of SOL_SOCKET, from asm-generic/socket.h. */
    private static final ChannelOption<Integer> SO_MARK = new IntegerUnixChannelOption("SO_MARK", 1, 36);

    static Route of(ProbeTarget probed, HealthCheck.Origin origin) {
        Endpoint target = probed.endpoint();
        if (target.unix().isPresent()) {
            return new Route(unixAddress(target.unix().get()), null, ProbeTarget.NO_MARK);
        }
        return new Route(
                new InetSocketAddress(inetAddress(target.address()), target.port()),
                origin.source()
                        .map(source -> new InetSocketAddress(inetAddress(source), 0))
                        .orElse(null),
                probed.mark());
    }

    /**
     * Before the channel connects.
     *
     * @throws ChannelException when this process may not
     */
    void mark(Channel channel) {
        if (mark != ProbeTarget.NO_MARK) {
            channel.config().setOption(SO_MARK, mark);
        }
    }

    boolean isIpv4() {
        return target instanceof InetSocketAddress inet && inet.getAddress().getAddress().length == 4;
    }

    boolean isUnix() {
        return target instanceof DomainSocketAddress;
    }

    private static DomainSocketAddress unixAddress(UnixAddress unix) {
        // As Netty's native code takes an abstract name.
        return new DomainSocketAddress(unix.isAbstract() ? "\0" + unix.name().substring(1) : unix.name());
    }

    private static InetAddress inetAddress(IpAddress address) {
        ByteBuffer octets = address.isIpv4()
                ? ByteBuffer.allocate(4).putInt(address.ipv4())
                : ByteBuffer.allocate(16).putLong(address.high()).putLong(address.low());
        try {
            return InetAddress.getByAddress(octets.array());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 octets are addresses", e);
        }
    }
}
