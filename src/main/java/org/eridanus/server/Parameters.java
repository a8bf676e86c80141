package org.eridanus.server;

import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eridanus.event.EventRules;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of a query; what breaks a rule is refused with status 400, the rule, the value and the remedy. */
final class Parameters {
    private final Context context;

    private Parameters(Context context) {
        this.context = context;
    }

    /** The parameters of a query that knows these names and no others. */
    static Parameters of(Context context, String... known) {
        Set<String> unknown = new TreeSet<>(context.queryParamMap().keySet());
        unknown.removeAll(Set.of(known));
        if (!unknown.isEmpty()) {
            throw new BadRequestResponse(
                    "unknown parameter " + EventRules.quote(unknown.iterator().next())
                            + (known.length == 0 ? "; there are none here" : "; known are " + Arrays.toString(known)));
        }
        return new Parameters(context);
    }

    /** All values of a parameter. */
    List<String> all(String name) {
        return context.queryParams(name);
    }

    /** A text, empty where it is absent. */
    String text(String name, int longest) {
        String value = single(name);
        String text = value == null ? "" : value;
        if (text.codePointCount(0, text.length()) > longest) {
            throw new BadRequestResponse(name + " must have at most " + longest + " characters, got " + text.length());
        }
        return text;
    }

    /** A whole number, null where it is absent. */
    @Nullable
    Long number(String name) {
        String value = single(name);
        if (value == null) {
            return null;
        }
        try {
            return Long.valueOf(value);
        } catch (NumberFormatException e) {
            throw new BadRequestResponse(name + " must be a whole number, got " + EventRules.quote(value));
        }
    }

    /** A whole number in a range. */
    int number(String name, int standard, int most) {
        Long value = number(name);
        if (value != null && (value < 1 || value > most)) {
            throw new BadRequestResponse(name + " must be 1.." + most + ", got " + value);
        }
        return value == null ? standard : value.intValue();
    }

    /** Yes or no, no where it is absent. */
    boolean flag(String name) {
        String value = single(name);
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw new BadRequestResponse(name + " must be true or false, got " + EventRules.quote(value));
    }

    private @Nullable String single(String name) {
        List<String> values = context.queryParams(name);
        if (values.size() > 1) {
            throw new BadRequestResponse(name + " must be given once, got it " + values.size() + " times");
        }
        return values.isEmpty() ? null : values.get(0);
    }
}
