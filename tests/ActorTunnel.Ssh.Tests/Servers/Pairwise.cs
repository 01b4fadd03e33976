namespace ActorTunnel.Ssh.Tests.Servers;

/// <summary>
/// Few rows in which every value of each column meets every value of every other column: most defects of combinations need two values,
/// and the full product is thousands of rows.
/// </summary>
internal static class Pairwise
{
    /// <param name="columns">The values of each column.</param>
    /// <returns>Rows of one value for each column, the same ones every time.</returns>
    public static IReadOnlyList<string[]> Rows(params IReadOnlyList<string>[] columns)
    {
        var missing = Pairs(columns).ToHashSet();
        var rows = new List<string[]>();
        while (missing.Count > 0)
        {
            // Begun with a pair that is still missing, a row always makes progress; each further value is the one that meets most.
            var (first, value, second, other) = missing.Min();
            var row = new int[columns.Length];
            Array.Fill(row, -1);
            (row[first], row[second]) = (value, other);
            for (var column = 0; column < columns.Length; column++)
            {
                if (row[column] < 0)
                    row[column] = Enumerable.Range(0, columns[column].Count).MaxBy(candidate => Gain(missing, row, column, candidate));
            }

            missing.ExceptWith(PairsOf(row));
            rows.Add([.. row.Select((index, column) => columns[column][index])]);
        }

        return rows;
    }

    /// <summary>Every row there can be.</summary>
    public static IEnumerable<string[]> Product(params IReadOnlyList<string>[] columns) => columns.Aggregate(
        (IEnumerable<string[]>)[[]], (rows, column) => rows.SelectMany(row => column.Select(value => (string[])[.. row, value])));

    private static int Gain(HashSet<(int, int, int, int)> missing, int[] row, int column, int candidate)
    {
        var tried = (int[])row.Clone();
        tried[column] = candidate;
        return PairsOf(tried).Count(missing.Contains);
    }

    private static IEnumerable<(int First, int Value, int Second, int Other)> PairsOf(int[] row) =>
        from first in Enumerable.Range(0, row.Length)
        from second in Enumerable.Range(first + 1, row.Length - first - 1)
        where row[first] >= 0 && row[second] >= 0
        select (first, row[first], second, row[second]);

    private static IEnumerable<(int First, int Value, int Second, int Other)> Pairs(IReadOnlyList<string>[] columns) =>
        from first in Enumerable.Range(0, columns.Length)
        from second in Enumerable.Range(first + 1, columns.Length - first - 1)
        from value in Enumerable.Range(0, columns[first].Count)
        from other in Enumerable.Range(0, columns[second].Count)
        select (first, value, second, other);
}
