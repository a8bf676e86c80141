package org.eridanus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
    private static final int REASONS = 2;
    private static final int REASONS_WIDTH = 44;
    private static final int NARROWEST_TITLE = 20;
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
        for (JsonNode item : list.path("items")) {
            if (lines.size() > RECOMMENDED) {
                break;
            }
            List<String> why = why(item.path("why"));
            int room = Math.max(NARROWEST_TITLE, width - REASONS_WIDTH - 6);
            String title = Screen.cut(title(item.path("item").asText()), room);
            StringBuilder line = new StringBuilder("    ").append(title);
            line.append(" ".repeat(room - title.codePointCount(0, title.length()) + 2));
            line.append(why.isEmpty() ? "" : why.get(0));
            for (int i = 1; i < why.size() && line.length() + 2 + why.get(i).length() <= width; i++) {
                line.append(", ").append(why.get(i));
            }
            lines.add(Screen.cut(line.toString().stripTrailing(), width));
        }
        return lines;
    }

    private String title(String item) {
        return titles.getOrDefault(item, item);
    }

    private static List<String> why(JsonNode parts) {
        List<JsonNode> strongest = new ArrayList<>();
        parts.forEach(strongest::add);
        strongest.sort(Comparator.comparingDouble(part -> -contribution(part)));
        List<String> words = new ArrayList<>();
        for (JsonNode part : strongest) {
            if (words.isEmpty() || words.size() < REASONS && contribution(part) > 0) {
                words.add(part.path("combination").asText() + String.format(Locale.ROOT, " %+.1f", contribution(part)));
            }
        }
        return words;
    }

    private static double contribution(JsonNode part) {
        return part.path("contribution").asDouble();
    }
}
