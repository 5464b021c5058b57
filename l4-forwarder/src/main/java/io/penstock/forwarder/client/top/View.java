package io.penstock.forwarder.client.top;

import io.penstock.forwarder.client.top.Key.Kind;
import io.penstock.forwarder.client.top.Sample.Backend;
import java.util.Locale;
import java.util.Optional;

/** What of a frame is looked at, and in which order: what keys change. NOT thread safe. */
final class View {
    private static final int MAX_FILTER = 64;

    private Optional<Order> order;
    private String filter;
    private boolean reversed;
    private boolean paused;
    private boolean help;
    private boolean services = true;
    private boolean workers = true;
    private boolean events = true;
    private boolean typing;
    private int top;
    private int page = 1;
    private boolean over;

    /** @param order empty as the file has them */
    View(Optional<Order> order, String filter) {
        this.order = order;
        this.filter = filter;
    }

    void onKey(Key key) {
        if (key.kind() == Kind.CLOSED) {
            over = true;
        } else if (typing) {
            onTyped(key);
        } else {
            onCommand(key);
        }
    }

    private void onTyped(Key key) {
        switch (key.kind()) {
            case ENTER -> typing = false;
            case ESCAPE -> {
                typing = false;
                filter = "";
            }
            case BACKSPACE -> filter = filter.substring(0, Math.max(0, filter.length() - 1));
            case CHARACTER -> filter = filter.length() < MAX_FILTER ? filter + key.character() : filter;
            default -> {}
        }
        top = 0;
    }

    private void onCommand(Key key) {
        switch (key.kind()) {
            case CHARACTER -> onCharacter(key.character());
            case ESCAPE -> {
                if (!help) {
                    filter = "";
                }
                help = false;
            }
            case UP -> top--;
            case DOWN -> top++;
            case PAGE_UP -> top -= page;
            case PAGE_DOWN -> top += page;
            case HOME -> top = 0;
            case END -> top = Integer.MAX_VALUE - page;
            case LEFT -> order = next(-1);
            case RIGHT -> order = next(1);
            default -> {}
        }
        top = Math.max(0, top);
    }

    /** As the file has them comes before the first and after the last. */
    private Optional<Order> next(int step) {
        Order[] orders = Order.values();
        int choices = orders.length + 1;
        int now = order.map(Order::ordinal).orElse(orders.length);
        int next = (now + step + choices) % choices;
        return next == orders.length ? Optional.empty() : Optional.of(orders[next]);
    }

    private void onCharacter(char key) {
        switch (key) {
            case 'q', 'Q' -> over = true;
            case 'p', ' ' -> paused = !paused;
            case 's', '>' -> onCommand(Key.of(Kind.RIGHT));
            case 'S', '<' -> onCommand(Key.of(Kind.LEFT));
            case 'r' -> reversed = !reversed;
            case '/', 'f' -> typing = true;
            case 'v' -> services = !services;
            case 'w' -> workers = !workers;
            case 'e' -> events = !events;
            case 'j' -> top++;
            case 'k' -> top--;
            case 'g' -> top = 0;
            case 'G' -> onCommand(Key.of(Kind.END));
            case 'h', '?' -> help = !help;
            default -> {}
        }
    }

    /** Whether somebody wanted to leave. */
    boolean isOver() {
        return over;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isHelp() {
        return help;
    }

    boolean isTyping() {
        return typing;
    }

    boolean showsServices() {
        return services;
    }

    boolean showsWorkers() {
        return workers;
    }

    boolean showsEvents() {
        return events;
    }

    boolean isReversed() {
        return reversed;
    }

    String filter() {
        return filter;
    }

    /** Title of the column that orders backends, or empty. */
    String order() {
        return order.map(Order::title).orElse("");
    }

    /** Whether a backend has the filter's text in its name, its address or its state. */
    boolean shows(Backend backend) {
        String text = filter.toLowerCase(Locale.ROOT);
        return (backend.name() + " " + backend.address() + " " + backend.state())
                .toLowerCase(Locale.ROOT)
                .contains(text);
    }

    /** The first of {@code count} rows, of which {@code room} are seen: never so far down that there are fewer. */
    int top(int count, int room) {
        page = Math.max(1, room);
        top = Math.max(0, Math.min(top, count - room));
        return top;
    }
}
