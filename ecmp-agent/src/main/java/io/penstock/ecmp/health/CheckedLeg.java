package io.penstock.ecmp.health;

import io.penstock.health.HealthListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checks of one leg, told on the probing thread. */
final class CheckedLeg implements HealthListener {
    private static final Logger LOG = LoggerFactory.getLogger(CheckedLeg.class);

    private final String name;
    private final LegBoard board;
    private boolean up;

    /**
     * @param name {@code ROUTE/LEG}
     * @param up what the checks take it for before their first results
     */
    CheckedLeg(String name, boolean up, LegBoard board) {
        this.name = name;
        this.up = up;
        this.board = board;
    }

    @Override
    public void onTransition(boolean nowUp, String evidence) {
        up = nowUp;
        LOG.info("event=leg-checked leg={} health={} evidence=\"{}\"", name, up ? "up" : "down", evidence);
        board.post(name, up);
    }

    @Override
    public void onJudged() {
        board.post(name, up);
    }
}
