package io.penstock.vrrp.config;

import io.penstock.config.AddressText;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.InterfaceName;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code vips} of all routers. */
final class VipsReader {
    private static final String EXPECTED = "an address with its prefix length, such as \"192.0.2.10/24\"";
    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    private final Map<Place, Integer> lineByPlace = new HashMap<>();

    /** Each link has link-local addresses of its own. */
    private record Place(IpAddress address, Optional<String> link) {
        static Place of(VipConfig vip) {
            return new Place(
                    vip.address(), vip.address().isLinkLocal() ? Optional.of(vip.interfaceName()) : Optional.empty());
        }
    }

    /** What has a VIP that does not say so itself. */
    interface UsualInterface {
        String of(boolean ipv4);
    }

    private record Item(ConfigValue at, VipConfig vip) {}

    /**
     * Those that could be read, of one family; in IPv6 a link-local one that is advertised comes first.
     *
     * @param usualInterface of VIPs that have none of their own, by whether they are of IPv4
     * @param vrid of the router, for a suggestion
     */
    List<VipConfig> read(ConfigValue value, UsualInterface usualInterface, int vrid) {
        List<Item> items = new ArrayList<>();
        for (ConfigValue item : value.items("a list of at least one address, such as [192.0.2.10/24]")) {
            Optional<VipConfig> vip = item.isMapping()
                    ? item.section(section -> longForm(section, usualInterface)).flatMap(read -> read)
                    : address(item).map(read -> read.vip(Optional.empty(), usualInterface, true));
            vip.filter(read -> isFirst(item, read)).ifPresent(read -> items.add(new Item(item, read)));
        }
        List<Item> family = ofFirstFamily(items);
        List<VipConfig> vips = family.stream().map(Item::vip).toList();
        if (vips.isEmpty()) {
            return List.of();
        }
        checkAdvertised(value, vips, vrid);
        return linkLocalFirst(vips);
    }

    private Optional<VipConfig> longForm(ConfigSection vip, UsualInterface usualInterface) {
        Optional<Prefixed> address = vip.required("address").flatMap(VipsReader::address);
        Optional<String> interfaceName = InterfaceName.read(vip);
        boolean advertised = vip.bool("advertise", true);
        return address.map(read -> read.vip(interfaceName, usualInterface, advertised));
    }

    private record Prefixed(IpAddress address, int bits) {
        VipConfig vip(Optional<String> interfaceName, UsualInterface usualInterface, boolean advertised) {
            return new VipConfig(
                    address, bits, interfaceName.orElseGet(() -> usualInterface.of(address.isIpv4())), advertised);
        }
    }

    private static Optional<Prefixed> address(ConfigValue value) {
        return value.text(EXPECTED).flatMap(text -> {
            int slash = text.indexOf('/');
            int most = text.indexOf(':') < 0 ? IPV4_BITS : IPV6_BITS;
            int bits = slash < 0 ? most : bits(text.substring(slash + 1));
            if (bits < 1 || bits > most) {
                value.problem("must be " + EXPECTED + ", from /1 to /" + most);
                return Optional.empty();
            }
            return AddressText.read(value, slash < 0 ? text : text.substring(0, slash), EXPECTED)
                    .filter(address -> canBeVip(value, address, bits))
                    .map(address -> new Prefixed(address, bits));
        });
    }

    private static int bits(String text) {
        return text.matches("[1-9][0-9]{0,2}") ? Integer.parseInt(text) : 0;
    }

    private static boolean canBeVip(ConfigValue value, IpAddress address, int bits) {
        if (!address.isUnicast() || address.isLoopback()) {
            value.problem("must be an address that one host of a network has, not loopback or multicast");
            return false;
        }
        if (address.isIpv4() && bits < IPV4_BITS - 1) {
            int host = address.ipv4() & -1 >>> bits;
            if (host == 0 || host == -1 >>> bits) {
                value.problem("must be an address that one host of its network has, not the network's "
                        + (host == 0 ? "own" : "broadcast address"));
                return false;
            }
        }
        return true;
    }

    private boolean isFirst(ConfigValue value, VipConfig vip) {
        Integer firstLine = lineByPlace.putIfAbsent(Place.of(vip), value.line());
        if (firstLine != null) {
            value.problem(
                    "duplicate VIP, first at line " + firstLine, vip.address().toString());
        }
        return firstLine == null;
    }

    private static List<Item> ofFirstFamily(List<Item> items) {
        List<Item> family = new ArrayList<>();
        for (Item item : items) {
            if (item.vip().address().isIpv4() == items.get(0).vip().address().isIpv4()) {
                family.add(item);
            } else {
                item.at()
                        .problem(
                                "must be of the same family as the first VIP: a virtual router has one family, so make a"
                                        + " second router, and put both into one of the groups when they belong together",
                                item.vip().address().toString());
            }
        }
        return family;
    }

    private static void checkAdvertised(ConfigValue value, List<VipConfig> vips, int vrid) {
        long advertised = vips.stream().filter(VipConfig::advertised).count();
        if (advertised == 0) {
            value.problem(
                    "must have at least one VIP that is advertised: others take no notice of advertisements without one",
                    "none");
        } else if (advertised > RouterConfig.MAX_ADVERTISED) {
            value.problem(
                    "must be at most " + RouterConfig.MAX_ADVERTISED
                            + " VIPs that are advertised; further ones need advertise: false, here and on the other hosts",
                    advertised + " VIPs");
        } else if (vips.size() > RouterConfig.MAX_VIPS) {
            value.problem("must be at most " + RouterConfig.MAX_VIPS + " VIPs", vips.size() + " VIPs");
        } else if (!vips.get(0).address().isIpv4() && vips.stream().noneMatch(VipsReader::isAdvertisedLinkLocal)) {
            value.problem(
                    "must have a link-local one in IPv6, which is advertised first (RFC 9568 section 5.2.9): the same"
                            + " on all hosts, such as \"" + VipConfig.linkLocal(vrid) + "/64\"",
                    "none");
        }
    }

    private static boolean isAdvertisedLinkLocal(VipConfig vip) {
        return vip.advertised() && vip.address().isLinkLocal();
    }

    private static List<VipConfig> linkLocalFirst(List<VipConfig> vips) {
        List<VipConfig> sorted = new ArrayList<>(vips);
        if (!vips.get(0).address().isIpv4()) {
            vips.stream().filter(VipsReader::isAdvertisedLinkLocal).findFirst().ifPresent(first -> {
                sorted.remove(first);
                sorted.add(0, first);
            });
        }
        return sorted;
    }
}
