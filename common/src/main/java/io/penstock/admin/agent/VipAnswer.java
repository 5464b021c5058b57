package io.penstock.admin.agent;

import com.google.gson.JsonObject;

/**
 * Whether clients should be led to this host for a VIP, for those who announce addresses or routes to them.
 *
 * @param vip its address; a prefix when it is of several
 * @param name in the agent's configuration
 * @param state one word
 * @param reason for people
 */
public record VipAnswer(String vip, String name, boolean served, String state, String reason) {
    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("vip", vip);
        json.addProperty("name", name);
        json.addProperty("served", served);
        json.addProperty("state", state);
        json.addProperty("reason", reason);
        return json;
    }
}
