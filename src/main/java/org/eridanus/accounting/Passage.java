package org.eridanus.accounting;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.eridanus.event.Coordinate;
import org.jspecify.annotations.Nullable;

/**
 * Which interactions have passed through one topic: each once, and those of one source partition in the order of their
 * offsets, as far as a topic keeps an order, which is within each of its partitions.
 */
final class Passage {
    private final String topic;
    private final ViolationLog violations;
    private final Map<Integer, OffsetSet> passed = new TreeMap<>();
    private final Map<Long, Long> last = new HashMap<>();
    private long count;

    Passage(String topic, ViolationLog violations) {
        this.topic = topic;
        this.violations = violations;
    }

    /**
     * Takes in one record.
     *
     * @param at the partition of this topic in which it stands
     * @param coordinate the interaction that it is about
     * @return whether it is the first one about this interaction
     */
    boolean add(int at, Coordinate coordinate) {
        boolean added = passed.computeIfAbsent(coordinate.partition(), each -> new OffsetSet())
                .add(coordinate.offset());
        if (!added) {
            violations.add(Violation.Kind.DOUBLED, topic, coordinate, "a second record in partition " + at);
            return false;
        }
        count++;
        Long lane = (long) at << 32 | coordinate.partition();
        long before = last.getOrDefault(lane, -1L);
        if (coordinate.offset() < before) {
            violations.add(
                    Violation.Kind.OUT_OF_ORDER,
                    topic,
                    coordinate,
                    "stands in partition " + at + " behind " + coordinate.partition() + ":" + before);
        } else {
            last.put(lane, coordinate.offset());
        }
        return true;
    }

    /** How many interactions passed. */
    long count() {
        return count;
    }

    /** Reports what passed {@code source} and none of {@code sinks}: it is missing there. */
    static void reportMissing(ViolationLog violations, Passage source, String where, Passage... sinks) {
        source.forEachOutside(
                coordinate -> violations.add(
                        Violation.Kind.MISSING, where, coordinate, "is in " + source.topic + " and did not arrive"),
                sinks);
    }

    /** Reports what is both here and there, where it should be in one of the two. */
    void reportIn(ViolationLog into, Passage other) {
        passed.forEach((partition, offsets) -> {
            OffsetSet others = other.passed.get(partition);
            if (others != null) {
                offsets.forEachIn(
                        others,
                        offset -> into.add(
                                Violation.Kind.DOUBLED,
                                topic,
                                new Coordinate(partition, offset),
                                "is here and in " + other.topic));
            }
        });
    }

    /** Reports what is here and not in the topic it should come from. */
    void reportUnexpected(ViolationLog into, Passage source) {
        forEachOutside(
                coordinate ->
                        into.add(Violation.Kind.UNEXPECTED, topic, coordinate, "is here and not in " + source.topic),
                source);
    }

    private void forEachOutside(Consumer<Coordinate> action, Passage... others) {
        passed.forEach((partition, offsets) -> {
            @Nullable OffsetSet[] sets = new @Nullable OffsetSet[others.length];
            for (int i = 0; i < others.length; i++) {
                sets[i] = others[i].passed.get(partition);
            }
            offsets.forEachOutside(offset -> action.accept(new Coordinate(partition, offset)), sets);
        });
    }
}
