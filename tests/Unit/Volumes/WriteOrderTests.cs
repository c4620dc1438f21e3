using VSan.Block;
using VSan.Volumes;
using Xunit;

namespace VSan.Tests.Unit.Volumes;

/// <summary>Overlapping changes against the obvious model: a change may begin when no earlier one that overlaps it is unfinished.</summary>
public sealed class WriteOrderTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void WriteOrder_RandomArrivalsAndEnds_AgreesWithTheModel(int seed, bool shared)
    {
        var order = new WriteOrder(shared);
        Assert.Null(FirstDisagreement(seed, order.TryEnter, order.Leave));
    }

    [Fact]
    public void Model_OrderThatHoldsNothingBack_Disagrees() => Assert.NotNull(FirstDisagreement(1, _ => true, _ => null));

    [Fact]
    public void Model_OrderThatForgetsWhoWaits_Disagrees()
    {
        var order = new WriteOrder(shared: false);
        Assert.NotNull(FirstDisagreement(1, order.TryEnter, request =>
        {
            _ = order.Leave(request);
            return null;
        }));
    }

    [Theory]
    [InlineData("file")]
    [LoopInlineData("device")]
    [InlineData("memory")]
    public void Volume_OverlappingWritesAtOnce_EndInOrderAndTheLastStays(string kind)
    {
        using var bench = new VolumeBench(kind);
        List<int> ended = bench.RunAtOnce(32, blocks: 128, overlapping: true, out _);
        Assert.Equal(Enumerable.Range(1, 32), ended);
        byte[] data = new byte[128 * 512];
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Read, 0, 128, data));
        Assert.All(data, value => Assert.Equal(32, value));
    }

    private static string? FirstDisagreement(int seed, Func<BlockRequest, bool> enter, Func<BlockRequest, BlockRequest?> leave)
    {
        var random = new Random(seed);
        List<BlockRequest> unfinished = [];
        HashSet<BlockRequest> begun = [];
        for (int step = 0; step < 5000; step++)
        {
            if (unfinished.Count < 40 && random.Next(2) == 0)
            {
                BlockRequest request = Change(random);
                unfinished.Add(request);
                if (enter(request)) begun.Add(request);
            }
            else if (begun.Count > 0)
            {
                BlockRequest ended = unfinished.Where(begun.Contains).ElementAt(random.Next(begun.Count));
                unfinished.Remove(ended);
                begun.Remove(ended);
                for (BlockRequest? released = leave(ended); released is not null; released = released.Next) begun.Add(released);
            }

            if (!unfinished.Where((one, index) => !unfinished.Take(index).Any(earlier => Overlap(earlier, one))).ToHashSet().SetEquals(begun))
                return $"seed {seed}, step {step}";
        }

        return null;
    }

    private static BlockRequest Change(Random random) => new()
    {
        Operation = BlockOperation.Write,
        Lba = new Lba((ulong)random.Next(200)),
        Count = new BlockCount((ulong)random.Next(1, 20)),
        Completion = new WriteBurst(0, 0, null!),
    };

    private static bool Overlap(BlockRequest one, BlockRequest other)
        => Blocks(one).Intersect(Blocks(other)).Any();

    private static IEnumerable<int> Blocks(BlockRequest request) => Enumerable.Range((int)request.Lba.Value, (int)request.Count.Value);
}
