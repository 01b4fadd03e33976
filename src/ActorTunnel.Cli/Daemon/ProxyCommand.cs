using ActorTunnel.Cli.Authentication;
using ActorTunnel.Cli.Daemon.Profiles;
using ActorTunnel.Cli.Daemon.Systemd;
using ActorTunnel.Cli.Output;
using ActorTunnel.Cli.Terminals;
using ActorTunnel.Engine;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Cli.Daemon;

/// <summary><c>actortunnel proxy</c>: all that a configuration file asks for, until a signal comes.</summary>
internal sealed class ProxyCommand(TimeProvider time) : ICommand
{
    public string Name => "proxy";

    public string Summary => "SOCKS and FTP proxies, rules and fixed forwards, by a configuration file";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandOutput output)
    {
        var proxy = ProxyArguments.Parse(arguments);
        output.Verbosity = proxy.Verbosity;
        if (proxy.Help || proxy.Version)
        {
            output.Result.WriteLine(proxy.Help ? ProxyHelp.Text : ProductVersion.Line);
            return Failure.None.ExitCode();
        }

        using var signals = new StopSignals();
        try
        {
            return await RunAsync(proxy, output, signals);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return Failure.Shutdown.ExitCode();
        }
    }

    private async Task<int> RunAsync(ProxyArguments arguments, CommandOutput output, StopSignals signals)
    {
        var manager = ServiceManager.FromEnvironment(output);
        UnattendedPassword.Read(file: null)?.Dispose(); // It is not for the daemon, and no password command gets it.
        using var terminal = Terminal.TryOpen();
        using var secrets = new RememberedSecrets();
        using var loggers = new LineLoggerFactory(output.Error, arguments.Verbosity, time);
        var loader = new ConfigurationLoader(
            arguments.ConfigurationFile,
            new ProfileBuilder(terminal, secrets, output, time),
            new ProfileKeys(secrets, output, time),
            output.Report,
            time);
        using var trigger = new ReloadTrigger(arguments.ConfigurationFile, time); // Without it SIGHUP would end a program that begins.
        if (await loader.LoadAsync(signals.Stop) is not { } configuration)
            return Failure.Configuration.ExitCode();

        trigger.Seen(loader.Hash);
        await using var audit = AuditOf(configuration, output, loggers);
        await using var engine = new TunnelEngine(loggers, time, configuration.Meaning.Admission, audit);
        var daemon = new ProxyDaemon(engine, audit, loader, output, manager, time);
        await daemon.StartAsync(configuration, signals.Stop);
        await daemon.RunAsync(configuration, trigger, signals.Stop);
        await Stopping.StopAsync(engine, output, signals);
        return Failure.None.ExitCode();
    }

    private AuditLog? AuditOf(LoadedConfiguration configuration, CommandOutput output, LineLoggerFactory loggers) =>
        configuration.Meaning.Audit is { } audit
            ? new AuditLog(
                configuration.AuditFile, audit.Console ? output.Result : null, time, loggers.CreateLogger("ActorTunnel.Audit"))
            : null;
}
