package io.penstock.cli;

import io.penstock.config.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From when on events are wanted: after one of them, or within a time by this host's clock. */
record Since(OptionalLong id, Optional<Instant> from) {
    static final Since EVER = new Since(OptionalLong.empty(), Optional.empty());

    private static final int USUAL = 50;

    /** As many as a process remembers. */
    private static final int ALL = 4096;

    /** How many to ask for when nobody says. */
    int limit() {
        return equals(EVER) ? USUAL : ALL;
    }

    /** Whether an event of this time is; one of no known time is. */
    boolean includes(String at) {
        return from.flatMap(first -> Words.instant(at).map(time -> !time.isBefore(first)))
                .orElse(true);
    }

    static final class Converter implements ITypeConverter<Since> {
        @Override
        public Since convert(String text) {
            if (text.matches("[0-9]{1,18}")) {
                return new Since(OptionalLong.of(Long.parseLong(text)), Optional.empty());
            }
            Duration duration = DurationText.parse(text)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + text + "' is neither a time such as 10m nor the number of an event"));
            return new Since(OptionalLong.empty(), Optional.of(Instant.now().minus(duration)));
        }
    }
}
