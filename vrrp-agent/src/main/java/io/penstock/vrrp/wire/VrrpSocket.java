package io.penstock.vrrp.wire;

import io.penstock.net.IpAddress;
import org.agrona.DirectBuffer;

/**
 * VRRP on one interface in one family, to the group and to peers. Of the agent's thread; whoever opened it closes it.
 *
 * <p>What was sent is with the kernel, or the result says why not:
 *
 * <ul>
 *   <li>ENETUNREACH, EINVAL, ENODEV, with a virtual MAC ENETDOWN or ENXIO: the interface is down or gone, or the source is no address of this host,
 *       as in IPv6 while it is tentative. Which it is, links and addresses tell; the number differs between the families.
 *   <li>EAGAIN, ENOBUFS: a queue is full, and this one did not go.
 *   <li>An interface that is up without a carrier takes everything and drops it without a word. Watch the carrier.
 * </ul>
 *
 * <p>The membership of the group lasts through downs and ups of the interface. It ends with the interface, of which another of the same name is
 * none, and in IPv6 with an MTU below 1280. No read fails then and no event comes: the socket just hears nothing any more. So close it and open
 * another whenever the interface's index is another one, and, being cheap, whenever the interface comes up again.
 */
public interface VrrpSocket extends AutoCloseable {
    /** Readable when something came. */
    int fd();

    /**
     * Takes the next that came, without waiting; false when there is none. Own ones that came back, of a VRID and a source that this socket has
     * sent with, are passed over.
     *
     * @param into its message is in memory of all sockets of one wire, until the next receive of any
     */
    boolean receive(Packet into);

    /**
     * Sends to the group of the family.
     *
     * @param virtualMac whether the Ethernet source is the virtual MAC address of this VRID
     * @return at least 0, or -errno
     */
    int multicast(int vrid, boolean virtualMac, IpAddress source, DirectBuffer message, int lengthBytes);

    /**
     * Sends to one peer.
     *
     * @param ttl from 1 to 255
     * @return at least 0, or -errno
     */
    int unicast(IpAddress source, IpAddress peer, int ttl, DirectBuffer message, int lengthBytes);

    @Override
    void close();
}
