package io.penstock.forwarder.admin;

import com.google.gson.JsonObject;
import io.penstock.config.DurationText;
import io.penstock.config.Rate;
import io.penstock.forwarder.operate.DrainPlan;
import io.penstock.forwarder.operate.DrainStatus;

/** How far a drain is, as the API has it; its plan in the words in which it was ordered. */
final class DrainJson {
    private DrainJson() {}

    static JsonObject of(DrainStatus drain) {
        JsonObject json = new JsonObject();
        json.addProperty("target", drain.target());
        json.addProperty("state", drain.state());
        json.addProperty("startedAt", drain.startedAt().toString());
        json.add("plan", of(drain.plan()));
        json.addProperty("atStart", drain.atStart());
        json.addProperty("closed", drain.closed());
        json.addProperty("ended", drain.ended());
        json.addProperty("left", drain.left());
        json.addProperty("oldestSeconds", Values.seconds(drain.oldest()));
        return json;
    }

    private static JsonObject of(DrainPlan plan) {
        JsonObject json = new JsonObject();
        if (plan.ratePerSecond() > 0) {
            json.addProperty("rate", rate(plan.ratePerSecond()).toString());
        }
        json.addProperty("jitterPercent", plan.jitterPercent());
        plan.deadline().ifPresent(deadline -> json.addProperty("deadline", DurationText.format(deadline)));
        json.addProperty("closeRest", plan.closeRest());
        return json;
    }

    /** In the shortest unit of time that makes it a whole number. */
    private static Rate rate(double perSecond) {
        if (perSecond == Math.rint(perSecond)) {
            return Rate.perSecond((int) perSecond);
        }
        double perMinute = perSecond * 60;
        return Math.abs(perMinute - Math.rint(perMinute)) < 1e-6
                ? Rate.perMinute((int) Math.rint(perMinute))
                : Rate.perHour((int) Math.rint(perSecond * 3600));
    }
}
