package io.penstock.vrrp.address;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.wire.VrrpSocket;
import io.penstock.vrrp.wire.Wire;
import java.util.ArrayList;
import java.util.List;

/** Remembers what was announced. */
final class FakeWire implements Wire {
    /** As {@code 192.0.2.10 at 02:00:00:00:00:01 on 2}, in order. */
    final List<String> announced = new ArrayList<>();

    /** Called before each is sent. */
    Runnable before = () -> {};

    int result;

    @Override
    public VrrpSocket open(String interfaceName, int interfaceIndex, boolean ipv4) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int announce(int interfaceIndex, String hardwareAddress, IpAddress address, boolean forwarding) {
        before.run();
        announced.add(address + " at " + hardwareAddress + " on " + interfaceIndex + (forwarding ? " forwarding" : ""));
        return result;
    }

    /** What was announced since this was asked last. */
    List<String> take() {
        List<String> taken = List.copyOf(announced);
        announced.clear();
        return taken;
    }
}
