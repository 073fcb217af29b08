package io.shmipc.spring.listener;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ties buffers to the life of a scope where the JDK can, from 22 on: once it is closed, they and everything that was
 * derived from them throw at each access.
 *
 * <p>This class is compiled for Java 17, so it looks the methods up. They need the same permission for native access
 * that JNA has got by then; without it, there are no scopes.
 */
final class ScopedBuffers {

    private static final int FIRST_FEATURE_RELEASE = 22;
    private static final @Nullable ScopedBuffers INSTANCE =
            Runtime.version().feature() < FIRST_FEATURE_RELEASE ? null : find();

    private final MethodHandle newScope;
    private final MethodHandle segmentOf;
    private final MethodHandle withScope;
    private final MethodHandle bufferOf;

    private ScopedBuffers(Class<?> arena, Class<?> segment) throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        newScope = lookup.findStatic(arena, "ofConfined", MethodType.methodType(arena));
        segmentOf = lookup.findStatic(segment, "ofBuffer", MethodType.methodType(segment, Buffer.class));
        withScope = lookup.findVirtual(segment, "reinterpret", MethodType.methodType(segment, arena, Consumer.class));
        bufferOf = lookup.findVirtual(segment, "asByteBuffer", MethodType.methodType(ByteBuffer.class));
    }

    /** Returns whether the JDK can tie a buffer to a scope; only memory outside of the heap needs it. */
    static boolean areThereFor(ByteBuffer buffer) {
        return INSTANCE != null && buffer.isDirect();
    }

    /** Opens a scope for the calling thread. */
    static AutoCloseable open() {
        return (AutoCloseable) invoke(present().newScope);
    }

    /** Returns a buffer over the same memory that ends with the scope. */
    static ByteBuffer within(AutoCloseable scope, ByteBuffer buffer) {
        ScopedBuffers methods = present();
        Object segment = invoke(methods.withScope, invoke(methods.segmentOf, buffer), scope, null);
        return (ByteBuffer) invoke(methods.bufferOf, segment);
    }

    private static ScopedBuffers present() {
        ScopedBuffers methods = INSTANCE;
        if (methods == null) {
            throw new IllegalStateException("This JDK has no scopes for buffers.");
        }
        return methods;
    }

    private static @Nullable ScopedBuffers find() {
        try {
            ScopedBuffers found = new ScopedBuffers(
                    Class.forName("java.lang.foreign.Arena"), Class.forName("java.lang.foreign.MemorySegment"));
            try (AutoCloseable scope = (AutoCloseable) invoke(found.newScope)) {
                invoke(found.withScope, invoke(found.segmentOf, ByteBuffer.allocateDirect(1)), scope, null);
            }
            return found;
        } catch (Exception e) {
            return null;
        }
    }

    private static Object invoke(MethodHandle method, @Nullable Object... arguments) {
        try {
            return method.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
