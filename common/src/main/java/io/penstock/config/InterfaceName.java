package io.penstock.config;

import io.penstock.net.BindOptions;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the name of an interface. Whether there is one of the name shows when a socket is bound to it. */
public final class InterfaceName {
    /** As the kernel has it (dev_valid_name), without what only confuses people. */
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_.-]{1," + BindOptions.MAX_DEVICE_CHARS + "}");

    private static final String EXPECTED = "the name of an interface, such as eth0, of at most "
            + BindOptions.MAX_DEVICE_CHARS + " letters, digits and . _ -";

    private InterfaceName() {}

    /** Of the key {@code interface}. */
    public static Optional<String> read(ConfigSection section) {
        return section.optional("interface").flatMap(InterfaceName::of);
    }

    /** Reports what is wrong and is then empty. */
    public static Optional<String> of(ConfigValue value) {
        return value.text(EXPECTED).filter(name -> {
            boolean fits = FORM.matcher(name).matches();
            if (!fits) {
                value.problem("must be " + EXPECTED);
            }
            return fits;
        });
    }
}
