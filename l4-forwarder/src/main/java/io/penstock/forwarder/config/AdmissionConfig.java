package io.penstock.forwarder.config;

/** Who may come in to a service, and how fast. */
public record AdmissionConfig() {
    public static final AdmissionConfig OPEN = new AdmissionConfig();
}
