package org.eridanus.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eridanus.event.EventRules;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;

/**
 * Reads a folder in the layout of the MovieLens "latest" data sets, and of 20M and later: {@code ratings.csv} with {@code
 * userId,movieId,rating,timestamp}, the time in seconds since 1970, and {@code movies.csv} with {@code
 * movieId,title,genres}, genres parted by {@code |}. Users have no attributes.
 */
public final class MovieLensLatest {
    private static final String RATINGS = "ratings.csv";
    private static final String MOVIES = "movies.csv";
    private static final String NO_GENRES = "(no genres listed)";
    private static final long LATEST = 253_402_300_799L;

    private MovieLensLatest() {}

    /** Whether a folder has both files. */
    static boolean isOne(Path folder) {
        return Files.isRegularFile(folder.resolve(RATINGS)) && Files.isRegularFile(folder.resolve(MOVIES));
    }

    /**
     * Reads all of {@code folder}. The data set takes the folder's name.
     *
     * @throws DatasetException if a file cannot be read or a row breaks a rule
     */
    public static Dataset read(Path folder) {
        Map<String, Item> items = new LinkedHashMap<>();
        CsvTable.read(folder.resolve(MOVIES), row -> {
            String id = row.required("movieId");
            String genres = row.field("genres");
            Map<String, List<String>> attributes =
                    genres == null || genres.equals(NO_GENRES) ? Map.of() : Map.of("genres", CsvTable.values(genres));
            if (items.put(id, row.accepted(EventRules.item(id, id, row.required("title"), attributes))) != null) {
                throw row.broken("each movie must be listed once", id, "remove one of its rows");
            }
        });
        List<Interaction> ratings = new ArrayList<>();
        CsvTable.read(folder.resolve(RATINGS), row -> {
            String user = row.required("userId");
            String item = row.required("movieId");
            if (!items.containsKey(item)) {
                throw row.broken("a rating must name a movie of " + MOVIES, item, "add the movie or remove the row");
            }
            Long seconds = row.whole("timestamp");
            if (seconds == null || seconds < 0 || seconds > LATEST) {
                throw row.broken(
                        "timestamp must be in whole seconds since 1970, from 0 to " + LATEST,
                        String.valueOf(seconds),
                        "divide by 1000 if it is in ms");
            }
            ratings.add(row.accepted(EventRules.interaction(
                    user,
                    user,
                    item,
                    MovieLens.INTERACTION_TYPE,
                    row.number("rating"),
                    1_000L * seconds,
                    1_000L * LATEST)));
        });
        return new Dataset(
                Dataset.nameOf(folder),
                List.of(),
                List.copyOf(items.values()),
                ratings,
                List.of("this layout has no user attributes"));
    }
}
