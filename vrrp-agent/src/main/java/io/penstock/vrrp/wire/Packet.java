package io.penstock.vrrp.wire;

import io.penstock.net.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;

/** One that came; taken over by the next. NOT thread safe. */
public final class Packet {
    /** The VRRP message, from 0. */
    public final UnsafeBuffer message = new UnsafeBuffer(new byte[0]);

    public int lengthBytes;
    public IpAddress source = IpAddress.ANY_IPV4;
    public IpAddress destination = IpAddress.ANY_IPV4;

    /** Or the hop limit. */
    public int ttl;
}
