package io.penstock.config;

/** There is no tree to read: the one problem that stopped the parser. */
final class RejectedYamlException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Position at;
    private final String rule;
    private final String was;

    RejectedYamlException(Position at, String rule, String was) {
        super(rule, null, false, false);
        this.at = at;
        this.rule = rule;
        this.was = was;
    }

    void reportTo(ConfigProblems problems) {
        problems.add(at, ConfigProblem.DOCUMENT, rule, was);
    }
}
