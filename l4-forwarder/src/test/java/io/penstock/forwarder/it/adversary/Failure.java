package io.penstock.forwarder.it.adversary;

/**
 * A script whose outcome no direct connection would have had.
 *
 * @param result of the run in which it showed
 */
record Failure(String violation, Result result) {
    Script script() {
        return result.job().script();
    }

    @Override
    public String toString() {
        boolean direct = result.job().way() == Run.Way.DIRECT;
        return "%s%s%n  %s%n  client: %s%n  backend: %s"
                .formatted(
                        violation,
                        direct ? " (over a direct connection: the rule is wrong)" : "",
                        script(),
                        result.client(),
                        result.backend());
    }
}
