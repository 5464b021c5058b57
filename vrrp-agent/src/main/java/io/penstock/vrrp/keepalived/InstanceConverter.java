package io.penstock.vrrp.keepalived;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes an entry of {@code routers} of a {@code vrrp_instance}. */
final class InstanceConverter {
    private static final int OWNER = 255;
    private static final int MAX_PASSWORD = 8;
    private static final long SECOND_MS = 1_000;

    private final Globals globals;
    private final TrackTable tracks;
    private final Numbers numbers;
    private final Remarks remarks;

    InstanceConverter(Globals globals, TrackTable tracks, Numbers numbers, Remarks remarks) {
        this.globals = globals;
        this.tracks = tracks;
        this.numbers = numbers;
        this.remarks = remarks;
    }

    Map<String, Object> convert(Statement instance) {
        AddressLines addresses = new AddressLines(remarks);
        addresses.read(instance);
        Map<String, Object> router = new LinkedHashMap<>();
        text(instance, "interface").ifPresent(name -> router.put("interface", name));
        instance.last("virtual_router_id").flatMap(numbers::integer).ifPresent(vrid -> {
            router.put("vrid", vrid);
            addresses.addLinkLocal(instance, vrid);
        });
        int version = version(instance, addresses.isIpv4());
        router.put("version", version);
        instance.last("priority")
                .flatMap(numbers::integer)
                .ifPresent(priority -> router.put("priority", priority == OWNER ? "owner" : priority));
        instance.last("advert_int")
                .flatMap(line -> interval(line, version))
                .ifPresent(interval -> router.put("advertisement-interval", interval));
        preempt(instance, router);
        if (version == 3 && addresses.isIpv4() && globals.messageChecksum(instance)) {
            router.put("checksum", "rfc9568");
        }
        source(instance).ifPresent(source -> router.put("source", source));
        unicast(instance).ifPresent(unicast -> router.put("unicast", unicast));
        instance.last("use_vmac").ifPresent(statement -> router.put("virtual-mac", virtualMac(statement)));
        instance.last("authentication").ifPresent(block -> password(block, version, router));
        if (addresses.vips().isEmpty()) {
            remarks.different(instance.place(), "no addresses");
        }
        router.put("vips", addresses.vips());
        announce(instance).ifPresent(announce -> router.put("announce", announce));
        List<Map<String, Object>> tracked = tracks.tracks(instance);
        if (!tracked.isEmpty()) {
            router.put("track", tracked);
        }
        if (!router.containsKey("interface")) {
            remarks.different(instance.place(), "no interface, which is required here for unicast too");
        }
        instance.inner().forEach(new Leftovers(numbers, remarks)::remark);
        return router;
    }

    private int version(Statement instance, boolean ipv4) {
        int wanted = instance.last("version").flatMap(numbers::integer).orElse(globals.version());
        return ipv4 ? wanted : 3;
    }

    /** As keepalived rounds it in version 2. */
    private Optional<String> interval(Statement line, int version) {
        Optional<Long> written = line.argument(0).flatMap(numbers::milliseconds);
        if (version != 2 || written.isEmpty() || written.get() % SECOND_MS == 0) {
            return written.map(Numbers::text);
        }
        String taken = Numbers.text(Math.max(1, (written.get() + SECOND_MS / 2) / SECOND_MS) * SECOND_MS);
        remarks.different(
                line.place(),
                "version 2 counts whole seconds, so keepalived makes it " + taken
                        + ", and so does this; version 3 on all hosts would do what is written");
        return Optional.of(taken);
    }

    private void preempt(Statement instance, Map<String, Object> router) {
        boolean master = text(instance, "state").filter("MASTER"::equals).isPresent();
        Optional<Statement> never = instance.last("nopreempt");
        Optional<Statement> delay = instance.last("preempt_delay");
        if (master) {
            never.ifPresent(
                    line -> remarks.leftOut(line.place(), "nopreempt, which keepalived ignores in state MASTER"));
            delay.ifPresent(
                    line -> remarks.leftOut(line.place(), "preempt_delay, which keepalived ignores in state MASTER"));
            return;
        }
        if (never.isPresent()) {
            router.put("preempt", false);
        } else {
            delay.flatMap(numbers::duration).ifPresent(time -> router.put("preempt-delay", time));
        }
    }

    private static Optional<String> text(Statement block, String name) {
        return block.last(name).flatMap(line -> line.argument(0)).map(Word::text);
    }

    private static Optional<String> source(Statement instance) {
        return text(instance, "unicast_src_ip")
                .or(() -> text(instance, "mcast_src_ip"))
                .map(InstanceConverter::withoutLength);
    }

    /** keepalived takes a prefix length behind the address of a host, and forgets it. */
    private static String withoutLength(String address) {
        int slash = address.indexOf('/');
        return slash < 0 ? address : address.substring(0, slash);
    }

    private Optional<Map<String, Object>> unicast(Statement instance) {
        Optional<Statement> block = instance.last("unicast_peer");
        if (block.isEmpty()) {
            return Optional.empty();
        }
        List<String> peers = new ArrayList<>();
        Optional<Integer> lowest = Optional.empty();
        for (Statement line : block.get().inner()) {
            peers.add(withoutLength(line.name()));
            for (int i = 0; i + 1 < line.arguments().size(); i += 2) {
                Word key = line.arguments().get(i);
                Optional<Integer> value = numbers.integer(line.arguments().get(i + 1));
                if (key.text().equals("min_ttl") && value.isPresent()) {
                    lowest = Optional.of(Math.min(lowest.orElse(OWNER), value.get()));
                } else {
                    remarks.different(key.place(), key.text() + " of a peer is not offered");
                }
            }
        }
        Map<String, Object> unicast = new LinkedHashMap<>();
        unicast.put("peers", peers);
        instance.last("unicast_ttl").flatMap(numbers::integer).ifPresent(ttl -> unicast.put("ttl", ttl));
        if (lowest.isPresent()) {
            unicast.put("min-ttl", lowest.get());
        } else {
            remarks.leftOut(
                    block.get().place(),
                    "keepalived takes any TTL from peers; here it must be 255 unless min-ttl says less, for peers behind routers");
        }
        return Optional.of(unicast);
    }

    private Object virtualMac(Statement statement) {
        statement
                .argument(1)
                .ifPresent(
                        word -> remarks.different(word.place(), "another MAC address than RFC 9568's is not offered"));
        Optional<Word> name = statement.argument(0);
        return name.isPresent() ? Map.of("interface", name.get().text()) : true;
    }

    private void password(Statement block, int version, Map<String, Object> router) {
        Optional<String> type = text(block, "auth_type");
        Optional<Word> password = block.last("auth_pass").flatMap(line -> line.argument(0));
        if (type.filter("AH"::equals).isPresent()) {
            remarks.different(block.place(), "authentication of type AH is not offered, and protects nothing");
        } else if (version != 2) {
            remarks.leftOut(block.place(), "authentication, which VRRPv3 does not have");
        } else {
            password.ifPresent(word -> router.put(
                    "password",
                    word.text().substring(0, Math.min(MAX_PASSWORD, word.text().length()))));
        }
    }

    private Optional<Map<String, Object>> announce(Statement instance) {
        Map<String, Object> announce = new LinkedHashMap<>(globals.announce());
        instance.inner().forEach(line -> Globals.announcement(announce, line, "", numbers));
        return announce.isEmpty() ? Optional.empty() : Optional.of(announce);
    }
}
