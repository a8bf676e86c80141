package org.eridanus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** A list of recommendations in lines for people: each item with the strongest reasons for it. */
final class RecommendationText {
    private static final int REASONS = 2;
    private static final int REASONS_WIDTH = 44;
    private static final int NARROWEST_TITLE = 20;

    private RecommendationText() {}

    /**
     * The items, one a line, best first.
     *
     * @param list a value of the topic {@code recommendations}
     * @param title what to call an item
     * @param most how many items at most
     * @param width characters in a line
     */
    static List<String> items(JsonNode list, UnaryOperator<String> title, int most, int width) {
        List<String> lines = new ArrayList<>();
        for (JsonNode item : list.path("items")) {
            if (lines.size() == most) {
                break;
            }
            List<String> why = why(item.path("why"));
            int room = Math.max(NARROWEST_TITLE, width - REASONS_WIDTH - 6);
            String shown = Screen.cut(title.apply(item.path("item").asText()), room);
            StringBuilder line = new StringBuilder("    ").append(shown);
            line.append(" ".repeat(room - shown.codePointCount(0, shown.length()) + 2));
            line.append(why.isEmpty() ? "" : why.get(0));
            for (int i = 1; i < why.size() && line.length() + 2 + why.get(i).length() <= width; i++) {
                line.append(", ").append(why.get(i));
            }
            lines.add(Screen.cut(line.toString().stripTrailing(), width));
        }
        return lines;
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
