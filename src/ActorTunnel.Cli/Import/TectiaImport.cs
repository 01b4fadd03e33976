using ActorTunnel.Engine.ConfigurationFiles;

namespace ActorTunnel.Cli.Import;

/// <summary>
/// Makes our configuration of Tectia's files, in the order in which the Broker reads them: default, global, user. Settings of a later file
/// override, profiles and tunnels add up, and of the filter engines the first counts.
/// </summary>
internal sealed class TectiaImport
{
    private readonly TectiaProfiles _profiles = new();
    private readonly TectiaTunnels _tunnels;
    private readonly TectiaRules _rules;

    private TectiaImport(ImportNotes notes)
    {
        Notes = notes;
        _tunnels = new TectiaTunnels(_profiles, notes);
        _rules = new TectiaRules(_profiles, notes);
    }

    private ImportNotes Notes { get; }

    public static ConfigurationFile Convert(IReadOnlyList<TectiaElement> files, ImportNotes notes)
    {
        var import = new TectiaImport(notes);
        import.Read(files);
        notes.Place = "";
        foreach (var file in files)
            file.Finish();
        return new ConfigurationFile
        {
            Socks = import.Socks(files),
            Profiles = import._profiles.Sections,
            Rules = import._rules.Rules,
            Tunnels = import._tunnels.Tunnels,
        };
    }

    private void Read(IReadOnlyList<TectiaElement> files)
    {
        Notes.Place = "profiles";
        foreach (var file in files)
        {
            file.Attribute("version");
            General(file);
            if (file.One("default-settings") is { } settings)
                Defaults(settings);
        }

        var read = (
            from file in files
            from list in file.All("profiles")
            from element in list.All("profile")
            select (Element: element, _profiles.Add(element, Notes).Name)).ToList();
        _profiles.ConnectGateways(Notes);
        foreach (var tunnel in files.SelectMany(file => file.All("static-tunnels")).SelectMany(list => list.All("tunnel")))
            _tunnels.AddStatic(tunnel);
        foreach (var (element, name) in read)
            _tunnels.AddOf(_profiles.Find(name)!, element);

        var engines = files.SelectMany(file => file.All("filter-engine")).ToList();
        if (engines is [var first, ..])
            _rules.Add(first);
        foreach (var other in engines.Skip(1))
            LeaveOut(other);
        RemoveUsers();
    }

    /// <summary>Without one that is asked for, Tectia captured the connections that its rules decide about.</summary>
    private SocksSection? Socks(IReadOnlyList<TectiaElement> files)
    {
        if (_tunnels.Socks is { } socks)
            return socks;
        if (_rules.Rules.Count == 0)
            return null;
        Notes.Place = "socks";
        files.SelectMany(file => file.All("filter-engine")).First().Note(
            "Tectia captured these connections; here applications come by SOCKS: set 127.0.0.1:1080 as SOCKS proxy in each of them");
        return new SocksSection();
    }

    /// <summary>A user whom nobody logs in as would need something to log in with.</summary>
    private void RemoveUsers()
    {
        foreach (var (name, rule) in _rules.TakesUsers)
        {
            var isNeeded = _profiles.Sections[name] is { User: null } or { ConnectOnStart: true }
                || _rules.Rules.Any(other => other.Profile == name && !other.UserFromApplication)
                || _tunnels.Tunnels.Any(tunnel => tunnel.Profile == name)
                || _profiles.Sections.Values.Any(other => other.Through == name);
            if (isNeeded)
                continue;
            Notes.Place = $"profiles.{name}";
            rule.Note(
                "username-from-app", $"clients say who they are: user {_profiles.Sections[name].User} of profile {name} was left out");
            _profiles.RemoveUser(name);
        }
    }

    private static void LeaveOut(TectiaElement engine)
    {
        engine.Note("an earlier file has a filter-engine, so this one does not count and was left out");
        foreach (var child in engine.Children)
            child.Skip();
    }

    private void Defaults(TectiaElement settings)
    {
        _profiles.Usual = TectiaSettings.Apply(settings, _profiles.Usual);
        if (settings.Attribute("user") is { } user)
            _profiles.Usual = _profiles.Usual with { User = TectiaProfile.UserOf(settings, user) };
    }

    private void General(TectiaElement file)
    {
        if (file.One("general") is not { } general)
            return;
        var files = new List<string>();
        foreach (var known in general.All("known-hosts"))
        {
            if (TectiaPath.Of(known, "file") is { } path)
            {
                files.Add(path);
                known.Note("file", "is read as OpenSSH's known_hosts, the first also written to: check that it is one");
            }

            foreach (var folder in (string[])["path", "directory", "filename-format"])
            {
                if (known.Text(folder) is not null)
                {
                    known.Note(folder, "has no equivalent: host keys stand in known_hosts files. ssh-keyscan fetches them;"
                        + " compare fingerprints");
                }
            }
        }

        if (files.Count > 0)
            _profiles.Usual = _profiles.Usual with { KnownHosts = files };
        Legacy(general);
    }

    /// <summary>Up to 6.1.3; from the most secure to the least.</summary>
    private void Legacy(TectiaElement general)
    {
        var strict = general.One("strict-host-key-checking")?.Flag("enable");
        var ask = general.One("host-key-always-ask")?.Flag("enable");
        var accept = general.One("accept-unknown-host-keys")?.Flag("enable");
        HostKeyMode? mode = strict == true ? HostKeyMode.Strict
            : ask == true ? HostKeyMode.Ask
            : accept == true ? HostKeyMode.AcceptNew
            : strict ?? ask ?? accept is null ? null
            : HostKeyMode.Ask;
        if (mode is { } policy)
            _profiles.Usual = _profiles.Usual with { HostKeyPolicy = policy };
    }
}
