package io.shmipc.inspect;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Writes JSON, one object at a time, in ASCII whatever the names are. */
final class JsonWriter {

    private static final int FIRST_PRINTABLE = 0x20;
    private static final int LAST_PRINTABLE = 0x7e;

    private final StringBuilder text;
    private boolean first = true;

    private JsonWriter(StringBuilder text) {
        this.text = text;
    }

    /** Returns an object with the fields that the given code writes. */
    static String object(Consumer<JsonWriter> fields) {
        StringBuilder text = new StringBuilder();
        writeObject(text, fields);
        return text.toString();
    }

    private static void writeObject(StringBuilder text, Consumer<JsonWriter> fields) {
        text.append('{');
        fields.accept(new JsonWriter(text));
        text.append('}');
    }

    void field(String name, long value) {
        name(name).append(value);
    }

    void field(String name, double value) {
        name(name).append(value);
    }

    void field(String name, boolean value) {
        name(name).append(value);
    }

    void field(String name, String value) {
        quote(name(name), value);
    }

    /** Writes an array of objects. */
    <T> void objects(String name, List<T> values, Fields<T> fields) {
        name(name).append('[');
        for (int i = 0; i < values.size(); i++) {
            text.append(i == 0 ? "" : ",");
            T value = values.get(i);
            writeObject(text, json -> fields.write(json, value));
        }
        text.append(']');
    }

    private StringBuilder name(String name) {
        text.append(first ? "" : ",");
        first = false;
        quote(text, name);
        return text.append(':');
    }

    private static void quote(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < FIRST_PRINTABLE || c > LAST_PRINTABLE) {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    /** Writes the fields of one object. */
    interface Fields<T> {

        void write(JsonWriter json, T value);
    }
}
