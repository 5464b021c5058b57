package io.penstock.ecmp.client;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.host.HostRole;
import io.penstock.ecmp.host.HostStep;
import io.penstock.ecmp.host.VipState;
import io.penstock.ecmp.host.VipView;
import io.penstock.ecmp.kernel.KernelChange;
import io.penstock.ecmp.kernel.KernelChange.PutAddress;
import io.penstock.ecmp.kernel.KernelState;
import io.penstock.ecmp.router.LegState;
import io.penstock.ecmp.router.LegView;
import io.penstock.ecmp.router.RouteView;
import io.penstock.ecmp.router.RouterRole;
import io.penstock.ecmp.router.RouterStep;
import io.penstock.netlink.InterfaceAddress;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What an agent that starts now would do first.
 *
 * @param settings that it would set
 * @param changes in this order
 * @param notes why something is not done, for people
 */
record Plan(List<Setting> settings, List<KernelChange> changes, List<String> notes) {
    /** A kernel setting that is not as it should be. */
    record Setting(String key, String is, String becomes) {}

    /**
     * Of both roles.
     *
     * @param startNs when health was begun to be asked for, on the clock of its verdicts
     * @param nowNs on the same
     */
    static Plan of(
            EcmpConfig config,
            KernelState observed,
            List<Setting> settings,
            HealthOnce health,
            long startNs,
            long nowNs) {
        HostRole host = new HostRole(config, startNs);
        RouterRole router = new RouterRole(config, startNs);
        HostStep hosted = host.step(nowNs, observed, health.vips());
        // As if the kernel had made them all: what is not there then stays away for a reason.
        host.applied(hosted.changes(), Collections.nCopies(hosted.changes().size(), Optional.empty()), nowNs);
        List<KernelChange> changes = new ArrayList<>();
        hosted.changes().stream().filter(change -> !isThere(change, observed)).forEach(changes::add);
        RouterStep step = router.step(observed, health.legs(), nowNs);
        changes.addAll(step.changes());
        List<String> notes = new ArrayList<>();
        host.views(nowNs).forEach(vip -> note(vip, notes));
        router.views().forEach(route -> note(route, notes));
        notes.addAll(step.conflicts());
        return new Plan(settings, List.copyOf(changes), List.copyOf(notes));
    }

    /** A lease that is only renewed is no change. */
    private static boolean isThere(KernelChange change, KernelState observed) {
        return change instanceof PutAddress put
                && observed.addresses().stream().anyMatch(address -> isSame(address, put.address()));
    }

    private static boolean isSame(InterfaceAddress address, InterfaceAddress other) {
        return address.address().equals(other.address())
                && address.linkIndex() == other.linkIndex()
                && address.prefixBits() == other.prefixBits()
                && address.protocol() == other.protocol();
    }

    private static void note(VipView vip, List<String> notes) {
        if (vip.state() != VipState.HELD) {
            notes.add("vip " + vip.name() + " is not added: " + vip.reason());
        }
    }

    private static void note(RouteView route, List<String> notes) {
        for (LegView leg : route.legs()) {
            if (leg.state() != LegState.UP) {
                String reason = leg.reason().isEmpty() ? leg.state().word() : leg.reason();
                notes.add("route " + route.name() + ", leg " + leg.id() + ": " + reason);
            }
        }
    }

    /** One line for each change; what is said about them is a comment, so that a shell reads it all. */
    void print(ChangeWords words, PrintWriter out) {
        settings.forEach(setting ->
                out.println("sysctl " + setting.key() + "=" + setting.becomes() + "   # is " + setting.is()));
        changes.forEach(change -> out.println(words.of(change)));
        if (settings.isEmpty() && changes.isEmpty()) {
            out.println("# nothing to change");
        }
        notes.forEach(note -> out.println("# " + note));
    }

    JsonObject json(ChangeWords words) {
        JsonObject json = new JsonObject();
        JsonArray sysctls = new JsonArray();
        for (Setting setting : settings) {
            JsonObject object = new JsonObject();
            object.addProperty("key", setting.key());
            object.addProperty("is", setting.is());
            object.addProperty("becomes", setting.becomes());
            sysctls.add(object);
        }
        json.add("sysctls", sysctls);
        JsonArray list = new JsonArray();
        for (KernelChange change : changes) {
            JsonObject object = new JsonObject();
            object.addProperty("kind", ChangeWords.kind(change));
            object.addProperty("command", words.of(change));
            list.add(object);
        }
        json.add("changes", list);
        JsonArray said = new JsonArray();
        notes.forEach(said::add);
        json.add("notes", said);
        return json;
    }
}
