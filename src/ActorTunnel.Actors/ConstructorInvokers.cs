using System.Reflection;
using System.Runtime.CompilerServices;

namespace ActorTunnel.Actors;

/// <summary>Constructors made callable once and kept: as many as the program has types of actors.</summary>
internal static class ConstructorInvokers
{
    private static readonly ConditionalWeakTable<ConstructorInfo, ConstructorInvoker> s_invokers = [];

    public static ConstructorInvoker Of(ConstructorInfo constructor) => s_invokers.GetValue(constructor, ConstructorInvoker.Create);
}
