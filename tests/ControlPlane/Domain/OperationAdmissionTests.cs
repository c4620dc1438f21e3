using VSan.Station.Domain;
using Xunit;

namespace VSan.Tests.ControlPlane.Domain;

/// <summary>Who begins when: locks of one kind and another, nobody overtaken, turns dealt out fairly.</summary>
public sealed class OperationAdmissionTests
{
    private static readonly Guid UnitA = new("00000000-0000-0000-0000-00000000000a");
    private static readonly Guid UnitB = new("00000000-0000-0000-0000-00000000000b");

    private int _number;

    [Theory]
    [InlineData("pool", "unit/A", true)]
    [InlineData("unit/A", "unit/A", true)]
    [InlineData("unit/A", "unit/A/disk/sda", true)]
    [InlineData("unit/A/disk/sda", "unit/A/disk/sdb", false)]
    [InlineData("unit/A", "unit/B", false)]
    [InlineData("unit/A", "volume/A", false)]
    [InlineData("name/volume:a", "name/volume:ab", false)]
    public void Lock_OneAlone_KeepsOthersFromAllBelowAndAbove(string one, string other, bool conflicts)
    {
        foreach ((string held, string wanted) in (ReadOnlySpan<(string, string)>)[(one, other), (other, one)])
        {
            Assert.Equal(conflicts ? OperationState.WaitingForLocks : OperationState.Running, StateOfSecond(OperationLock.Exclusive(held), OperationLock.Shared(wanted)));
            Assert.Equal(conflicts ? OperationState.WaitingForLocks : OperationState.Running, StateOfSecond(OperationLock.Shared(held), OperationLock.Exclusive(wanted)));
            Assert.Equal(OperationState.Running, StateOfSecond(OperationLock.Shared(held), OperationLock.Shared(wanted)));
        }
    }

    [Fact]
    public void Waiting_ForALock_SaysForWhatAndWhoHasIt()
    {
        Operation holder = AtWork(Waiting("anna", OperationLock.Exclusive("volume/1")));
        Operation waiting = Waiting("bert", OperationLock.Shared("unit/1"), OperationLock.Shared("volume/1"));
        OperationWait wait = Assert.Single(OperationAdmission.Decide([holder, waiting])).Wait!;
        Assert.Equal((WaitReason.Lock, "volume/1", holder.Id, holder.Title, "anna"), (wait.Reason, wait.LockPath, wait.HolderId!.Value, wait.HolderTitle, wait.HolderName));
        Assert.All(waiting.Locks, wanted => Assert.False(wanted.Held));
    }

    [Fact]
    public void Waiting_OlderForTheSame_IsNotOvertaken()
    {
        Operation holder = AtWork(Waiting("anna", OperationLock.Shared("pool")));
        Operation alone = Waiting("anna", OperationLock.Exclusive("pool"));
        Operation young = Waiting("bert", OperationLock.Shared("pool"));
        Operation[] changed = [.. OperationAdmission.Decide([holder, alone, young])];
        Assert.All(changed, operation => Assert.Equal(OperationState.WaitingForLocks, operation.State));
        Assert.Equal((holder.Id, alone.Id), (changed.Single(one => one.Id == alone.Id).Wait!.HolderId, changed.Single(one => one.Id == young.Id).Wait!.HolderId));
    }

    [Fact]
    public void Turns_OfTwoPeople_GoToWhoHasLessAtWork()
    {
        Operation[] busy = [.. Enumerable.Range(0, OperationAdmission.PoolMax - 1).Select(_ => AtWork(Waiting("anna")))];
        Operation more = Waiting("anna");
        Operation first = Waiting("bert");
        IReadOnlyList<Operation> changed = OperationAdmission.Decide([.. busy, more, first]);
        Assert.Equal(OperationState.Running, changed.Single(one => one.Id == first.Id).State);
        Assert.Equal(WaitReason.Turn, changed.Single(one => one.Id == more.Id).Wait!.Reason);
    }

