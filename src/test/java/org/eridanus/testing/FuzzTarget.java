package org.eridanus.testing;

/** A parser of bytes from outside, as a fuzzer and the test of its corpus call it. */
@FunctionalInterface
public interface FuzzTarget {
    /**
     * Parses.
     *
     * @return whether the bytes were accepted; false if they were refused in the way that the parser documents
     * @throws Exception any other outcome, which is a defect of the parser
     */
    boolean accepts(byte[] bytes) throws Exception;
}
