package io.penstock.config;

import io.penstock.net.BindOptions;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code interface}. Whether there is one of the name shows when a socket is bound to it. */
public final class InterfaceName {
    /** As the kernel has it (dev_valid_name), without what only confuses people. */
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_.-]{1," + BindOptions.MAX_DEVICE_CHARS + "}");

    private InterfaceName() {}

    public static Optional<String> read(ConfigSection section) {
        String expected = "the name of an interface, such as eth0, of at most " + BindOptions.MAX_DEVICE_CHARS
                + " letters, digits and . _ -";
        return section.optional("interface")
                .flatMap(value -> value.text(expected).filter(name -> {
                    boolean fits = FORM.matcher(name).matches();
                    if (!fits) {
                        value.problem("must be " + expected);
                    }
                    return fits;
                }));
    }
}
