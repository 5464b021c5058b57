package io.penstock.perf.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The lab of all tests of a class: it comes up before the first, and leaves nothing behind after the last. */
final class SharedLab implements BeforeAllCallback, AfterAllCallback {
    private final Supplier<Lab> maker;
    private Lab lab;

    /** @param maker of one that is not up yet; skips the tests where there can be none */
    SharedLab(Supplier<Lab> maker) {
        this.maker = maker;
    }

    Lab get() {
        return lab;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        lab = maker.get();
        lab.up();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (lab != null) {
            lab.close();
            assertEquals(List.of(), lab.traces());
        }
    }
}
