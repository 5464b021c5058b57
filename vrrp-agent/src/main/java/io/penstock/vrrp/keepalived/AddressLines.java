package io.penstock.vrrp.keepalived;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.config.VipConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The lines of {@code virtual_ipaddress} and {@code virtual_ipaddress_excluded} of an instance. */
final class AddressLines {
    private final Remarks remarks;
    private final List<Object> vips = new ArrayList<>();
    private final Set<IpAddress> seen = new HashSet<>();
    private Optional<Boolean> ipv4 = Optional.empty();
    private boolean hasLinkLocal;

    AddressLines(Remarks remarks) {
        this.remarks = remarks;
    }

    void read(Statement instance) {
        instance.inner().stream()
                .filter(block -> block.name().equals("virtual_ipaddress"))
                .flatMap(block -> block.inner().stream())
                .forEach(line -> read(line, true));
        instance.inner().stream()
                .filter(block -> block.name().equals("virtual_ipaddress_excluded"))
                .flatMap(block -> block.inner().stream())
                .forEach(line -> read(line, false));
    }

    /** What RFC 9568 section 5.2.9 requires of IPv6 and keepalived only warns of; both sides get the same one. */
    void addLinkLocal(Statement instance, int vrid) {
        if (isIpv4() || hasLinkLocal) {
            return;
        }
        String added = VipConfig.linkLocal(vrid) + "/64";
        vips.add(0, added);
        remarks.different(
                instance.place(),
                "IPv6 needs a link-local address that is advertised first: " + added
                        + " was added here, and is to be added on the other hosts");
    }

    private void read(Statement line, boolean advertised) {
        String text = line.name();
        int slash = text.indexOf('/');
        Optional<IpAddress> address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            remarks.different(line.place(), "not an address: " + text);
            return;
        }
        if (ipv4.isPresent() && ipv4.get() != address.get().isIpv4()) {
            remarks.different(
                    line.place(),
                    "a virtual router has addresses of one family: " + text
                            + " needs a router of its own, on both sides, and a group to keep them together");
            return;
        }
        ipv4 = Optional.of(address.get().isIpv4());
        if (!seen.add(address.get())) {
            remarks.leftOut(line.place(), text + ", which is there already");
            return;
        }
        hasLinkLocal |= advertised && address.get().isLinkLocal();
        String bits = slash < 0 ? (address.get().isIpv4() ? "32" : "128") : text.substring(slash + 1);
        add(line, address.get() + "/" + bits, advertised);
    }

    private void add(Statement line, String address, boolean advertised) {
        Optional<String> device = device(line);
        if (device.isEmpty() && advertised) {
            vips.add(address);
            return;
        }
        Map<String, Object> vip = new LinkedHashMap<>();
        vip.put("address", address);
        device.ifPresent(name -> vip.put("interface", name));
        if (!advertised) {
            vip.put("advertise", false);
        }
        vips.add(vip);
    }

    private Optional<String> device(Statement line) {
        Optional<String> device = Optional.empty();
        List<Word> words = line.arguments();
        for (int i = 0; i < words.size(); i++) {
            switch (words.get(i).text()) {
                case "dev" -> {
                    i++;
                    device = line.argument(i).map(Word::text);
                }
                case "brd", "scope", "label", "preferred_lft" -> {
                    remarks.leftOut(words.get(i).place(), words.get(i).text() + " of an address");
                    i++;
                }
                case "peer" -> {
                    remarks.different(words.get(i).place(), "the other end of an address is not offered");
                    i++;
                }
                case "no_track", "use_vmac" ->
                    remarks.different(words.get(i).place(), words.get(i).text() + " of one address is not offered");
                default -> remarks.leftOut(words.get(i).place(), words.get(i).text() + " of an address");
            }
        }
        return device;
    }

    List<Object> vips() {
        return vips;
    }

    boolean isIpv4() {
        return ipv4.orElse(true);
    }
}
