using System.Text.Json;
using ActorTunnel.Cli.Authentication;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.SshConfig;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Cli.Daemon.Profiles;

/// <summary>
/// Loads the profiles of the configuration file. One that is as it was stays the object that it was: only then do sessions of before and
/// after share SSH connections.
/// </summary>
/// <param name="sections">As the file has them.</param>
/// <param name="before">What was loaded last.</param>
/// <param name="paths">Where files are.</param>
/// <param name="builder">Builds what is the same for each session.</param>
/// <param name="keys">Finds keys.</param>
/// <param name="time">The clock, for password commands.</param>
/// <param name="mistake">Told of what cannot be used: profile, key, and why.</param>
internal sealed class ProfileLoader(
    IReadOnlyDictionary<string, ProfileSection> sections,
    IReadOnlyDictionary<string, LoadedProfile> before,
    ConfigurationPaths paths,
    ProfileBuilder builder,
    ProfileKeys keys,
    TimeProvider time,
    Action<string, string, string> mistake)
{
    /// <summary>As in the engine: jump hosts in a row.</summary>
    private const int MaxHops = 8;

    private readonly Dictionary<string, LoadedProfile> _loaded = [];
    private readonly Stack<string> _way = [];

    public async Task<IReadOnlyDictionary<string, LoadedProfile>> LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var name in sections.Keys)
            await LoadAsync(name, cancellationToken);
        return _loaded;
    }

    private async Task<LoadedProfile?> LoadAsync(string name, CancellationToken cancellationToken)
    {
        if (_loaded.TryGetValue(name, out var known))
            return known;

        var section = sections[name];
        _way.Push(name);
        var via = section.Through is { } through ? await LoadViaAsync(name, through, cancellationToken) : null;
        _way.Pop();
        return _loaded[name] = await LoadAsync(name, section, via, cancellationToken);
    }

    private async Task<LoadedProfile?> LoadViaAsync(string name, string through, CancellationToken cancellationToken)
    {
        if (_way.Contains(through))
        {
            mistake(name, "through", $"leads in a circle: {string.Join(" -> ", _way.Reverse())} -> {through}");
            return null;
        }

        if (!sections.TryGetValue(through, out var jump))
        {
            mistake(name, "through", $"there is no profile {through}");
            return null;
        }

        if (jump.Host is null || jump.User is null)
        {
            mistake(name, "through", $"profile {through} must name a host and a user to be a jump host");
            return null;
        }

        var via = _way.Count > MaxHops ? null : await LoadAsync(through, cancellationToken);
        if (via is not null && HopsTo(via) < MaxHops)
            return via;
        mistake(name, "through", $"there are more than {MaxHops} jump hosts in a row");
        return null;
    }

    private static int HopsTo(LoadedProfile profile)
    {
        var hops = 0;
        for (var via = profile.Via; via is not null; via = via.Via)
            hops++;
        return hops;
    }

    private async Task<LoadedProfile> LoadAsync(
        string name, ProfileSection section, LoadedProfile? via, CancellationToken cancellationToken)
    {
        var reader = new ProfileSettings(paths, (key, message) => mistake(name, key, message));
        var settings = reader.Read(section);
        var secret = reader.Secret("passwordFile", section.PasswordFile);
        var encrypted = secret is not null && UsesKeyFiles(section) ? ProfileKeys.Files(settings).Where(NeedsPassphrase).ToList() : [];
        var isPassphrase = encrypted.Count > 0;
        var password = PasswordOf(name, section, isPassphrase ? null : secret);
        var methods = MethodsOf(section, settings, password);
        var passphrase = isPassphrase ? PasswordFile.Source(secret!) : null;
        foreach (var file in encrypted)
        {
            if (await keys.ProblemAsync(file, passphrase!, cancellationToken) is { } problem)
                mistake(name, "passwordFile", problem);
        }

        var unusable = KeyProblems(section, settings, methods);
        foreach (var problem in unusable)
            mistake(name, "identityFiles", problem);
        var credentials = unusable.Count > 0 // What is wrong with them has been said.
            ? Array.Empty<SshCredential>().ToLookup(_ => LoginMethod.PublicKey)
            : await keys.LoadAsync(name, settings, methods, passphrase, cancellationToken);

        var stamp = StampOf(section, settings, credentials, isPassphrase);
        if (before.GetValueOrDefault(name) is { } old && old.Stamp == stamp && ReferenceEquals(old.Via, via))
            return old;

        var login = new ProfileLogin(methods, credentials, password, NamesKeys(section));
        if (section.User is not null && login.Own.Count == 0 && unusable.Count == 0)
        {
            var key = section.Methods is not null ? "methods" : section.IdentityFiles.Count > 0 ? "identityFiles" : "";
            mistake(name, key, $"there is nothing to log in as {section.User} with: no usable key, passwordFile or passwordCommand"
                + "; without user it is for rules with userFromApplication");
        }

        var pinned = reader.PinnedKeys.Count > 0 ? new PinnedHostKeys(reader.PinnedKeys) : null;
        var howToAdd = HowToAdd(name, settings);
        var hostKeys = new HostKeyPolicies(host => pinned ?? builder.HostKeys(settings with { HostName = host }, howToAdd));
        var retired = new CancellationTokenSource(); // Without a timer it holds nothing.
        var pattern = builder.Build(settings, [], hostKeys.For(settings.HostName), via?.Template.Make(new ProfileRequest(null, null)))
            with { Retired = retired.Token };
        var template = new ProfileTemplate
        {
            Name = name,
            Make = new ProfileFactory(pattern, login, hostKeys) { KeepsOwnOnly = section.IdleTimeout is null }.Make,
            NeedsHost = section.Host is null,
            NeedsUser = section.User is null,
        };
        return new LoadedProfile(template, stamp, via, retired);
    }

    private static string HowToAdd(string name, SshSettings settings) =>
        (settings.UserKnownHostsFiles is [var file, ..] ? $"add the key to {file}, or " : "")
        + $"set \"hostKeyPolicy\": \"accept-new\" in profile {name}";

    // An agent may have the private half of a key that has its public half beside.
    private static List<string> KeyProblems(ProfileSection section, SshSettings settings, IReadOnlyList<LoginMethod> methods)
    {
        if (section.IdentityFiles.Count == 0 || !methods.Contains(LoginMethod.PublicKey))
            return [];
        return [.. settings.IdentityFiles.Where(IdentityFile.Exists)
            .Select(path => IdentityFile.Read(path, canAsk: true))
            .Where(file => file.Problem is not null && (file.PublicKey is null || !methods.Contains(LoginMethod.Agent)))
            .Select(file => file.Problem!)];
    }

    private static bool NeedsPassphrase(string path) => IdentityFile.Exists(path) && IdentityFile.Read(path, canAsk: true).NeedsPassphrase;

    // Otherwise the secret is a password, whatever keys this user has for something else.
    private static bool UsesKeyFiles(ProfileSection section) =>
        section.Methods?.Contains(LoginMethod.PublicKey) ?? section.IdentityFiles.Count > 0;

    private PasswordSource? PasswordOf(string name, ProfileSection section, string? file)
    {
        if (section.PasswordCommand is not { } command)
            return file is null ? null : PasswordFile.Source(file);
        if (file is not null)
            mistake(name, "passwordCommand", "passwordFile and passwordCommand both give the password; leave one out");
        try
        {
            if (command is not [])
                return new PasswordCommand([paths.Program(command[0]), .. command.Skip(1)], time).RunAsync;
            mistake(name, "passwordCommand", "names no program");
        }
        catch (UsageException exception)
        {
            mistake(name, "passwordCommand", exception.Message);
        }

        return null;
    }

    private static bool NamesKeys(ProfileSection section) =>
        section.Agent is not null || section.IdentityFiles.Count > 0 || section.Methods is not null;

    /// <summary>Without a list: all that the profile names something for, what needs no password first.</summary>
    private static IReadOnlyList<LoginMethod> MethodsOf(ProfileSection section, SshSettings settings, PasswordSource? password)
    {
        if (section.Methods is { } methods)
            return [.. methods.Distinct()];
        var namesNothing = section.User is not null && !NamesKeys(section) && password is null;
        var result = new List<LoginMethod>();
        if (section.Agent is not null || namesNothing)
            result.Add(LoginMethod.Agent);
        if (settings.IdentityFiles.Count > 0 || namesNothing)
            result.Add(LoginMethod.PublicKey);
        // A known password is said first where it is asked for by its name: a hidden question may be for another secret.
        return [.. result, LoginMethod.Password, LoginMethod.KeyboardInteractive];
    }

    private static string StampOf(
        ProfileSection section, SshSettings settings, ILookup<LoginMethod, SshCredential> credentials, bool isPassphrase)
    {
        var blobs = credentials.SelectMany(group => group).Cast<PublicKeyCredential>()
            .Select(credential => credential.PublicKey.Fingerprint);
        return JsonSerializer.Serialize(section) + string.Join(' ', [.. settings.HostKeyFingerprints, .. blobs]) + isPassphrase;
    }
}
