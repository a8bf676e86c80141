package org.eridanus.recommend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RecommenderPoolTest {
    private final TinyTrainer trainer = new TinyTrainer().announce(20).walk(6, 20, 8);
    private final ServedModel model = new ServedModel(TinyTrainer.DEFINITION);

    @Test
    void shouldGiveEveryThreadTheListOfItsUser() throws Exception {
        trainer.publishTo(model);
        RecommenderPool pool = new RecommenderPool(model, true, 2, Duration.ofSeconds(30));
        List<Recommendation> alone = new ArrayList<>();
        for (int u = 0; u < 6; u++) {
            alone.add(new Recommender(model, true).recommend(trainer.context("u" + u), 5, Set.of()));
        }

        List<Future<Optional<Recommendation>>> together = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            for (int i = 0; i < 300; i++) {
                UserContext user = trainer.context("u" + i % 6);
                together.add(threads.submit(() -> pool.recommend(user, 5, Set.of())));
            }
            for (int i = 0; i < together.size(); i++) {
                assertThat(together.get(i).get()).hasValue(alone.get(i % 6));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldSayWhenItWasNobodysTurn() {
        trainer.publishTo(model);
        RecommenderPool pool = new RecommenderPool(model, true, 1, Duration.ofSeconds(30));

        Thread.currentThread().interrupt();
        Optional<Recommendation> interrupted = pool.recommend(UserContext.UNKNOWN, 5, Set.of());

        assertThat(Thread.interrupted()).as("stays interrupted").isTrue();
        assertThat(interrupted).isEmpty();
        assertThat(pool.recommend(UserContext.UNKNOWN, 5, Set.of())).isPresent();
    }

    @Test
    void shouldRefuseNoRecommenders() {
        assertThatThrownBy(() -> new RecommenderPool(model, true, 0, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1 recommender, got 0");
    }
}
