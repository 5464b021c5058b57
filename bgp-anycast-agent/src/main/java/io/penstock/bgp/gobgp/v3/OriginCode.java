package io.penstock.bgp.gobgp.v3;

import io.penstock.bgp.route.PathAttributes.Origin;
import java.util.Optional;

/** ORIGIN as a number (RFC 4271 section 4.3). */
final class OriginCode {
    private static final int IGP = 0;
    private static final int EGP = 1;
    private static final int INCOMPLETE = 2;

    private OriginCode() {}

    static int of(Origin origin) {
        return switch (origin) {
            case IGP -> IGP;
            case EGP -> EGP;
            case INCOMPLETE -> INCOMPLETE;
        };
    }

    static Optional<Origin> parse(int code) {
        return switch (code) {
            case IGP -> Optional.of(Origin.IGP);
            case EGP -> Optional.of(Origin.EGP);
            case INCOMPLETE -> Optional.of(Origin.INCOMPLETE);
            default -> Optional.empty();
        };
    }
}
