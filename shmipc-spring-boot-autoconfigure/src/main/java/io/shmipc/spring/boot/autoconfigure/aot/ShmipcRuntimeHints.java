package io.shmipc.spring.boot.autoconfigure.aot;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * Hints for the engine's native calls: its directly mapped C library, and what JNA's native part looks up in Java. A
 * test reads the names of the latter out of that library.
 *
 * <p>The engine uses no structures, callbacks or library proxies of JNA, so that nothing else is needed.
 */
final class ShmipcRuntimeHints implements RuntimeHintsRegistrar {

    /** The class whose native methods JNA registers. */
    private static final String LIBC = "io.shmipc.sys.Libc";

    /** What JNA's native library looks up of JNA, and what its calls hand over. */
    private static final List<String> JNA_TYPES = List.of(
            "com.sun.jna.Native",
            "com.sun.jna.Native$ffi_callback",
            "com.sun.jna.Pointer",
            "com.sun.jna.PointerType",
            "com.sun.jna.IntegerType",
            "com.sun.jna.NativeMapped",
            "com.sun.jna.Structure",
            "com.sun.jna.Structure$ByValue",
            "com.sun.jna.Structure$FFIType$FFITypes",
            "com.sun.jna.Callback",
            "com.sun.jna.Callback$UncaughtExceptionHandler",
            "com.sun.jna.CallbackReference",
            "com.sun.jna.CallbackReference$AttachOptions",
            "com.sun.jna.FromNativeConverter",
            "com.sun.jna.JNIEnv",
            "com.sun.jna.LastErrorException",
            "com.sun.jna.WString");

    /** What it looks up of the JDK: boxes, buffers, and the errors that it throws. */
    private static final List<String> JDK_TYPES = List.of(
            "java.lang.Boolean",
            "java.lang.Byte",
            "java.lang.Character",
            "java.lang.Class",
            "java.lang.Double",
            "java.lang.Error",
            "java.lang.Float",
            "java.lang.IllegalArgumentException",
            "java.lang.IllegalStateException",
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Object",
            "java.lang.OutOfMemoryError",
            "java.lang.Short",
            "java.lang.String",
            "java.lang.System",
            "java.lang.UnsatisfiedLinkError",
            "java.lang.UnsupportedOperationException",
            "java.lang.Void",
            "java.lang.reflect.Method",
            "java.nio.Buffer",
            "java.nio.ByteBuffer",
            "java.nio.CharBuffer",
            "java.nio.DoubleBuffer",
            "java.nio.FloatBuffer",
            "java.nio.IntBuffer",
            "java.nio.LongBuffer",
            "java.nio.ShortBuffer");

    private static final List<String> JNA_LIBRARIES =
            List.of("com/sun/jna/linux-x86-64/libjnidispatch.so", "com/sun/jna/linux-aarch64/libjnidispatch.so");

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        MemberCategory[] everything = {
            MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
            MemberCategory.INVOKE_DECLARED_METHODS,
            MemberCategory.ACCESS_DECLARED_FIELDS
        };
        for (String type : JNA_TYPES) {
            hints.jni().registerType(TypeReference.of(type), everything);
            hints.reflection().registerType(TypeReference.of(type), everything);
        }
        JDK_TYPES.forEach(type -> hints.jni().registerType(TypeReference.of(type), everything));
        hints.jni().registerType(TypeReference.of(LIBC), everything);
        hints.reflection().registerType(TypeReference.of(LIBC), everything);
        JNA_LIBRARIES.forEach(hints.resources()::registerPattern);
    }
}
