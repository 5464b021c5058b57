package io.penstock.serving;

import static io.penstock.serving.VipVerdict.Kind.DRAINING;
import static io.penstock.serving.VipVerdict.Kind.NOT_SERVED;
import static io.penstock.serving.VipVerdict.Kind.SERVED;
import static io.penstock.serving.VipVerdict.Kind.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.serving.VipVerdict.Kind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JudgementTest {
    private static final int RISE = 2;
    private static final int FALL = 3;

    static Stream<Arguments> sequences() {
        return Stream.of(
                Arguments.of(List.of(), UNKNOWN),
                Arguments.of(List.of(SERVED), UNKNOWN),
                Arguments.of(List.of(SERVED, SERVED), SERVED),
                Arguments.of(List.of(SERVED, NOT_SERVED, SERVED), UNKNOWN),
                Arguments.of(List.of(SERVED, UNKNOWN, SERVED), SERVED),
                Arguments.of(List.of(NOT_SERVED, NOT_SERVED), UNKNOWN),
                Arguments.of(List.of(NOT_SERVED, NOT_SERVED, NOT_SERVED), NOT_SERVED),
                Arguments.of(List.of(SERVED, SERVED, NOT_SERVED, NOT_SERVED), SERVED),
                Arguments.of(List.of(SERVED, SERVED, NOT_SERVED, NOT_SERVED, SERVED, NOT_SERVED), SERVED),
                Arguments.of(List.of(SERVED, SERVED, NOT_SERVED, NOT_SERVED, NOT_SERVED), NOT_SERVED),
                Arguments.of(List.of(SERVED, SERVED, UNKNOWN, UNKNOWN, UNKNOWN), SERVED),
                Arguments.of(List.of(SERVED, SERVED, DRAINING), DRAINING),
                Arguments.of(List.of(DRAINING, SERVED), DRAINING),
                Arguments.of(List.of(DRAINING, SERVED, SERVED), SERVED),
                Arguments.of(List.of(DRAINING, NOT_SERVED, NOT_SERVED, NOT_SERVED), NOT_SERVED));
    }

    @ParameterizedTest
    @MethodSource("sequences")
    void shouldJudgeByRiseAndFall(List<Kind> answers, Kind expected) {
        Judgement judgement = new Judgement(RISE, FALL);
        long askedNs = 0;
        for (Kind kind : answers) {
            boolean unused = judgement.onAnswer(new Answer(kind, "because"), askedNs++);
        }
        assertEquals(expected, judgement.verdict().kind());
    }

    static Stream<Arguments> degradations() {
        return Stream.of(
                Arguments.of("++", false),
                Arguments.of("++oo", false),
                Arguments.of("++ooo", true),
                Arguments.of("++oo+oo", false),
                Arguments.of("++oo--o", true),
                Arguments.of("++ooo+", true),
                Arguments.of("++ooo++", false),
                Arguments.of("oo", true),
                Arguments.of("o+", false),
                Arguments.of("ooo---", false),
                Arguments.of("oo---++", false),
                Arguments.of("++---oo", true));
    }

    /** {@code +} served, {@code o} degraded, {@code -} not served. */
    @ParameterizedTest
    @MethodSource("degradations")
    void shouldTakeAsManyAnswersForDegraded(String answers, boolean expected) {
        Judgement judgement = new Judgement(RISE, FALL);
        answers.chars().forEach(sign -> {
            boolean unused = judgement.onAnswer(new Answer(sign == '-' ? NOT_SERVED : SERVED, sign == 'o', ""), 1);
        });
        assertEquals(expected, judgement.verdict().degraded());
    }

    /** An answer that speaks against the verdict does not make it younger. */
    @Test
    void shouldBeAsOldAsLastAnswerThatAgrees() {
        Judgement judgement = new Judgement(RISE, FALL);
        Answer served = new Answer(SERVED, "");
        for (int second = 1; second <= 3; second++) {
            assertEquals(second >= RISE, judgement.onAnswer(served, second));
        }
        assertEquals(false, judgement.onAnswer(new Answer(NOT_SERVED, "nobody is up"), 4));
        assertEquals(false, judgement.onAnswer(new Answer(UNKNOWN, "starting"), 5));
        assertEquals(new VipVerdict(SERVED, 3, ""), judgement.verdict());
    }

    @Test
    void shouldTellLatestReason() {
        Judgement judgement = new Judgement(1, 1);
        for (String reason : List.of("web: no backend is up", "no answer")) {
            assertEquals(true, judgement.onAnswer(new Answer(NOT_SERVED, reason), 1));
            assertEquals(reason, judgement.verdict().reason());
        }
    }
}
