using System.Reflection;
using System.Runtime.CompilerServices;

namespace ActorTunnel.Actors.Tests.Kernel;

/// <summary>
/// The public API is a promise and a subset of Akka.NET's: a change shows here first. To accept one, run the tests with
/// <c>ACCEPT_PUBLIC_API=1</c> and look at the difference in <c>src/ActorTunnel.Actors/PublicApi.txt</c>.
/// </summary>
public sealed class PublicApiTests
{
    [Fact]
    public void The_public_API_is_the_approved_one()
    {
        var path = Path.Combine(SourceDirectory(), "../../../src/ActorTunnel.Actors/PublicApi.txt");
        var actual = string.Concat(Describe().Select(line => line + "\n"));
        if (Environment.GetEnvironmentVariable("ACCEPT_PUBLIC_API") == "1")
            File.WriteAllText(path, actual);
        Assert.True(
            File.ReadAllText(path) == actual,
            "The public API differs from src/ActorTunnel.Actors/PublicApi.txt. If that is meant, run this test with ACCEPT_PUBLIC_API=1 "
            + "and commit the file; each line must exist in Akka.NET 1.5.");
    }

    [Fact]
    public void Both_alias_files_name_every_public_type()
    {
        var types = typeof(ActorSystem).Assembly.GetExportedTypes().Where(type => !type.IsNested).Select(type => type.Name).ToHashSet();
        foreach (var file in (string[])["ActorRuntime.cs", "ActorRuntime.Akka.cs"])
        {
            var lines = File.ReadAllLines(Path.Combine(SourceDirectory(), "../../../src/ActorTunnel.Engine", file));
            var named = lines.Where(line => line.StartsWith("global using", StringComparison.Ordinal))
                .Select(line => line.TrimEnd(';').Split('.')[^1]).ToHashSet();
            Assert.Equal(types.Order(), named.Order());
        }
    }

    private static IEnumerable<string> Describe()
    {
        const BindingFlags Declared =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var type in typeof(ActorSystem).Assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            yield return type.BaseType is null || type.BaseType == typeof(object) ? $"{type}" : $"{type} : {type.BaseType}";
            var members = type.GetMembers(Declared)
                .Where(member =>
                    member is MethodInfo { IsSpecialName: false } or MethodInfo { Name: "op_Equality" or "op_Inequality" }
                        or ConstructorInfo or FieldInfo or PropertyInfo)
                .Where(member => member is PropertyInfo property ? IsVisible(property.GetMethod!) : IsVisible(member))
                .Where(member => !member.IsDefined(typeof(CompilerGeneratedAttribute)))
                .Select(member => $"    {Describe(member)}");
            foreach (var line in members.Order(StringComparer.Ordinal))
                yield return line;
        }
    }

    // Parameter names and defaults are part of the source's contract.
    private static string Describe(MemberInfo member)
    {
        if (member is not MethodBase method)
            return $"{member}";
        var parameters = method.GetParameters()
            .Select(parameter => $"{parameter.ParameterType} {parameter.Name}{(parameter.HasDefaultValue ? " = default" : "")}");
        var result = method is MethodInfo { ReturnType: var type } ? $"{type} " : "";
        var generic = method.IsGenericMethod
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>"
            : "";
        return $"{(method.IsStatic ? "static " : "")}{result}{method.Name}{generic}({string.Join(", ", parameters)})";
    }

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        _ => false,
    };

    private static string SourceDirectory([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
