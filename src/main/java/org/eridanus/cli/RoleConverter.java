package org.eridanus.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.eridanus.stream.Role;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a role by its label. */
final class RoleConverter implements ITypeConverter<Role> {
    @Override
    public Role convert(String label) {
        return Arrays.stream(Role.values())
                .filter(role -> role.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("expected one of "
                        + Arrays.stream(Role.values()).map(Role::label).collect(Collectors.joining(", ")) + ", got '"
                        + label + "'"));
    }
}
