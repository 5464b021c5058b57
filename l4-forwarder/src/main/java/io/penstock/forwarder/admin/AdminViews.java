package io.penstock.forwarder.admin;

import com.google.gson.JsonElement;
import io.penstock.events.EventLog;
import io.penstock.forwarder.flowlog.FlowLogCounts;
import io.penstock.forwarder.operate.HealthViews;
import io.penstock.forwarder.xdp.PlaneView;
import io.penstock.metrics.BucketCounts;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the API shows beside the status, each by itself so that who asks for one does not wait for another.
 *
 * @param config the file as it was last applied, with what operators changed
 * @param tableBuilds how long forwarding tables took to build
 * @param flowLog what became of its lines
 * @param packets the data plane of packets, while there is one
 * @param noPackets why there is none, as long as there is none
 */
public record AdminViews(
        EventLog events,
        HealthViews health,
        Supplier<JsonElement> config,
        Supplier<BucketCounts> tableBuilds,
        FlowLogCounts flowLog,
        Supplier<Optional<PlaneView>> packets,
        Supplier<String> noPackets) {}
