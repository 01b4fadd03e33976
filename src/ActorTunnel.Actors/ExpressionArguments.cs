using System.Linq.Expressions;
using System.Reflection;

namespace ActorTunnel.Actors;

/// <summary>Values of the arguments in <c>() => new T(arguments)</c>.</summary>
internal static class ExpressionArguments
{
    public static object?[] Evaluate(NewExpression creation)
    {
        if (creation.Arguments.Count == 0)
            return [];
        var values = new object?[creation.Arguments.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = Evaluate(creation.Arguments[i]);
        return values;
    }

    // Constants, locals (fields of the compiler's closure), fields and upcasts of them cover nearly every actor and cost little.
    private static object? Evaluate(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field } member => field.GetValue(member.Expression is { } owner ? Evaluate(owner) : null),
        UnaryExpression { NodeType: ExpressionType.Convert, Method: null } cast when cast.Type.IsAssignableFrom(cast.Operand.Type) =>
            Evaluate(cast.Operand),
        _ => Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)(),
    };
}
