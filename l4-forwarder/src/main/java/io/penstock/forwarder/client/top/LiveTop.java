package io.penstock.forwarder.client.top;

import io.penstock.forwarder.client.top.Happening.Answered;
import io.penstock.forwarder.client.top.Happening.Pressed;
import io.penstock.forwarder.client.top.Happening.Resized;
import io.penstock.forwarder.client.top.Happening.Silent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/**
 * The full-screen view: draws on the thread that calls it when a key, an answer or another size comes, and only what
 * differs from what is on the screen. Gives the terminal back as it was.
 */
public final class LiveTop {
    private final Terminal terminal;
    private final Screen screen;
    private final View view;
    private final Story story;
    private final Display display;
    private final BlockingQueue<Happening> queue = new LinkedBlockingQueue<>();

    /** Asking for it may start a process, so it is asked for when it changed. */
    private Size size;

    private LiveTop(Terminal terminal, Sample first, String address, View view) {
        this.terminal = terminal;
        this.view = view;
        Palette palette = Palette.of(
                System.getenv("NO_COLOR"), terminal.getNumericCapability(Capability.max_colors), terminal.encoding());
        screen = new Screen(palette, address, ZoneId.systemDefault());
        story = new Story(view, first);
        display = new Display(terminal, true);
    }

    /**
     * Shows until somebody leaves.
     *
     * @param first sample, which shows that there is somebody to ask
     * @param address of the forwarder, for people
     */
    public static void run(
            Terminal terminal, Source source, Sample first, String address, Duration interval, TopOptions options)
            throws InterruptedException {
        new LiveTop(terminal, first, address, options.view()).show(source, interval);
    }

    private void show(Source source, Duration interval) throws InterruptedException {
        Attributes before = terminal.enterRawMode();
        Thread restore = new Thread(() -> leave(before), "top-restore");
        Runtime.getRuntime().addShutdownHook(restore);
        terminal.handle(Signal.WINCH, signal -> queue.add(new Resized()));
        terminal.handle(Signal.CONT, signal -> {
            // The shell has had the terminal in between.
            terminal.enterRawMode();
            enter();
            queue.add(new Resized());
        });
        terminal.handle(Signal.INT, signal -> queue.add(new Pressed(Key.of('q'))));
        enter();
        Thread poller = daemon(new Poller(source, interval, queue), "top-poll");
        daemon(this::readKeys, "top-keys");
        try {
            resize();
            while (!view.isOver()) {
                draw();
                take();
            }
        } finally {
            poller.interrupt();
            Runtime.getRuntime().removeShutdownHook(restore);
            leave(before);
        }
    }

    private static Thread daemon(Runnable runnable, String name) {
        Thread thread = new Thread(runnable, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void readKeys() {
        KeyReader keys = new KeyReader(terminal.reader());
        Key key;
        do {
            try {
                key = keys.read();
            } catch (IOException gone) {
                key = Key.of(Key.Kind.CLOSED);
            }
            queue.add(new Pressed(key));
        } while (key.kind() != Key.Kind.CLOSED);
    }

    /** Waits for one, and takes all that came with it, so that a burst of keys is drawn once. */
    private void take() throws InterruptedException {
        for (Happening next = queue.take(); next != null; next = queue.poll()) {
            if (next instanceof Pressed pressed) {
                view.onKey(pressed.key());
            } else if (next instanceof Answered answered) {
                story.onAnswer(answered.sample());
            } else if (next instanceof Silent silent) {
                story.onSilence(silent.reason(), System.nanoTime());
            } else {
                resize();
            }
        }
    }

    private void draw() {
        display.update(
                screen.lines(
                        story.frame(),
                        view,
                        story.trouble(System.nanoTime()),
                        Instant.now(),
                        size.getColumns(),
                        size.getRows()),
                -1);
    }

    private void resize() {
        Size now = terminal.getSize();
        // A terminal that does not know its size, such as a serial line, is taken as VT100's.
        size = new Size(now.getColumns() > 0 ? now.getColumns() : 80, now.getRows() > 0 ? now.getRows() : 24);
        display.clear();
        display.resize(size.getRows(), size.getColumns());
    }

    private void enter() {
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        terminal.flush();
    }

    private void leave(Attributes before) {
        terminal.puts(Capability.cursor_visible);
        terminal.puts(Capability.exit_ca_mode);
        terminal.flush();
        terminal.setAttributes(before);
    }
}
