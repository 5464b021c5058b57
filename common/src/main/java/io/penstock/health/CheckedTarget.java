package io.penstock.health;

import io.penstock.net.Endpoint;

/** A target, and all that is checked of it. */
public record CheckedTarget(Endpoint target, HealthPlan plan) {}
