using System.Xml;
using System.Xml.Linq;

namespace ActorTunnel.Cli.Import;

/// <summary>
/// An element, and what of it has been looked at. What nobody has asked for by the end is noted (<see cref="Finish"/>): so nothing is
/// dropped silently, not even what no manual mentions.
/// </summary>
internal sealed class TectiaElement
{
    private readonly XElement _element;
    private readonly ImportNotes _notes;
    private readonly string _file;
    private readonly HashSet<XName> _seen = [];
    private readonly List<TectiaElement> _children;
    private bool _textSeen;

    public TectiaElement(XElement element, string file, ImportNotes notes)
    {
        _element = element;
        _file = file;
        _notes = notes;
        _children = [.. element.Elements().Select(child => new TectiaElement(child, file, notes))];
    }

    public string Name => _element.Name.LocalName;

    /// <summary>The element with its parent, as people speak of it.</summary>
    public string Path => _element.Parent is { Parent: not null } parent ? $"{parent.Name.LocalName}/{Name}" : Name;

    /// <summary>In their order, whether looked at or not.</summary>
    public IReadOnlyList<TectiaElement> Children => _children;

    private bool IsSeen { get; set; }

    /// <summary>Null: it is not there.</summary>
    public string? Attribute(string name)
    {
        _seen.Add(name);
        return _element.Attribute(name)?.Value.Trim();
    }

    /// <summary>Null: it is not there, or empty.</summary>
    public string? Text(string attribute) => Attribute(attribute) is { Length: > 0 } text ? text : null;

    /// <summary>yes or no, which is also what it is when it is not there.</summary>
    public bool Flag(string attribute)
    {
        var text = Text(attribute);
        if (text is null || Is(text, "no") || Is(text, "false"))
            return false;
        if (Is(text, "yes") || Is(text, "true"))
            return true;
        Note(attribute, $"'{text}' is neither yes nor no, and was taken for no");
        return false;
    }

    /// <summary>A number from the least to the greatest; null: it is not there, or is none, which is noted.</summary>
    public long? Number(string attribute, long least, long greatest)
    {
        if (Text(attribute) is not { } text)
            return null;
        if (text.Length <= 18 && text.All(char.IsAsciiDigit)
            && long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) is var number && number >= least && number <= greatest)
        {
            return number;
        }

        Note(attribute, $"'{text}' is no number from {least} to {greatest}, and was left out");
        return null;
    }

    /// <summary>The text between its tags.</summary>
    public string Content()
    {
        _textSeen = true;
        return string.Concat(_element.Nodes().OfType<XText>().Select(text => text.Value)).Trim();
    }

    public IEnumerable<TectiaElement> All(string name)
    {
        foreach (var child in _children.Where(child => child.Name == name))
        {
            child.IsSeen = true;
            yield return child;
        }
    }

    /// <summary>The last one counts; null: there is none.</summary>
    public TectiaElement? One(string name) => All(name).ToList() is [.., var last] ? last : null;

    /// <summary>It is noted as a whole, or has been.</summary>
    public void Skip() => IsSeen = true;

    public void Note(string attribute, string why) => _notes.Add(_file, Line(_element.Attribute(attribute)), $"{Path}@{attribute}", why);

    public void Note(string why) => _notes.Add(_file, Line(null), Path, why);

    /// <summary>Notes what nobody has looked at, here and below.</summary>
    public void Finish()
    {
        foreach (var attribute in _element.Attributes().Where(attribute => !_seen.Contains(attribute.Name)))
            Note(attribute.Name.LocalName, MissingHere.Why(Name, attribute.Name.LocalName));
        if (!_textSeen && Content().Length > 0)
            Note("its text was left out: none is known to belong there");
        foreach (var child in _children)
        {
            if (child.IsSeen)
                child.Finish();
            else
                child.Note(MissingHere.Why(child.Name, null));
        }
    }

    private static bool Is(string text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);

    private int Line(XAttribute? attribute) => ((IXmlLineInfo?)attribute ?? _element).LineNumber;
}
