package io.penstock.vrrp.address;

import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Macvlan;

/** One request to the kernel. */
sealed interface KernelChange {
    /** Adds the address with the agent's mark, or gives the one that is there another lifetime; never someone else's. */
    record Put(InterfaceAddress address) implements KernelChange {}

    /** Removes the address with the agent's mark; one that is gone already is fine. */
    record Remove(InterfaceAddress address) implements KernelChange {}

    record AddLink(Macvlan macvlan) implements KernelChange {}

    /** One that is gone already is fine. */
    record RemoveLink(int index) implements KernelChange {}

    /** Sets it up, or down. */
    record SetLink(int index, boolean up) implements KernelChange {}
}
