package io.penstock.vrrp.it;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent beside keepalived, in every way that both speak. */
@ParameterizedClass(name = "{0}")
@MethodSource("pairs")
final class KeepalivedInteropIT extends InteropScenarios {
    @SuppressWarnings("unused")
    KeepalivedInteropIT(Versus versus) {}

    static Stream<Versus> pairs() {
        return Arrays.stream(Profile.values()).flatMap(profile -> Stream.of(true, false)
                .map(higher -> new Versus(profile, Kind.PENSTOCK, Kind.KEEPALIVED, higher)));
    }
}
