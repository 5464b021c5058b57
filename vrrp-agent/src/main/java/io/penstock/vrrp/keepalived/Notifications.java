package io.penstock.vrrp.keepalived;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code notify...} of instances and groups as hooks. A hook is run with every event, so each is a line of shell that picks the one it is
 * for.
 */
final class Notifications {
    private static final Map<String, String> STATES = Map.of(
            "notify_master", "active", "notify_backup", "backup", "notify_fault", "fault", "notify_stop", "initialize");

    /** keepalived tells nobody again after a reload, and a script may restart what it is about. */
    private static final String UNLESS_REPLAYED = "[ \"$PENSTOCK_REPLAY\" = true ] && exit 0; ";

    private final Remarks remarks;
    private final List<Map<String, Object>> hooks = new ArrayList<>();

    Notifications(Remarks remarks) {
        this.remarks = remarks;
    }

    void readInstance(Statement instance) {
        read(instance, "INSTANCE", "transition", nameOf(instance));
    }

    void readGroup(Statement group) {
        read(group, "GROUP", "group", nameOf(group));
    }

    /** Of a group with one member, which is none here: told by the member's transitions. */
    void readGroup(Statement group, String member) {
        read(group, "GROUP", "transition", member);
    }

    private static String nameOf(Statement block) {
        return block.argument(0).map(Word::text).orElse("");
    }

    /**
     * Reads those of a block.
     *
     * @param type INSTANCE or GROUP, as scripts are told
     * @param event of ours that it is told by
     * @param subject of this event
     */
    private void read(Statement block, String type, String event, String subject) {
        List<String> cases = new ArrayList<>();
        for (Statement line : block.inner()) {
            Optional<Word> script = line.argument(0);
            String state = STATES.get(line.name());
            if (state != null && script.isPresent()) {
                cases.add("\"" + event + " " + subject + " " + state + "\") exec "
                        + script.get().text() + " ;;");
                user(line);
            } else if (line.name().equals("notify") && script.isPresent()) {
                String priority = type.equals("GROUP") ? "0" : "\"$PENSTOCK_PRIORITY\"";
                general(script.get(), event, subject, type + " " + nameOf(block) + " \"$state\" " + priority);
                user(line);
            } else if (line.name().startsWith("notify")) {
                remarks.different(line.place(), line.name() + " is not offered");
            }
        }
        if (!cases.isEmpty()) {
            String pattern = "\"$PENSTOCK_EVENT $" + variable(event) + " $PENSTOCK_TO\"";
            add("case " + pattern + " in " + String.join(" ", cases) + " esac");
        }
    }

    private void general(Word script, String event, String subject, String told) {
        add("[ \"$PENSTOCK_EVENT $" + variable(event) + "\" = \"" + event + " " + subject + "\" ] || exit 0; "
                + "case \"$PENSTOCK_TO\" in active) state=MASTER ;; backup) state=BACKUP ;; fault) state=FAULT ;; *) state=STOP ;; esac; "
                + "exec " + script.text() + " " + told);
    }

    private static String variable(String event) {
        return event.equals("group") ? "PENSTOCK_GROUP" : "PENSTOCK_ROUTER";
    }

    private void user(Statement line) {
        line.argument(1)
                .ifPresent(word ->
                        remarks.different(word.place(), "hooks run as the user of the agent, not as " + word.text()));
    }

    private void add(String shell) {
        Map<String, Object> hook = new LinkedHashMap<>();
        hook.put("command", List.of("/bin/sh", "-c", UNLESS_REPLAYED + shell));
        hooks.add(hook);
    }

    List<Map<String, Object>> hooks() {
        return hooks;
    }
}
