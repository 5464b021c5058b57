package io.penstock.bgp.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.config.ConfigProblem;
import io.penstock.testing.DocumentMutator;
import io.penstock.testing.SchemaAgreement;
import io.penstock.testing.SchemaAgreement.Verdict;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.statistics.Statistics;

class SchemaAgreementTest {
    private static final SchemaAgreement AGREEMENT = BgpDocument.AGREEMENT;
    private static final BgpConfigs CONFIG = new BgpConfigs();

    @AfterContainer
    static void close() {
        CONFIG.close();
    }

    @Property(tries = 1500)
    void shouldAgreeOnShapeWhenDocumentIsRandom(@ForAll long seed, @ForAll @IntRange(max = 4) int mutations) {
        ObjectNode document = AGREEMENT.schema().example();
        DocumentMutator mutator = BgpDocument.mutator(seed);
        for (int i = 0; i < mutations; i++) {
            mutator.mutate(document);
        }

        List<ConfigProblem> problems = CONFIG.problems(document.toString());

        Statistics.label("verdict").collect(AGREEMENT.verdict(problems)).coverage(verdicts -> {
            verdicts.check(Verdict.RIGHT).percentage(share -> share >= 10);
            verdicts.check(Verdict.WRONG_SHAPE).percentage(share -> share >= 30);
        });
        assertEquals(Optional.empty(), AGREEMENT.disagreement(document, problems));
    }
}
