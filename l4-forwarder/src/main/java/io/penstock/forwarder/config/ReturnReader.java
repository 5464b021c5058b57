package io.penstock.forwarder.config;

import static io.penstock.forwarder.config.ForwarderConfigReader.duration;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.forwarder.config.PoolConfig.HoldDown;
import io.penstock.forwarder.config.PoolConfig.Return;
import io.penstock.forwarder.config.PoolConfig.SlowStart;
import io.penstock.forwarder.config.PoolConfig.SlowStart.Curve;
import java.util.Map;
import java.util.Optional;

/** Reads {@code slow-start} and {@code hold-down} of a pool: how a backend comes back. */
final class ReturnReader {
    private static final Map<String, Curve> CURVES = Map.of("linear", Curve.LINEAR, "exponential", Curve.EXPONENTIAL);
    private static final int MAX_CHANGES = 100;

    private ReturnReader() {}

    static Return read(ConfigSection pool) {
        return new Return(
                pool.optional("slow-start").flatMap(ReturnReader::slowStart),
                pool.section("hold-down", ReturnReader::holdDown));
    }

    private static Optional<SlowStart> slowStart(ConfigValue value) {
        if (value.isMapping()) {
            return value.section(ReturnReader::slowStart);
        }
        return ForwarderConfigReader.tick(value).map(time -> new SlowStart(time, Curve.LINEAR));
    }

    private static SlowStart slowStart(ConfigSection slowStart) {
        return new SlowStart(
                slowStart
                        .required("time")
                        .flatMap(ForwarderConfigReader::tick)
                        .orElse(ForwarderConfigReader.CONTROL_TICK),
                slowStart.oneOf("curve", CURVES, Curve.LINEAR));
    }

    private static HoldDown holdDown(ConfigSection holdDown) {
        return new HoldDown(
                holdDown.integer("changes", HoldDown.DEFAULT_CHANGES, 2, MAX_CHANGES),
                duration(holdDown, "within", HoldDown.DEFAULT_WITHIN),
                duration(holdDown, "time", HoldDown.DEFAULT_TIME));
    }
}
