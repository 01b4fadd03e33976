using ActorTunnel.Benchmarks.Actors;
using BenchmarkDotNet.Running;

// dotnet run -c Release -- --filter '*'    BenchmarkDotNet's own command line
// dotnet run -c Release -- idle-actors     memory, which no benchmark iteration can show
if (args is ["idle-actors"])
    return await IdleActors.RunAsync();

BenchmarkSwitcher.FromAssembly(typeof(IdleActors).Assembly).Run(args);
return 0;
