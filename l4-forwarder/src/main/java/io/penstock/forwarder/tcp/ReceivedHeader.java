package io.penstock.forwarder.tcp;

import io.penstock.forwarder.flow.FlowEnd;
import io.penstock.net.AddressPair;
import io.penstock.proxyprotocol.HeaderParser;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** What stays of the PROXY protocol header that a client came with. Belongs to its connection, on the worker's thread. */
final class ReceivedHeader {
    private final AddressPair addresses = new AddressPair();
    /** As long as the longest so far; empty for most clients, whose headers have none. */
    private final UnsafeBuffer tlvs = new UnsafeBuffer(new byte[0]);

    private long speakerHigh;
    private long speakerLow;
    private int speakerPort;
    private boolean stated;
    private int tlvsLength;

    void keep(HeaderParser parser, DirectBuffer buffer) {
        stated = parser.isStated();
        if (stated) {
            addresses.set(parser.addresses());
        }
        tlvsLength = parser.tlvsLength();
        if (tlvsLength > tlvs.capacity()) {
            tlvs.wrap(new byte[tlvsLength]);
        }
        tlvs.putBytes(0, buffer, parser.tlvsOffset(), tlvsLength);
    }

    /** Whom it came from; both halves 0 for who has no address. */
    void speaker(long high, long low, int port) {
        speakerHigh = high;
        speakerLow = low;
        speakerPort = port;
    }

    void describe(FlowEnd end) {
        end.proxy(speakerHigh, speakerLow, speakerPort);
    }

    /** Whether it says who the client is, and what it connected to. */
    boolean isStated() {
        return stated;
    }

    /** Meaningful when {@link #isStated}. */
    AddressPair addresses() {
        return addresses;
    }

    DirectBuffer tlvs() {
        return tlvs;
    }

    int tlvsLength() {
        return tlvsLength;
    }
}
