package io.penstock.forwarder.config;

import io.penstock.config.AddressText;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.InterfaceName;
import io.penstock.net.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code source} of a pool. */
final class SourceReader {
    private static final String ADDRESS = "an address of this host, such as 192.0.2.1";

    private SourceReader() {}

    /** @param overUdp the service that uses the pool with UDP */
    static SourceConfig read(ConfigSection pool, Optional<String> overUdp) {
        return pool.section("source", section -> source(section, overUdp)).orElse(SourceConfig.KERNELS_CHOICE);
    }

    private static SourceConfig source(ConfigSection source, Optional<String> overUdp) {
        SourceConfig read = new SourceConfig(
                source.optional("addresses").map(SourceReader::addresses).orElse(List.of()),
                InterfaceName.read(source),
                source.bool("transparent", false),
                source.bool("fast-open", false));
        if (read.transparent() && !read.addresses().isEmpty()) {
            source.problem("addresses", "cannot stand beside transparent, which takes the client's");
        }
        overUdp.filter(service -> read.fastOpen())
                .ifPresent(service -> source.problem("fast-open", PoolUsers.cannotBeUsedBy(service)));
        return read;
    }

    private static List<IpAddress> addresses(ConfigValue value) {
        List<ConfigValue> items = value.items("a list of 1 to " + SourceConfig.MAX_ADDRESSES + " addresses");
        if (items.size() > SourceConfig.MAX_ADDRESSES) {
            value.problem("must be a list of 1 to " + SourceConfig.MAX_ADDRESSES + " addresses", "a longer list");
            return List.of();
        }
        Map<IpAddress, Integer> lines = new HashMap<>();
        return items.stream().flatMap(item -> address(item, lines).stream()).toList();
    }

    private static Optional<IpAddress> address(ConfigValue item, Map<IpAddress, Integer> lines) {
        Optional<IpAddress> address = item.text(ADDRESS)
                .flatMap(text -> AddressText.read(item, text, ADDRESS))
                .filter(read -> AddressText.isReachable(item, read));
        address.ifPresent(read -> {
            Integer first = lines.putIfAbsent(read, item.line());
            if (first != null) {
                item.problem("duplicate address, first at line " + first);
            }
        });
        return address;
    }
}
