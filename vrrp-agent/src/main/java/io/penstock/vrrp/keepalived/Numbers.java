package io.penstock.vrrp.keepalived;

import java.math.BigDecimal;
import java.util.Optional;

/** Numbers and times of keepalived.conf; what is none is remarked on. */
final class Numbers {
    private static final BigDecimal MS_PER_SECOND = BigDecimal.valueOf(1_000);

    private final Remarks remarks;

    Numbers(Remarks remarks) {
        this.remarks = remarks;
    }

    /** Of the first argument. */
    Optional<Integer> integer(Statement statement) {
        return statement.argument(0).flatMap(this::integer);
    }

    Optional<Integer> integer(Word word) {
        try {
            return Optional.of(Integer.valueOf(word.text()));
        } catch (NumberFormatException e) {
            return none(word, "not an integer");
        }
    }

    /** Of the first argument in seconds, as a duration of vrrp-agent.yaml. */
    Optional<String> duration(Statement statement) {
        return statement.argument(0).flatMap(this::milliseconds).map(Numbers::text);
    }

    /** Seconds, with a fraction or without. */
    Optional<Long> milliseconds(Word word) {
        try {
            return Optional.of(
                    new BigDecimal(word.text()).multiply(MS_PER_SECOND).longValue());
        } catch (NumberFormatException e) {
            return none(word, "not a number of seconds");
        }
    }

    private <T> Optional<T> none(Word word, String why) {
        remarks.different(word.place(), why + ": " + word.text());
        return Optional.empty();
    }

    static String text(long milliseconds) {
        return milliseconds % MS_PER_SECOND.longValue() == 0
                ? milliseconds / MS_PER_SECOND.longValue() + "s"
                : milliseconds + "ms";
    }
}
