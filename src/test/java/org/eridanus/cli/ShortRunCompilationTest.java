package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShortRunCompilationTest {
    @Test
    void shouldBeUnderstoodByThisJvm() {
        // Of no consequence to the other tests in this JVM: it allows what is allowed anyway.
        assertThat(ShortRunCompilation.tell("[{ match: [\"org/eridanus/cli/Nothing.*\"], c2: { Exclude: false } }]"))
                .isTrue();
    }

    @Test
    void shouldTellOfDirectivesThatAreNotUnderstood() {
        assertThat(ShortRunCompilation.tell("[{ match: }]")).isFalse();
    }
}
