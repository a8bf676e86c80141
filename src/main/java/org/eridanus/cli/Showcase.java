package org.eridanus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.serde.Json;

/**
 * Three users to look at: the one with the most events, one in the middle, and the one with the fewest that are still a
 * history. What they did last, and what is recommended to them now, by title and with the strongest reasons.
 */
final class Showcase {
    private static final int RECENT = 5;
    private static final int RECOMMENDED = 5;
    private static final int FEWEST_EVENTS = 5;

    private final Map<String, String> titles = new HashMap<>();
    private final Map<String, List<String>> recent = new LinkedHashMap<>();
    private final Map<String, Integer> events = new HashMap<>();

    /** The users of these events; always the same for the same events. */
    Showcase(List<Item> items, List<Interaction> interactions) {
        items.forEach(item -> titles.put(item.id(), item.title()));
        Map<String, Integer> counts = new TreeMap<>();
        interactions.forEach(interaction -> counts.merge(interaction.user(), 1, Integer::sum));
        List<String> byEvents = counts.entrySet().stream()
                .filter(entry -> entry.getValue() >= FEWEST_EVENTS)
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList();
        if (!byEvents.isEmpty()) {
            for (int at : new int[] {0, byEvents.size() / 2, byEvents.size() - 1}) {
                recent.put(byEvents.get(at), new ArrayList<>());
            }
        }
        for (int i = interactions.size() - 1; i >= 0; i--) {
            Interaction interaction = interactions.get(i);
            List<String> last = recent.get(interaction.user());
            if (last != null) {
                events.merge(interaction.user(), 1, Integer::sum);
                if (last.size() < RECENT) {
                    last.add(interaction.item());
                }
            }
        }
    }

    /** Their ids. */
    List<String> users() {
        return List.copyOf(recent.keySet());
    }

    /**
     * Lines for people.
     *
     * @param latestList a user's list as it stands in {@code recommendations}
     * @param width characters in a line
     */
    List<String> lines(Function<String, Optional<byte[]>> latestList, int width) {
        List<String> lines = new ArrayList<>();
        recent.forEach((user, items) -> {
            lines.add("User " + user + ", " + events.get(user) + " events; the last ones, newest first");
            items.forEach(item -> lines.add(Screen.cut("    " + title(item), width)));
            Optional<byte[]> list = latestList.apply(user);
            if (list.isPresent()) {
                lines.addAll(recommended(list.get(), width));
            } else {
                lines.add("  no list");
            }
        });
        return lines;
    }

    private List<String> recommended(byte[] json, int width) {
        JsonNode list;
        try {
            list = Json.mapper().readTree(json);
        } catch (IOException e) {
            return List.of("  a list that cannot be read: " + e.getMessage());
        }
        List<String> lines = new ArrayList<>();
        String fallback = list.path("fallback").asText("");
        lines.add("  recommended now" + (fallback.isEmpty() ? "" : " (" + fallback + ")"));
        lines.addAll(RecommendationText.items(list, this::title, RECOMMENDED, width));
        return lines;
    }

    private String title(String item) {
        return titles.getOrDefault(item, item);
    }
}
