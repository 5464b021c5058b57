package io.penstock.admin;

import io.penstock.net.IpAddress;
import java.util.Locale;

/**
 * Which Host headers are served. On loopback only literal addresses and localhost: a web page whose own name was made to
 * lead to 127.0.0.1 (DNS rebinding) would otherwise be the same origin as this server, and could ask and order anything.
 */
interface HostRule {
    boolean allows(String host);

    static HostRule of(AdminAddress address) {
        boolean browserReaches = address instanceof AdminAddress.Tcp && address.isLocal();
        return browserReaches ? HostRule::isLiteral : host -> true;
    }

    private static boolean isLiteral(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end > 0 && IpAddress.parse(host.substring(1, end)).isPresent();
        }
        int colon = host.indexOf(':');
        String name = (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
        return name.equals("localhost") || IpAddress.parse(name).isPresent();
    }
}
