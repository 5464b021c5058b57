package io.penstock.forwarder.admin;

import com.google.gson.JsonObject;
import io.penstock.forwarder.operate.ReloadResult;

/** What came of a reload, as the API has it. */
final class ReloadJson {
    private ReloadJson() {}

    static JsonObject of(ReloadResult reload) {
        JsonObject json = new JsonObject();
        json.addProperty("at", reload.at().toString());
        json.addProperty("trigger", reload.trigger());
        json.addProperty("applied", reload.applied());
        json.add("changes", Values.texts(reload.changes()));
        json.add("problems", Values.texts(reload.problems()));
        json.add("needRestart", Values.texts(reload.needRestart()));
        return json;
    }
}
