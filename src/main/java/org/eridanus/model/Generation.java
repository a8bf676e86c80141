package org.eridanus.model;

/**
 * One of several models that learn from the same training log: each has a definition and a trainer of its own, and all of
 * them stand in the topic {@code model} beside each other. One is served; which one is told by a record of that topic, and
 * as long as there is none, it is the configured one.
 *
 * <p>The keys of the first generation's rows are the rows' own. Those of generation n begin with {@code g<n>/}, which no
 * row's own key does.
 *
 * @param number 1 for the first
 */
public record Generation(int number) {
    /** Most generations that can follow each other. */
    public static final int MOST = 9_999;

    /** The one that a new installation begins with. */
    public static final Generation FIRST = new Generation(1);

    /** Key of the record that says which generation is served; its value is the number in decimal. */
    public static final String SERVED = "served-generation";

    /** Own key of the record that holds a generation's definition. */
    public static final String DEFINITION = "definition";

    private static final String START = "g";

    public Generation {
        if (number < 1 || number > MOST) {
            throw new IllegalArgumentException("model.generation must be 1.." + MOST + ", got " + number);
        }
    }

    /**
     * A record's key taken apart.
     *
     * @param generation whose record it is
     * @param own its own key
     */
    public record Key(Generation generation, String own) {}

    /** The key in the topic of one of this generation's records. */
    public String key(String own) {
        return number == 1 ? own : START + number + "/" + own;
    }

    /** Takes a key of the topic apart. */
    public static Key parse(String key) {
        int slash = key.startsWith(START) ? key.indexOf('/') : -1;
        if (slash < 2 || slash > 5 || !key.substring(1, slash).matches("[1-9][0-9]*")) {
            return new Key(FIRST, key);
        }
        return new Key(new Generation(Integer.parseInt(key.substring(1, slash))), key.substring(slash + 1));
    }

    /** What distinguishes the names of its trainer's consumer group, stores and transactions; empty for the first. */
    public String suffix() {
        return number == 1 ? "" : "-" + number;
    }

    @Override
    public String toString() {
        return Integer.toString(number);
    }
}
