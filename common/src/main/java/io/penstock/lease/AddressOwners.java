package io.penstock.lease;

import io.penstock.net.IpAddress;
import io.penstock.netlink.Addresses;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Request;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whose is which address, as of the last look at the kernel and the changes made since. What was not there is added and never replaces
 * what someone else has put there meanwhile; what was someone else's is neither replaced nor removed. The agent's own is what carries
 * the protocol number (IFA_PROTO) of the change. NOT thread safe.
 */
public final class AddressOwners {
    /** What the kernel tells addresses apart by: of IPv6 a link has each but once, whatever its prefix. */
    private record Key(int link, IpAddress address, int prefixBits) {
        static Key of(InterfaceAddress address) {
            int bits = address.address().isIpv4() ? address.prefixBits() : 0;
            return new Key(address.linkIndex(), address.address(), bits);
        }
    }

    private final Map<Key, Integer> protocols = new HashMap<>();

    /** @param observed all that there are */
    public AddressOwners(Collection<InterfaceAddress> observed) {
        observed.forEach(this::put);
    }

    /** Why this must be neither put nor removed: it would hit what is someone else's. */
    public Optional<String> objection(InterfaceAddress address) {
        Integer owner = protocols.get(Key.of(address));
        return owner == null || owner == address.protocol()
                ? Optional.empty()
                : Optional.of(address.address() + " on link " + address.linkIndex()
                        + " is there already and not ours (protocol " + owner + ")");
    }

    /** What to ask of the kernel for an address that is to be there, and that nothing speaks against. */
    public Request putting(InterfaceAddress address) {
        return has(address) ? Addresses.put(address) : Addresses.add(address);
    }

    /** Whether it is there, whoever put it there. */
    public boolean has(InterfaceAddress address) {
        return protocols.containsKey(Key.of(address));
    }

    /** It is there from now on. */
    public final void put(InterfaceAddress address) {
        protocols.put(Key.of(address), address.protocol());
    }

    /** It is not there any more. */
    public void removed(InterfaceAddress address) {
        protocols.remove(Key.of(address));
    }
}
