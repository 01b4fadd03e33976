using ActorTunnel.Engine.ConfigurationFiles;

namespace ActorTunnel.Cli.Import;

/// <summary>Profiles by the names that Tectia's rules and tunnels use, and those that rules make of them.</summary>
internal sealed class TectiaProfiles
{
    /// <summary>For rules that name none.</summary>
    private const string DefaultName = "default";

    private readonly Dictionary<string, TectiaProfile> _byId = [];
    private readonly Dictionary<string, TectiaProfile> _byName = [];
    private readonly List<(TectiaElement Element, string Gateway, string Name)> _gateways = [];

    /// <summary>What default-settings say.</summary>
    public ProfileSection Usual { get; set; } = new();

    public IReadOnlyDictionary<string, ProfileSection> Sections => _byName.ToDictionary(entry => entry.Key, entry => entry.Value.Section);

    /// <summary>By id, or by name as people write it too.</summary>
    public TectiaProfile? Find(string id) => _byId.GetValueOrDefault(id) ?? _byName.GetValueOrDefault(id);

    /// <summary>A profile of the same name in a later file takes the place of the earlier.</summary>
    public TectiaProfile Add(TectiaElement element, ImportNotes notes)
    {
        var id = element.Text("id");
        var name = element.Text("name") ?? id ?? "";
        if (name.Length == 0 || name.Any(char.IsControl))
        {
            name = $"profile-{_byName.Count + 1}";
            element.Note("id", $"is missing: it was named {name}");
        }
        else if (id is not null && _byName.ContainsKey(name) && !_byId.ContainsKey(id))
        {
            name = id; // Two profiles of one name: their ids differ.
        }

        notes.Place = $"profiles.{name}";
        var profile = TectiaProfile.Read(element, name, Usual);
        if (element.Text("gateway-profile") is { } gateway)
        {
            _gateways.Add((element, gateway, name));
            if (profile.Section.Proxy is not null)
                profile = profile with { Section = profile.Section with { Proxy = null } }; // As in Tectia, that of the gateway holds.
        }

        Put(profile, id);
        return profile;
    }

    /// <summary>When all profiles are known.</summary>
    public void ConnectGateways(ImportNotes notes)
    {
        foreach (var (element, gateway, name) in _gateways)
        {
            notes.Place = $"profiles.{name}";
            if (Find(gateway) is { } through)
                _byName[name] = _byName[name] with { Section = _byName[name].Section with { Through = through.Name } };
            else
                element.Note("gateway-profile", $"there is no profile '{gateway}': nobody would be reached through it, so write another");
        }

        foreach (var (id, profile) in _byId.ToList())
            _byId[id] = _byName[profile.Name];
    }

    /// <summary>The profile of rules that name none: what default-settings say.</summary>
    public TectiaProfile Default() => _byName.GetValueOrDefault(DefaultName)
        ?? Put(new TectiaProfile(DefaultName, Usual with { Host = null }, UserFromApplication: Usual.User is null), null);

    /// <summary>Each client says who it is.</summary>
    public void RemoveUser(string name) => _byName[name] = _byName[name] with { Section = _byName[name].Section with { User = null } };

    /// <summary>The same for another user.</summary>
    public TectiaProfile As(TectiaProfile profile, string user)
    {
        if (profile.Section.User == user)
            return profile;
        var name = $"{profile.Name} as {user}";
        return _byName.GetValueOrDefault(name)
            ?? Put(new TectiaProfile(name, profile.Section with { User = user }, UserFromApplication: false), null);
    }

    private TectiaProfile Put(TectiaProfile profile, string? id)
    {
        _byName[profile.Name] = profile;
        if (id is not null)
            _byId[id] = profile;
        return profile;
    }
}
