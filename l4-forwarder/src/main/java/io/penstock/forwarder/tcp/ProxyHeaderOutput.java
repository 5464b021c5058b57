package io.penstock.forwarder.tcp;

import static io.penstock.linux.SocketConstants.AF_INET;
import static io.penstock.linux.SocketConstants.AF_INET6;

import io.penstock.forwarder.table.ProxyHeader;
import io.penstock.forwarder.table.ProxyHeader.Passing;
import io.penstock.forwarder.table.ProxyHeader.Version;
import io.penstock.linux.SocketAddress;
import io.penstock.net.AddressPair;
import io.penstock.proxyprotocol.Tlv;
import io.penstock.proxyprotocol.V1Writer;
import io.penstock.proxyprotocol.V2Writer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Composes the PROXY protocol header that a backend is told of its client with. The worker's own. */
final class ProxyHeaderOutput {
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer own = new UnsafeBuffer(new byte[0]);
    private final AddressPair ends = new AddressPair();
    private final V1Writer v1 = new V1Writer();
    private final V2Writer v2 = new V2Writer();
    private final UniqueIds uniqueIds = new UniqueIds();

    /** Writes to this memory, which has room for any header. */
    ProxyHeaderOutput(long address, int capacity) {
        buffer.wrap(address, capacity);
    }

    /**
     * Returns its length.
     *
     * @param local what the client's socket is connected to; null if that is no address of IP, or the client's header says it
     */
    int compose(ProxyHeader header, Client client, SocketAddress local) {
        AddressPair addresses = addresses(client, local);
        if (header.version() == Version.V1) {
            return addresses == null ? v1.writeUnknown(buffer, 0) : v1.write(buffer, 0, addresses);
        }
        if (addresses == null) {
            v2.beginUnspecified(buffer, 0);
        } else {
            v2.begin(buffer, 0, addresses);
        }
        own.wrap(header.entries());
        putAll(own, own.capacity());
        boolean hasUniqueId = client.hasHeader() && pass(header, client.received());
        if (header.uniqueId() && !hasUniqueId) {
            v2.tlv(Tlv.UNIQUE_ID, uniqueIds.next());
        }
        return v2.end(header.checksum());
    }

    /** Those the client's header states, or those of its socket; null when these are no addresses of IP. */
    private AddressPair addresses(Client client, SocketAddress local) {
        if (client.isStated()) {
            return client.received().addresses();
        }
        if (local == null || (local.family() != AF_INET && local.family() != AF_INET6)) {
            return null;
        }
        return ends.source(client.sourceHigh(), client.sourceLow(), client.sourcePort())
                .destination(local.high(), local.low(), local.port());
    }

    private void putAll(DirectBuffer entries, int length) {
        for (int at = 0; at < length; at = Tlv.next(entries, at)) {
            put(entries, at);
        }
    }

    private void put(DirectBuffer entries, int at) {
        v2.tlv(Tlv.type(entries, at), entries, Tlv.valueOffset(at), Tlv.valueLength(entries, at));
    }

    /** Whether a unique id was among what was passed on. */
    private boolean pass(ProxyHeader header, ReceivedHeader received) {
        boolean hasUniqueId = false;
        DirectBuffer entries = received.tlvs();
        for (int at = 0; at < received.tlvsLength(); at = Tlv.next(entries, at)) {
            int type = Tlv.type(entries, at);
            if (isPassed(header, type)) {
                put(entries, at);
                hasUniqueId |= type == Tlv.UNIQUE_ID;
            }
        }
        return hasUniqueId;
    }

    private boolean isPassed(ProxyHeader header, int type) {
        return switch (type) {
            // Its own is of other octets, and padding serves only the header that it stands in.
            case Tlv.CRC32C, Tlv.NOOP -> false;
            case Tlv.UNIQUE_ID -> header.uniqueId() || header.passing() == Passing.ALL;
            case Tlv.AUTHORITY -> header.passing() != Passing.NONE;
            default -> header.passing() == Passing.ALL && !isOwn(type);
        };
    }

    /** What this forwarder says counts more than what it was told. */
    private boolean isOwn(int type) {
        for (int at = 0; at < own.capacity(); at = Tlv.next(own, at)) {
            if (Tlv.type(own, at) == type) {
                return true;
            }
        }
        return false;
    }
}
