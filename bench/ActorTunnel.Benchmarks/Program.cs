using ActorTunnel.Benchmarks.Actors;
using ActorTunnel.Benchmarks.Ssh;
using BenchmarkDotNet.Running;

// dotnet run -c Release -- --filter '*'    BenchmarkDotNet's own command line
// dotnet run -c Release -- idle-actors     memory, which no benchmark iteration can show
// dotnet run -c Release -- ciphers         CPU time of whole connections, which no benchmark iteration can show
if (args is ["idle-actors"])
    return await IdleActors.RunAsync();
if (args is ["ciphers"])
    return await Ciphers.RunAsync();

BenchmarkSwitcher.FromAssembly(typeof(IdleActors).Assembly).Run(args);
return 0;
