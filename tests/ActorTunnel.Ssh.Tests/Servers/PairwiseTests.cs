namespace ActorTunnel.Ssh.Tests.Servers;

public sealed class PairwiseTests
{
    private static readonly IReadOnlyList<string>[] _columns = [["a", "b", "c"], ["d", "e"], ["f", "g", "h", "i"], ["j"]];

    [Fact]
    public void Every_two_values_of_different_columns_meet()
    {
        var rows = Pairwise.Rows(_columns);
        for (var first = 0; first < _columns.Length; first++)
        {
            for (var second = first + 1; second < _columns.Length; second++)
            {
                Assert.Equal(
                    _columns[first].Count * _columns[second].Count, rows.Select(row => (row[first], row[second])).Distinct().Count());
            }
        }

        Assert.InRange(rows.Count, 12, 14);
    }

    [Fact]
    public void The_product_has_each_combination_once()
    {
        var rows = Pairwise.Product(_columns).Select(row => string.Concat(row)).ToArray();
        Assert.Equal(24, rows.Length);
        Assert.Equal(24, rows.Distinct().Count());
    }
}
