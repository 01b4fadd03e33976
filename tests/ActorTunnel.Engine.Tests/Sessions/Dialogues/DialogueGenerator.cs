namespace ActorTunnel.Engine.Tests.Sessions.Dialogues;

/// <summary>A random dialogue: mostly sense, some nonsense. The same seed gives the same one.</summary>
internal sealed partial class DialogueGenerator
{
    private const int MostTurns = 24;

    private readonly int _seed;
    private readonly Random _random;
    private readonly List<Turn> _turns = [];

    private DialogueGenerator(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
    }

    public static Dialogue Generate(int seed) => new DialogueGenerator(seed).Generate();

    private Dialogue Generate()
    {
        while (_turns.Count == 0 || _random.Next(MostTurns) > _turns.Count / 2)
            AddSome();
        return new Dialogue(_seed, Replies("220"), _turns, Any(Enum.GetValues<Ending>()))
        {
            AnswersAbortOnce = IsOneIn(2),
            Unknown = IsOneIn(2) ? Any("PASV", "EPSV", "PORT", "EPRT") : "",
            IsActiveMode = IsOneIn(2),
            HasTemporaryNames = IsOneIn(2),
        };
    }

    private void AddSome()
    {
        switch (_random.Next(12))
        {
            case < 4:
                AddTransfer();
                break;
            case 4:
                Add(SetUp());
                break;
            case 5:
                Add(Nonsense());
                break;
            case 6:
                Add(AnyAbort());
                break;
            case 7:
                Add(AnyStat());
                break;
            case 8 when IsOneIn(6):
                Add(new Quit(Command("QUIT"), Replies("221")));
                break;
            case 9 when IsOneIn(3):
                Add(new Restart(Command("REIN"), [.. IsOneIn(2) ? Replies("120") : [], .. Replies("220")]));
                break;
            case 10 when IsOneIn(6):
                Add(new Promise(Command("EPSV", "ALL")));
                break;
            default:
                Add(AnyPlain());
                break;
        }
    }

    private void Add(Turn turn) =>
        _turns.Add(turn with { Wait = _random.Next(5) switch { 0 => Wait.Replies, 1 => Wait.Begin, _ => Wait.Nothing } });

    private Abort AnyAbort() => new(Any("", "\xff\xf4\xff\xf2", "\xff\xf2") + Command("ABOR"), Replies(Any("225", "226")));

    private Stat AnyStat() => new((IsOneIn(3) ? "\xff\xf4\xff\xf2" : "") + Command("STAT"), Replies(Any("211", "211", "500", "502")));

    private bool IsOneIn(int count) => _random.Next(count) == 0;

    private T Any<T>(params T[] all) => all[_random.Next(all.Length)];
}
