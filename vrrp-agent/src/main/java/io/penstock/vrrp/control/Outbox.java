package io.penstock.vrrp.control;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.UnicastConfig;
import io.penstock.vrrp.config.VipConfig;
import io.penstock.vrrp.protocol.Advertisement;
import io.penstock.vrrp.protocol.AdvertisementCodec;
import io.penstock.vrrp.wire.VrrpSocket;
import io.penstock.vrrp.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** The advertisements of one router as octets, made anew only when they say something else. Of the agent's thread. */
final class Outbox {
    /** Of 255 IPv6 addresses. */
    private static final int MESSAGE_BYTES = 8 + 255 * 16;

    private static final int NOTHING_YET = -1;

    private final RouterConfig router;
    private final List<Letter> letters = new ArrayList<>();
    private int priority = NOTHING_YET;
    private IpAddress source = IpAddress.ANY_IPV4;

    /** An advertisement to the group or to a peer: with a checksum over both addresses each has its own. */
    private static final class Letter {
        final IpAddress destination;
        final UnsafeBuffer message = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MESSAGE_BYTES, Long.BYTES));
        int lengthBytes;

        Letter(IpAddress destination) {
            this.destination = destination;
        }
    }

    Outbox(RouterConfig router) {
        this.router = router;
        router.unicast()
                .map(UnicastConfig::peers)
                .orElseGet(() -> List.of(Wire.group(router.isIpv4())))
                .forEach(destination -> letters.add(new Letter(destination)));
    }

    /**
     * Sends one to everybody whom it is for.
     *
     * @return at least 0, or the last -errno when it left for nobody
     */
    int send(VrrpSocket socket, int ofPriority, IpAddress from) {
        if (ofPriority != priority || !from.equals(source)) {
            write(ofPriority, from);
        }
        int result = 0;
        boolean left = false;
        for (Letter letter : letters) {
            int one = post(socket, letter);
            left |= one >= 0;
            result = one < 0 ? one : result;
        }
        return left ? 0 : result;
    }

    private int post(VrrpSocket socket, Letter letter) {
        if (router.unicast().isEmpty()) {
            boolean virtualMac = router.virtualMac().isPresent();
            return socket.multicast(router.vrid(), virtualMac, source, letter.message, letter.lengthBytes);
        }
        int ttl = router.unicast().get().ttl();
        return socket.unicast(source, letter.destination, ttl, letter.message, letter.lengthBytes);
    }

    private void write(int ofPriority, IpAddress from) {
        Advertisement advertisement =
                new Advertisement(router.version(), router.vrid(), ofPriority, router.interval(), advertised(router));
        for (Letter letter : letters) {
            letter.lengthBytes = AdvertisementCodec.encode(
                    advertisement, router.checksum(), from, letter.destination, router.password(), letter.message);
        }
        priority = ofPriority;
        source = from;
    }

    /** The VIPs that advertisements name. */
    static List<IpAddress> advertised(RouterConfig router) {
        return router.vips().stream()
                .filter(VipConfig::advertised)
                .map(VipConfig::address)
                .toList();
    }
}
