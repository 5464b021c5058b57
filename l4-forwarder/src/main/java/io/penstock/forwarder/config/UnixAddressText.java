package io.penstock.forwarder.config;

import io.penstock.config.ConfigValue;
import io.penstock.net.UnixAddress;
import java.util.Optional;

/** Reads the name of a UNIX socket, of a listener or a backend. */
final class UnixAddressText {
    private UnixAddressText() {}

    /** Whether it can be nothing else. */
    static boolean isOne(String text) {
        return text.startsWith(UnixAddress.PREFIX);
    }

    /** Reports what is wrong and is then empty. */
    static Optional<UnixAddress> read(ConfigValue value, String text) {
        Optional<UnixAddress> address = UnixAddress.parse(text);
        if (address.isEmpty()) {
            value.problem("after unix: must come an absolute path, or @ and a name, of visible ASCII and at most "
                    + UnixAddress.MAX_OCTETS + " octets");
        }
        return address;
    }
}