    [Fact]
    public void Turns_OfAnAbsentUnit_AreNotTakenFromOthers()
    {
        OperationLock onA = OperationLock.Shared(LockPath.Unit(UnitA));
        Operation[] stuck = [.. Enumerable.Range(0, OperationAdmission.PoolMax).Select(_ => AtWork(Waiting("anna", onA)) with { Wait = new OperationWait(WaitReason.Unit, "away") })];
        Operation sameUnit = Waiting("anna", onA);
        Operation otherUnit = Waiting("anna", OperationLock.Shared(LockPath.Unit(UnitB)));
        IReadOnlyList<Operation> changed = OperationAdmission.Decide([.. stuck, sameUnit, otherUnit]);
        Assert.Equal(OperationState.Running, changed.Single(one => one.Id == otherUnit.Id).State);
        Assert.Equal(WaitReason.Turn, changed.Single(one => one.Id == sameUnit.Id).Wait!.Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_AllGetTheirTurnAndNoTwoThatConflict(int seed)
    {
        Random random = new(seed);
        Dictionary<Guid, Operation> unfinished = [];
        int ended = 0;
        for (int round = 0; round < 2000; round++)
        {
            if (round < 1000) Put(Waiting($"person-{random.Next(4)}", [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomLock(random))]));
            foreach (Operation changed in OperationAdmission.Decide([.. unfinished.Values])) Put(changed);
            Operation[] atWork = [.. unfinished.Values.Where(operation => !operation.IsWaitingToBegin)];
            Assert.All(atWork, one => Assert.DoesNotContain(atWork, other => one.Id != other.Id && one.Locks.Any(held => other.Locks.Any(wanted => Conflict(held, wanted)))));
            Assert.True(unfinished.Count == 0 || atWork.Length > 0, $"seed {seed}: nothing moves in round {round}.");
            foreach (Operation operation in atWork.Where(_ => random.Next(3) == 0))
            {
                unfinished.Remove(operation.Id);
                ended++;
            }
        }

        Assert.Equal((1000, 0), (ended, unfinished.Count));

        void Put(Operation operation) => unfinished[operation.Id] = operation;
    }

    // The slow, obvious rule.
    private static bool Conflict(OperationLock one, OperationLock other) =>
        (one.Mode == LockMode.Exclusive || other.Mode == LockMode.Exclusive) && (Covers(one.Path, other.Path) || Covers(other.Path, one.Path));

    private static bool Covers(string wide, string narrow) => wide == "pool" || wide == narrow || narrow.StartsWith($"{wide}/", StringComparison.Ordinal);

    private static OperationLock RandomLock(Random random)
    {
        string[] paths = ["pool", "unit/1", "unit/2", "unit/1/disk/a", "unit/1/disk/b", "volume/1", "volume/2", "volume/3", "host/1"];
        string path = paths[random.Next(random.Next(10) == 0 ? 0 : 1, paths.Length)];
        return random.Next(2) == 0 ? OperationLock.Shared(path) : OperationLock.Exclusive(path);
    }

    private OperationState StateOfSecond(OperationLock held, OperationLock wanted)
    {
        Operation first = AtWork(Waiting("anna", held));
        return Assert.Single(OperationAdmission.Decide([first, Waiting("bert", wanted)])).State;
    }

    private static Operation AtWork(Operation operation) => operation with { State = OperationState.Running, Locks = [.. operation.Locks.Select(wanted => wanted with { Held = true })] };

    private Operation Waiting(string person, params OperationLock[] locks)
    {
        DateTimeOffset now = DateTimeOffset.UnixEpoch.AddSeconds(++_number);
        return new Operation(
            Guid.CreateVersion7(now), "kind", $"operation {_number}", OperationState.Queued, "queued", [], OperationLock.Canonical(locks), Guid.Empty, person, false, null, null, null, null, null, now, null);
    }
}
