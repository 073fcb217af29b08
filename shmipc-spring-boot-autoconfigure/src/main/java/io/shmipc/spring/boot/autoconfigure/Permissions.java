package io.shmipc.spring.boot.autoconfigure;

import io.shmipc.InvalidConfigException;

/** Permission bits of a file, as people write them. */
public final class Permissions {

    private static final int OCTAL = 8;
    private static final int OWNER = 0600;

    private Permissions() {}

    /**
     * Reads three octal digits such as 660, or nine letters such as rw-rw----. YAML takes an unquoted 0660 for an octal
     * number and hands over 432: that the owner must be able to read and write refuses all such numbers.
     *
     * @param property whose value the text is, for the refusal
     * @throws InvalidConfigException if the text is neither, or locks the owner out
     */
    public static int parse(String property, String text) {
        int mode = text.matches("0?[0-7]{3}") ? Integer.parseInt(text, OCTAL) : letters(text);
        if ((mode & OWNER) != OWNER) {
            throw new InvalidConfigException(
                    property,
                    "'" + text + "'",
                    "be three octal digits or nine letters that let the owner read and write",
                    "Write 660 or rw-rw---- for a group");
        }
        return mode;
    }

    private static int letters(String text) {
        if (!text.matches("([r-][w-][x-]){3}")) {
            return 0;
        }
        return Integer.parseInt(text.replace('-', '0').replaceAll("[rwx]", "1"), 2);
    }
}
