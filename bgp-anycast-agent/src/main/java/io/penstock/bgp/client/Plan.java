package io.penstock.bgp.client;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.penstock.bgp.control.Forecast;
import io.penstock.bgp.policy.Stance;
import io.penstock.bgp.policy.Stance.State;
import io.penstock.bgp.rib.Change;
import io.penstock.bgp.rib.Change.Announce;
import io.penstock.bgp.rib.Reconciler;
import io.penstock.bgp.rib.RibChanges;
import io.penstock.bgp.route.RibPath;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an agent that starts now would do first.
 *
 * @param steps in this order
 * @param notes why something is not done, for people
 */
record Plan(List<Step> steps, List<String> notes) {
    /**
     * Something that would be done.
     *
     * @param kind announce, withdraw, add-neighbour and so on
     * @param subject the prefix, or the neighbour
     * @param text the rest, for people; may be empty
     * @param why one word; may be empty
     */
    record Step(String kind, String subject, String text, String why) {
        @Override
        public String toString() {
            return kind + " " + subject + (text.isEmpty() ? "" : " " + text) + (why.isEmpty() ? "" : "   # " + why);
        }
    }

    /**
     * Of a daemon that is started, or will be by the agent.
     *
     * @param observed its whole table
     * @param neighbours empty when the file leaves them to others
     */
    static Plan of(Forecast forecast, List<RibPath> observed, Optional<NeighbourPlan> neighbours) {
        List<Step> steps = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        neighbours.ifPresent(plan -> {
            steps.addAll(plan.steps());
            notes.addAll(plan.notes());
        });
        RibChanges changes = Reconciler.changes(forecast.wanted(), observed, forecast.owner(), Set.of());
        changes.changes().forEach(change -> steps.add(step(change)));
        forecast.stances().forEach((vip, stance) -> note(vip, stance, notes));
        changes.conflicts()
                .forEach(prefix -> notes.add("somebody else's path is at " + prefix + ": it stays, and none is added"));
        long foreign = observed.stream()
                .filter(path -> path.local()
                        && !path.attributes().largeCommunities().contains(forecast.owner())
                        && !changes.conflicts().contains(path.prefix()))
                .count();
        if (foreign > 0) {
            notes.add(foreign + (foreign == 1 ? " path of others stays" : " paths of others stay"));
        }
        return new Plan(List.copyOf(steps), List.copyOf(notes));
    }

    private static Step step(Change change) {
        return change instanceof Announce announce
                ? new Step(
                        "announce",
                        change.prefix().toString(),
                        announce.attributes().toString(),
                        announce.why().label())
                : new Step(
                        "withdraw", change.prefix().toString(), "", change.why().label());
    }

    private static void note(String vip, Stance stance, List<String> notes) {
        if (stance.state() == State.PENDING) {
            notes.add("vip " + vip + " stays as it is: " + stance.reason());
        } else if (stance.announceAs().isEmpty()) {
            notes.add("vip " + vip + " is not announced: " + stance.reason());
        }
    }

    /** In front of what is planned: what the daemon is, or is to be. */
    Plan after(Optional<Step> first, List<String> remarks) {
        List<Step> all = new ArrayList<>();
        first.ifPresent(all::add);
        all.addAll(steps);
        List<String> said = new ArrayList<>(remarks);
        said.addAll(notes);
        return new Plan(List.copyOf(all), List.copyOf(said));
    }

    void print(PrintWriter out) {
        steps.forEach(out::println);
        if (steps.isEmpty()) {
            out.println("# nothing to change");
        }
        notes.forEach(note -> out.println("# " + note));
    }

    JsonObject json() {
        JsonArray list = new JsonArray();
        for (Step step : steps) {
            JsonObject object = new JsonObject();
            object.addProperty("kind", step.kind());
            object.addProperty("subject", step.subject());
            object.addProperty("text", step.text());
            object.addProperty("why", step.why());
            list.add(object);
        }
        JsonArray said = new JsonArray();
        notes.forEach(note -> said.add(new JsonPrimitive(note)));
        JsonObject json = new JsonObject();
        json.add("changes", list);
        json.add("notes", said);
        return json;
    }
}
