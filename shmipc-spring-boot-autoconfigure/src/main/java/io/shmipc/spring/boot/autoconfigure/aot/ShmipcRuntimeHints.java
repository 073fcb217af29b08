package io.shmipc.spring.boot.autoconfigure.aot;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * Hints for the engine's native calls: its directly mapped C library, and what JNA's native part looks up in Java.
 *
 * <p>The engine uses no structures, callbacks or library proxies of JNA, so that nothing else is needed.
 */
final class ShmipcRuntimeHints implements RuntimeHintsRegistrar {

    /** The class whose native methods JNA registers. */
    private static final String LIBC = "io.shmipc.sys.Libc";

    /** What JNA's native library looks up when it is loaded, and what its calls hand over. */
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
            "com.sun.jna.CallbackReference",
            "com.sun.jna.CallbackReference$AttachOptions",
            "com.sun.jna.FromNativeConverter",
            "com.sun.jna.JNIEnv",
            "com.sun.jna.WString");

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
        hints.jni().registerType(TypeReference.of(LIBC), everything);
        hints.reflection().registerType(TypeReference.of(LIBC), everything);
        JNA_LIBRARIES.forEach(hints.resources()::registerPattern);
    }
}
