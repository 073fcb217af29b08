package io.shmipc.spring.message;

import java.lang.reflect.Type;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/** Tells a converter a type with its type arguments, which it otherwise takes from a method. */
final class TypeParameter extends MethodParameter {

    private static final int RETURN_VALUE = -1;

    private final Type type;

    TypeParameter(Type type) {
        super(ClassUtils.getMethod(Supplier.class, "get"), RETURN_VALUE);
        this.type = type;
    }

    @Override
    public Class<?> getParameterType() {
        return ResolvableType.forType(type).toClass();
    }

    @Override
    public Type getGenericParameterType() {
        return type;
    }

    @Override
    public Class<?> getNestedParameterType() {
        return getParameterType();
    }

    @Override
    public Type getNestedGenericParameterType() {
        return type;
    }

    @Override
    public TypeParameter clone() {
        return new TypeParameter(type);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TypeParameter parameter && type.equals(parameter.type);
    }

    @Override
    public int hashCode() {
        return type.hashCode();
    }
}
