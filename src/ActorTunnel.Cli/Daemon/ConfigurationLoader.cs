using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Daemon.Profiles;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Cli.Daemon;

/// <summary>
/// Reads the configuration file and all that it names. Nothing is half applied: it is right as a whole, or its mistakes are told.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="builder">For profiles.</param>
/// <param name="keys">For profiles.</param>
/// <param name="report">Told every mistake and warning, in one line each.</param>
/// <param name="time">The clock.</param>
internal sealed class ConfigurationLoader(
    string path, ProfileBuilder builder, ProfileKeys keys, Action<string> report, TimeProvider time)
{
    private readonly ConfigurationPaths _paths = new(path);
    private readonly KeyedHash _hash = new();
    private IReadOnlyDictionary<string, LoadedProfile> _profiles = new Dictionary<string, LoadedProfile>();

    /// <summary>By which a change of the file is noticed; empty before it has been read.</summary>
    public byte[] Hash { get; private set; } = [];

    /// <summary>Null: there are mistakes, and they have been told.</summary>
    public async Task<LoadedConfiguration?> LoadAsync(CancellationToken cancellationToken)
    {
        Hash = [];
        ConfigurationText text;
        try
        {
            text = ConfigurationText.Read(path);
        }
        catch (TunnelException exception)
        {
            report(exception.Message);
            return null;
        }

        Hash = text.Hash;
        var source = ConfigurationReader.Read(text.Bytes);
        var mistakes = new List<Mistake>();
        var loader = new ProfileLoader(source.File.Profiles, _profiles, _paths, builder, keys, time, Add);
        var profiles = await loader.LoadAsync(cancellationToken);
        var users = Read("socks.usersFile", source.File.Socks?.UsersFile, ReadUsers);
        var auditFile = Read("audit.file", source.File.Audit?.File, _paths.Full);
        var meaning = CheckedConfiguration.Of(source);

        foreach (var warning in meaning.Warnings)
            report($"warning: {warning.In(path)}");
        foreach (var mistake in mistakes.Concat(meaning.Mistakes).OrderBy(mistake => mistake.Line))
            report(mistake.In(path));
        if (mistakes.Count > 0 || meaning.Mistakes.Count > 0)
            return null;
        _profiles = profiles;
        var templates = profiles.ToDictionary(profile => profile.Key, profile => profile.Value.Template);
        return new LoadedConfiguration(source.File, meaning.Build(templates), profiles, users, auditFile);

        void Add(string profile, string key, string message)
        {
            // That there is nothing to log in with may follow from a mistake that is told already.
            if (key is not ("" or "methods") || !source.IsProfileBroken(profile))
                mistakes.Add(source.MistakeAt(ConfigurationSource.PathOfProfile(profile, key), message));
        }

        T? Read<T>(string key, string? file, Func<string, T> read)
        {
            try
            {
                return file is null ? default : read(file);
            }
            catch (Exception exception) when (exception is TunnelException or UsageException)
            {
                mistakes.Add(source.MistakeAt(key, exception.Message));
                return default;
            }
        }
    }

    private (SocksUsers Users, string Stamp)? ReadUsers(string file) => SocksUsersFile.Read(_paths.Full(file), _hash);
}
