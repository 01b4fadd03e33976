using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ActorTunnel.Actors;

/// <summary>
/// Where an actor is in the tree, such as <c>akka://tunnel/user/engine/sessions</c>. Paths are equal when all names on them are, whatever
/// the <see cref="Uid"/>.
/// </summary>
public sealed class ActorPath : IEquatable<ActorPath>
{
    private const string SpecialCharacters = "-_.*$+:@&=,!~';()\"";

    private readonly ActorPath? _parent;

    internal ActorPath(ActorPath? parent, string name, long uid)
    {
        _parent = parent;
        Name = name;
        Uid = uid;
    }

    /// <summary>The last part of the path, unique among living siblings.</summary>
    public string Name { get; }

    /// <summary>Distinguishes actors that had the same path one after the other; 0 for what is no actor.</summary>
    public long Uid { get; }

    /// <summary>Whether both are the same path or both null.</summary>
    public static bool operator ==(ActorPath? left, ActorPath? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether the paths differ.</summary>
    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);

    /// <inheritdoc/>
    public bool Equals(ActorPath? other)
    {
        var (mine, theirs) = (this, other);
        while (!ReferenceEquals(mine, theirs))
        {
            if (mine is null || theirs is null || mine.Name != theirs.Name)
                return false;
            (mine, theirs) = (mine._parent, theirs._parent);
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_parent, Name);

    /// <summary>The path without its uid.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text);
        return text.ToString();
    }

    /// <summary>Names are parts of a URI (RFC 3986, section 3.3); a leading <c>$</c> belongs to the names the kernel gives.</summary>
    internal static bool IsValidName([NotNullWhen(true)] string? name) =>
        !string.IsNullOrEmpty(name) && name[0] != '$' && name.All(c => char.IsAsciiLetterOrDigit(c) || SpecialCharacters.Contains(c));

    private void Append(StringBuilder text)
    {
        if (_parent is not null)
        {
            _parent.Append(text);
            text.Append('/');
        }

        text.Append(Name);
    }
}
