package io.penstock.forwarder.client.top;

import java.util.Optional;

/**
 * How the view begins.
 *
 * @param order of backends; empty as the file has them
 * @param filter text that backends must have in name, address or state
 */
public record TopOptions(Optional<Order> order, String filter) {
    View view() {
        return new View(order, filter);
    }
}
