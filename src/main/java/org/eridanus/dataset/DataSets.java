package org.eridanus.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds a data set by what people write after {@code --data}, in this order:
 *
 * <ol>
 *   <li>{@code synthetic}: the {@link SyntheticWorld}, made on the spot;
 *   <li>a directory, absolute or relative to the working directory;
 *   <li>the name of a directory below the one that the environment variable {@value #VARIABLE} names.
 * </ol>
 *
 * <p>A directory has to have the layout that {@link MovieLens} reads. One that happens to be called
 * {@code synthetic} is reached as {@code ./synthetic}.
 */
public final class DataSets {
    /** The environment variable that names a folder of data sets. */
    public static final String VARIABLE = "ERIDANUS_DATA";

    private static final String ROOT_RULE = VARIABLE + " must name a directory of data sets";

    private final Optional<String> folder;

    private DataSets(Optional<String> folder) {
        this.folder = folder;
    }

    /** The locator for these environment variables; {@value #VARIABLE} absent or blank means no folder. */
    public static DataSets from(Map<String, String> environment) {
        return new DataSets(Optional.ofNullable(environment.get(VARIABLE)).filter(value -> !value.isBlank()));
    }

    /** Loads {@code name}, the synthetic world with its defaults. */
    public Dataset load(String name) {
        return load(name, SyntheticWorld.Settings.defaults());
    }

    /**
     * Loads {@code name}.
     *
     * @param name {@code synthetic}, a directory, or a name below {@value #VARIABLE}
     * @param world how the synthetic world is made, if that is what the name says
     * @throws DatasetException if there is no such data set, or it cannot be read
     */
    public Dataset load(String name, SyntheticWorld.Settings world) {
        return name.equals(SyntheticWorld.NAME) ? SyntheticWorld.generate(world) : MovieLens.read(directory(name));
    }

    /**
     * The directory that {@code name} stands for.
     *
     * @throws DatasetException if there is none, or it is not in the layout of MovieLens; the message lists what
     *     there is instead
     */
    public Path directory(String name) {
        if (name.isBlank()) {
            throw new DatasetException("a data set must have a name, got '" + name + "': " + remedy());
        }
        Path given = path(name, "a data set must be '" + SyntheticWorld.NAME + "' or a directory");
        Path found = Files.isDirectory(given) ? given : belowRoot(name, given);
        List<String> missing = MovieLens.missingFiles(found);
        if (!missing.isEmpty()) {
            List<String> inside = movieLensFoldersIn(found);
            throw new DatasetException("a data set's directory must be in the layout of ml-100k, but " + found
                    + " has no " + String.join(", no ", missing) + ": "
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
                .map(DataSets::movieLensFoldersIn)
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
        return "use '" + SyntheticWorld.NAME + "', "
                + (known.isEmpty() ? "" : "one of " + String.join(", ", known) + ", ")
                + "or a directory with the files of MovieLens-100K";
    }

    private static Path path(String text, String rule) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new DatasetException(rule + ", got '" + text + "', which is no path: " + e.getReason(), e);
        }
    }

    private static List<String> movieLensFoldersIn(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(Files::isDirectory)
                    .filter(child -> MovieLens.missingFiles(child).isEmpty())
                    .map(child -> String.valueOf(child.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new DatasetException(folder + " cannot be listed (" + e + "): check that it is readable", e);
        }
    }
}
