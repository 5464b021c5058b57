package io.penstock.bgp.config;

import io.penstock.testing.TemporaryConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;

/** Configurations of the bgp-anycast-agent. */
final class BgpConfigs extends TemporaryConfig<BgpConfig> {
    static final String PASSWORD = "router.password";

    /** What no file can do without, besides VIPs. */
    static final String ALLOW = "allow: [192.0.2.0/24, \"2001:db8::/48\"]\n";

    /** The keys that a VIP cannot do without. */
    static final String LEAST = "prefix: 192.0.2.10/32, health: none";

    /** The keys that a neighbour cannot do without. */
    static final String LEAST_PEER = "address: 198.51.100.1, asn: 65000";

    private static final String SECRET = "s3cret of the session";

    BgpConfigs() {
        super(BgpConfigReader::read);
        secret(PASSWORD, SECRET + "\n", "rw-r-----");
    }

    /** A file that holds a secret. */
    void secret(String name, String content, String permissions) {
        try {
            Files.setPosixFilePermissions(write(name, content), PosixFilePermissions.fromString(permissions));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The only VIP of a file, with these keys. */
    VipConfig vip(String keys) {
        return read(vips("web: { " + keys + " }")).vips().get("web");
    }

    /** The only VIP of a file, with these keys besides the least. */
    VipConfig least(String keys) {
        return vip(LEAST + ", " + keys);
    }

    /** {@code key: rule (was x)} of the only problem, without the VIP's path. */
    String problem(String keys) {
        return onlyProblem(vips("web: { " + keys + " }")).replaceFirst("^vips\\.web\\.?", "");
    }

    /** As {@link #problem}, of these keys besides the least. */
    String leastProblem(String keys) {
        return problem(LEAST + ", " + keys);
    }

    /** The only neighbour of a file, with these keys besides the least. */
    PeerConfig peer(String keys) {
        return read(peers("router: { " + LEAST_PEER + ", " + keys + " }"))
                .peers()
                .orElseThrow()
                .get("router");
    }

    /** {@code key: rule (was x)} of the only problem, without the neighbour's path. */
    String peerProblem(String keys) {
        return onlyProblem(peers("router: { " + keys + " }")).replaceFirst("^peers\\.router\\.?", "");
    }

    /** {@code key: rule (was x)} of the only problem of a file with this besides the least. */
    String topProblem(String yaml) {
        return onlyProblem(yaml + "\n" + least());
    }

    BgpConfig top(String yaml) {
        return read(yaml + "\n" + least());
    }

    static String least() {
        return vips("web: { " + LEAST + " }");
    }

    static String vips(String entries) {
        return ALLOW + "vips: { " + entries + " }\n";
    }

    static String peers(String entries) {
        return "peers: { " + entries + " }\n" + least();
    }
}
