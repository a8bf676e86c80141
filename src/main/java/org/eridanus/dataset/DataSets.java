package org.eridanus.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Finds a data set by what people write after {@code --data}, in this order:
 *
 * <ol>
 *   <li>{@code synthetic}: the {@link SyntheticWorld}, made on the spot; {@code synthetic-sparse}: a sparse one;
 *   <li>{@code movielens}: MovieLens-100K, from the directory {@code ml-100k} below {@value #VARIABLE}, else from the
 *       user's cache, else {@link MovieLensDownload downloaded} there;
 *   <li>a directory, absolute or relative to the working directory;
 *   <li>the name of a directory below the one that the environment variable {@value #VARIABLE} names.
 * </ol>
 *
 * <p>A directory has to have one of three layouts: that of {@link CsvFolder}, of {@link MovieLensLatest} or of {@link
 * MovieLens}. One that happens to be called {@code synthetic} is reached as {@code ./synthetic}.
 */
public final class DataSets {
    /** The environment variable that names a folder of data sets. */
    public static final String VARIABLE = "ERIDANUS_DATA";

    /** What is downloaded. */
    public static final String MOVIELENS = "movielens";

    /** The sparse synthetic world. */
    public static final String SPARSE = "synthetic-sparse";

    private static final String ML_100K = "ml-100k";
    private static final String ROOT_RULE = VARIABLE + " must name a directory of data sets";

    private final Optional<String> folder;
    private final MovieLensDownload download;
    private final Consumer<String> tell;

    private DataSets(Optional<String> folder, MovieLensDownload download, Consumer<String> tell) {
        this.folder = folder;
        this.download = download;
        this.tell = tell;
    }

    /**
     * The locator for these environment variables; {@value #VARIABLE} absent or blank means no folder. What is told of a
     * download goes to standard error.
     */
    public static DataSets from(Map<String, String> environment) {
        return from(environment, MovieLensDownload.from(environment), System.err::println);
    }

    /**
     * The same with another download.
     *
     * @param tell takes the licence, and what is done, before it is done
     */
    static DataSets from(Map<String, String> environment, MovieLensDownload download, Consumer<String> tell) {
        return new DataSets(
                Optional.ofNullable(environment.get(VARIABLE)).filter(value -> !value.isBlank()), download, tell);
    }

    /** Loads {@code name}, the synthetic world with its defaults. */
    public Dataset load(String name) {
        return load(name, SyntheticWorld.Settings.defaults());
    }

    /**
     * Loads {@code name}.
     *
     * @param name {@code synthetic}, {@code movielens}, a directory, or a name below {@value #VARIABLE}
     * @param world how the synthetic world is made, if that is what the name says
     * @throws DatasetException if there is no such data set, or it cannot be read
     */
    public Dataset load(String name, SyntheticWorld.Settings world) {
        return switch (name) {
            case SyntheticWorld.NAME -> SyntheticWorld.generate(world);
            case SPARSE ->
                SyntheticWorld.generate(SyntheticWorld.Settings.sparse().withSeed(world.seed()))
                        .named(SPARSE);
            case MOVIELENS -> MovieLens.read(movieLens());
            default -> read(directory(name));
        };
    }

    private Path movieLens() {
        Optional<Path> below = folder.map(text -> path(text, ROOT_RULE).resolve(ML_100K))
                .filter(path -> MovieLens.missingFiles(path).isEmpty());
        return below.isPresent() ? below.get() : download.folder(tell);
    }

    private static Dataset read(Path directory) {
        if (CsvFolder.isOne(directory)) {
            return CsvFolder.read(directory);
        }
        return MovieLensLatest.isOne(directory) ? MovieLensLatest.read(directory) : MovieLens.read(directory);
    }

    private static boolean isDataSet(Path directory) {
        return CsvFolder.isOne(directory)
                || MovieLensLatest.isOne(directory)
                || MovieLens.missingFiles(directory).isEmpty();
    }

    /**
     * The directory that {@code name} stands for.
     *
     * @throws DatasetException if there is none, or it is in none of the layouts; the message lists what
     *     there is instead
     */
    public Path directory(String name) {
        if (name.isBlank()) {
            throw new DatasetException("a data set must have a name, got '" + name + "': " + remedy());
        }
        Path given = path(name, "a data set must be '" + SyntheticWorld.NAME + "' or a directory");
        Path found = Files.isDirectory(given) ? given : belowRoot(name, given);
        if (!isDataSet(found)) {
            List<String> inside = dataSetsIn(found);
            throw new DatasetException("a data set's directory must hold " + CsvFolder.INTERACTIONS
                    + ", or ratings.csv and movies.csv, or be in the layout of ml-100k, but " + found + " has no "
                    + String.join(", no ", MovieLens.missingFiles(found)) + " and none of the others: "
                    + (inside.isEmpty()
                            ? remedy()
                            : "name one of the data sets in it (" + String.join(", ", inside) + ")"));
        }
        return found;
    }

    /** The names of the data sets below {@value #VARIABLE}, in alphabetical order; empty without that directory. */
    public List<String> available() {
        return folder.map(text -> path(text, ROOT_RULE))
                .filter(Files::isDirectory)
                .map(DataSets::dataSetsIn)
                .orElse(List.of());
    }

    private Path belowRoot(String name, Path given) {
        String here = Files.exists(given) ? "is a file" : "does not exist";
        String rule = "a data set must be '" + SyntheticWorld.NAME + "' or a directory, got '" + name + "': "
                + given.toAbsolutePath() + " " + here;
        if (folder.isEmpty()) {
            throw new DatasetException(rule + " and " + VARIABLE + " is not set; " + remedy());
        }
        Path root = path(folder.get(), ROOT_RULE);
        if (!Files.isDirectory(root)) {
            throw new DatasetException(rule + ", and " + ROOT_RULE + ", got '" + root
                    + "', which is none: correct the variable or name an existing directory");
        }
        Path below = root.resolve(given);
        if (!Files.isDirectory(below)) {
            throw new DatasetException(
                    rule + ", and " + root + " (" + VARIABLE + ") has no directory of that name; " + remedy());
        }
        return below;
    }

    private String remedy() {
        List<String> known = available();
        return "use '" + SyntheticWorld.NAME + "', '" + MOVIELENS + "', "
                + (known.isEmpty() ? "" : "one of " + String.join(", ", known) + ", ")
                + "or a directory with the files of MovieLens-100K or with " + CsvFolder.INTERACTIONS;
    }

    private static Path path(String text, String rule) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new DatasetException(rule + ", got '" + text + "', which is no path: " + e.getReason(), e);
        }
    }

    private static List<String> dataSetsIn(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(Files::isDirectory)
                    .filter(DataSets::isDataSet)
                    .map(child -> String.valueOf(child.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new DatasetException(folder + " cannot be listed (" + e + "): check that it is readable", e);
        }
    }
}
