package org.eridanus.experiment;

/**
 * Where figures were measured.
 *
 * @param jdk version and vendor
 * @param os name, version and architecture
 * @param cores processors that the JVM may use
 * @param threads methods that ran at a time
 */
public record Environment(String jdk, String os, int cores, int threads) {
    /** This process. */
    public static Environment current(int threads) {
        return new Environment(
                System.getProperty("java.runtime.version") + " " + System.getProperty("java.vendor"),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                threads);
    }
}
