package io.penstock.vrrp.keepalived;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Converts keepalived.conf(5), as of keepalived 2.2. Not thread safe; for one file. */
public final class KeepalivedImport {
    private final Remarks remarks = new Remarks();
    private final Numbers numbers = new Numbers(remarks);
    private final Globals globals = new Globals(numbers, remarks);
    private final TrackTable tracks = new TrackTable(numbers, remarks);
    private final Notifications notifications = new Notifications(remarks);
    private final Map<String, Map<String, Object>> routers = new LinkedHashMap<>();
    private final Map<String, List<String>> groups = new LinkedHashMap<>();

    private KeepalivedImport() {}

    /**
     * Converts one file and what it includes.
     *
     * @param configId which lines with a condition ({@code @ID}) are meant; empty for none
     * @throws IOException when it cannot be read
     */
    public static ImportResult of(Path file, String configId) throws IOException {
        KeepalivedImport conversion = new KeepalivedImport();
        List<Statement> statements = new StatementReader(configId, conversion.remarks).read(file);
        return conversion.convert(statements);
    }

    private ImportResult convert(List<Statement> statements) {
        // What instances refer to may stand behind them.
        statements.forEach(this::define);
        InstanceConverter instances = new InstanceConverter(globals, tracks, numbers, remarks);
        for (Statement block : named(statements, "vrrp_instance")) {
            routers.put(nameOf(block), instances.convert(block));
            notifications.readInstance(block);
        }
        for (Statement block : named(statements, "vrrp_sync_group")) {
            group(block);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        globals.realtime().ifPresent(realtime -> document.put("realtime", realtime));
        document.put("routers", routers);
        if (!groups.isEmpty()) {
            document.put("groups", groups);
        }
        if (!notifications.hooks().isEmpty()) {
            document.put("hooks", notifications.hooks());
        }
        return new ImportResult(document, routers.size(), remarks.all());
    }

    private static List<Statement> named(List<Statement> statements, String name) {
        return statements.stream()
                .filter(block -> block.name().equals(name))
                .filter(block -> block.argument(0).isPresent())
                .toList();
    }

    private static String nameOf(Statement block) {
        return block.argument(0).map(Word::text).orElse("");
    }

    private void define(Statement statement) {
        switch (statement.name()) {
            case "global_defs" -> globals.read(statement);
            case "vrrp_script" -> tracks.addScript(statement);
            case "track_file", "vrrp_track_file" -> tracks.addFile(statement);
            case "vrrp_instance", "vrrp_sync_group" -> {
                if (statement.argument(0).isEmpty()) {
                    remarks.different(statement.place(), "without a name");
                }
            }
            case "virtual_server", "virtual_server_group", "SSL" ->
                remarks.leftOut(statement.place(), statement.name() + ": balancing is the l4-forwarder's");
            case "static_ipaddress", "static_routes", "static_rules" ->
                remarks.different(
                        statement.place(), statement.name() + ": belongs into the network configuration of the host");
            case "vrrp_track_process", "bfd_instance", "garp_group" ->
                remarks.different(statement.place(), statement.name() + " is not offered");
            default -> remarks.leftOut(statement.place(), statement.name());
        }
    }

    private void group(Statement block) {
        List<String> members = new ArrayList<>();
        block.last("group").ifPresent(list -> list.inner()
                .forEach(line -> line.words().stream().map(Word::text).forEach(members::add)));
        for (String member : members) {
            if (!routers.containsKey(member)) {
                remarks.different(block.place(), "no instance of this group is named " + member);
            }
        }
        members.retainAll(routers.keySet());
        members.forEach(member -> addTracks(routers.get(member), tracks.tracks(block)));
        if (members.size() > 1) {
            groups.put(nameOf(block), members);
            notifications.readGroup(block);
        } else {
            remarks.leftOut(block.place(), "a group of one or none");
            members.forEach(member -> notifications.readGroup(block, member));
        }
        for (Statement line : block.inner()) {
            boolean known = Optional.of(line.name())
                    .filter(name -> name.equals("group") || name.startsWith("track_") || name.startsWith("notify"))
                    .isPresent();
            if (!known) {
                remarks.leftOut(line.place(), line.name());
            }
        }
    }

    /** Of what an instance follows by itself too, its own way counts. */
    private static void addTracks(Map<String, Object> router, List<Map<String, Object>> more) {
        Map<Object, Object> all = new LinkedHashMap<>();
        if (router.get("track") instanceof List<?> own) {
            own.forEach(track -> all.put(TrackTable.subject((Map<?, ?>) track), track));
        }
        more.forEach(track -> all.putIfAbsent(TrackTable.subject(track), track));
        if (!all.isEmpty()) {
            router.put("track", List.copyOf(all.values()));
        }
    }
}
