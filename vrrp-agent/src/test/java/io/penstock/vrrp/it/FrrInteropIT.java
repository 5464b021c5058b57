package io.penstock.vrrp.it;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent beside FRR, which speaks VRRPv3 without unicast. */
@ParameterizedClass(name = "{0}")
@MethodSource("pairs")
final class FrrInteropIT extends InteropScenarios {
    @SuppressWarnings("unused")
    FrrInteropIT(Versus versus) {}

    static Stream<Versus> pairs() {
        return Stream.of(true, false).map(higher -> new Versus(Profile.V3, Kind.PENSTOCK, Kind.FRR, higher));
    }
}
