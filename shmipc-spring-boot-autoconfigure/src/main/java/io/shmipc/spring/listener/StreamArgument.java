package io.shmipc.spring.listener;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.Session;
import io.shmipc.Stream;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a stream method can take, told by the parameter's type. */
enum StreamArgument {
    STREAM(Stream.class) {
        @Override
        Object resolve(Stream stream, BufferReader reader) {
            return stream;
        }
    },
    READER(BufferReader.class) {
        @Override
        Object resolve(Stream stream, BufferReader reader) {
            return reader;
        }
    },
    WRITER(BufferWriter.class) {
        @Override
        Object resolve(Stream stream, BufferReader reader) {
            return stream.bufferWriter();
        }
    },
    SESSION(Session.class) {
        @Override
        Object resolve(Stream stream, BufferReader reader) {
            return stream.session();
        }
    };

    private final Class<?> type;

    StreamArgument(Class<?> type) {
        this.type = type;
    }

    abstract Object resolve(Stream stream, BufferReader reader);

    static @Nullable StreamArgument of(Class<?> parameterType) {
        for (StreamArgument argument : values()) {
            if (argument.type == parameterType) {
                return argument;
            }
        }
        return null;
    }

    /** Returns whether a parameter of that type reads or writes the stream's bytes. */
    static boolean isBytes(Class<?> parameterType) {
        return parameterType == READER.type || parameterType == WRITER.type;
    }

    /** Returns whether the stream's bytes can be read by a parameter of that type. */
    static boolean isReadable(Class<?> parameterType) {
        return parameterType == READER.type || parameterType == STREAM.type;
    }

    /** Returns the names of the types to choose from, for messages. */
    static String supported() {
        return Arrays.stream(values())
                .map(argument -> argument.type.getSimpleName())
                .collect(Collectors.joining(", "));
    }
}
