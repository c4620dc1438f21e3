using VSan.Station.Domain;
using VSan.Station.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.StationStore;

/// <summary>Writers that meet, readers beside them, and leases.</summary>
public abstract partial class StoreConformanceTests
{
    private static readonly TimeSpan Term = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Update_TwoFromTheSameGeneration_OneWins()
    {
        Host host = await Write(tx => tx.Table<Host>().Insert(new Host(Guid.NewGuid(), "h", "iqn.h", Now)));
        Exception?[] outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(index =>
            Record.ExceptionAsync(() => Task.Run(() => Write(tx => tx.Table<Host>().Update(host with { Name = $"h{index}" }))))));
        Assert.Equal(1, outcomes.Count(outcome => outcome is null));
        Assert.All(outcomes.OfType<Exception>(), outcome => Assert.IsType<StoreConflictException>(outcome));
        Assert.Equal(2, (await Read(tx => tx.Table<Host>().Find(host.Id)))!.Generation);
    }

    [Fact]
    public async Task Update_Removed_IsRefused()
    {
        Host host = await Write(tx => tx.Table<Host>().Insert(new Host(Guid.NewGuid(), "h", "iqn.h", Now)));
        await Write(tx =>
        {
            tx.Table<Host>().Delete(host.Id);
            tx.Table<Host>().Delete(host.Id);
            return true;
        });
        await Assert.ThrowsAsync<StoreConflictException>(() => Write(tx => tx.Table<Host>().Update(host)));
    }

    [Fact]
    public async Task Update_UniqueKeyTaken_RollsTheWholeTransactionBack()
    {
        Host first = await Write(tx => tx.Table<Host>().Insert(new Host(Guid.NewGuid(), "first", "iqn.1", Now)));
        Host second = await Write(tx => tx.Table<Host>().Insert(new Host(Guid.NewGuid(), "second", "iqn.2", Now)));
        await Assert.ThrowsAsync<StoreConflictException>(() => Write(tx =>
        {
            tx.Table<Host>().Update(first with { Name = "changed" });
            return tx.Table<Host>().Update(second with { InitiatorName = "iqn.1" });
        }));
        Assert.Equal(["first", "second"], (await Read(tx => tx.Table<Host>().Page(null, 9))).Select(host => host.Name).Order());
    }

    [Fact]
    public async Task Page_OfAllUnits_IsWhatTheTransactionHasMadeOfThem_InOrder()
    {
        VSan.Station.Domain.Unit[] units = [.. Enumerable.Range(0, 20).Select(index => SampleUnit($"unit-{index}"))];
        await Write(tx => units.Select(unit => tx.Table<VSan.Station.Domain.Unit>().Insert(unit)).ToArray());
        Assert.Equal(units.Select(unit => unit.Id.ToString()).Order(StringComparer.Ordinal), (await Write(AllUnits)).Select(unit => unit.Id.ToString()));
        IReadOnlyList<VSan.Station.Domain.Unit> within = await Write(tx =>
        {
            tx.Table<VSan.Station.Domain.Unit>().Delete(units[0].Id);
            tx.Table<VSan.Station.Domain.Unit>().Update(tx.Table<VSan.Station.Domain.Unit>().Find(units[1].Id)! with { Weight = 7 });
            tx.Table<VSan.Station.Domain.Unit>().Insert(SampleUnit("unit-20"));
            return AllUnits(tx);
        });
        Assert.Equal(within.Select(Brief), (await Read(AllUnits)).Select(Brief));
        Assert.Equal(within.Select(Brief), (await Write(AllUnits)).Select(Brief));
        Assert.Equal((20, 7), (within.Count, within.Single(unit => unit.Id == units[1].Id).Weight));
    }

    [Fact]
    public async Task Page_OfAllUnitsAfterATransactionThatWasUndone_IsAsBefore()
    {
        VSan.Station.Domain.Unit kept = await Write(tx => tx.Table<VSan.Station.Domain.Unit>().Insert(SampleUnit("kept")));
        VSan.Station.Domain.Unit changed = await Write(tx => tx.Table<VSan.Station.Domain.Unit>().Insert(SampleUnit("changed")));
        IEnumerable<(Guid, int, long)> before = (await Write(AllUnits)).Select(Brief);
        await Assert.ThrowsAsync<TimeoutException>(() => Write<bool>(tx =>
        {
            tx.Table<VSan.Station.Domain.Unit>().Delete(kept.Id);
            tx.Table<VSan.Station.Domain.Unit>().Update(changed with { Weight = 7 });
            tx.Table<VSan.Station.Domain.Unit>().Insert(SampleUnit("more"));
            throw new TimeoutException();
        }));
        Assert.Equal(before, (await Write(AllUnits)).Select(Brief));
        Assert.Equal(7, (await Write(tx => tx.Table<VSan.Station.Domain.Unit>().Update(changed with { Weight = 7 }))).Weight);
        Assert.Contains(await Write(AllUnits), unit => unit.Weight == 7);
    }

    [Fact]
    public async Task Read_WhileAWriterIsAtWork_SeesTheLastCommit()
    {
        await Write(tx => tx.Table<Host>().Insert(new Host(Guid.NewGuid(), "h", "iqn.h", Now)));
        int seen = await Write(tx =>
        {
            tx.Table<Host>().Insert(new Host(Guid.NewGuid(), "h2", "iqn.h2", Now));
            return Task.Run(() => Read(other => other.Table<Host>().Count)).GetAwaiter().GetResult();
        });
        Assert.Equal((1, 2), (seen, await Read(tx => tx.Table<Host>().Count)));
    }

    [Fact]
    public async Task Write_ReadsItsOwnChanges()
    {
        Guid id = Guid.NewGuid();
        (bool there, int named, bool gone) = await Write(tx =>
        {
            tx.Table<Host>().Insert(new Host(id, "h", "iqn.h", Now));
            bool found = tx.Table<Host>().Find(id) is not null;
            int count = tx.Table<Host>().CountWhere(Lookups.HostName, "h");
            tx.Table<Host>().Delete(id);
            return (found, count, tx.Table<Host>().Find(id) is null);
        });
        Assert.Equal((true, 1, true), (there, named, gone));
    }

    [Fact]
    public async Task Events_OfManyWriters_AreNumberedInTheOrderOfCommits()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (int index = 0; index < 25; index++)
            {
                await Write(tx =>
                {
                    Host host = tx.Table<Host>().Insert(new Host(Guid.NewGuid(), $"{writer}.{index}", $"iqn.{writer}.{index}", Now));
                    return tx.AppendEvent(Now, "added", host.Name, $"{tx.Table<Host>().Count}");
                });
            }
        })));
        IReadOnlyList<EventRecord> events = await Read(tx => tx.EventsAfter(0, 1000));
        Assert.Equal(Enumerable.Range(1, 100).Select(count => $"{count}"), events.Select(record => record.Message));
        Assert.Equal(events.Select(record => record.Number).Order(), events.Select(record => record.Number));
        Assert.Equal(events.Skip(60).Take(7), await Read(tx => tx.EventsAfter(events[59].Number, 7)));
    }

    [Fact]
    public async Task Events_PastTenThousand_DropTheOldest()
    {
        await Write(tx => Enumerable.Range(1, 10_020).Select(index => tx.AppendEvent(Now, "k", "s", $"m{index}")).ToArray());
        IReadOnlyList<EventRecord> kept = await Read(tx => tx.EventsAfter(0, 20_000));
        Assert.Equal((10_000, "m21", "m10020"), (kept.Count, kept[0].Message, kept[^1].Message));
    }

    [Fact]
    public async Task Page_WhileRowsComeAndGo_ShowsEachThatStaysOnce()
    {
        Host[] hosts = [.. Enumerable.Range(0, 20).Select(index => new Host(Guid.CreateVersion7(Now.AddSeconds(index)), $"h{index}", $"iqn.{index}", Now))];
        await Write(tx => hosts.Select(tx.Table<Host>().Insert).ToArray());
        List<Guid> seen = [];
        Guid? after = null;
        for (int page = 0; page < 5; page++)
        {
            IReadOnlyList<Host> items = await Read(tx => tx.Table<Host>().Page(after, 5));
            seen.AddRange(items.Select(host => host.Id));
            after = items.Count == 0 ? after : items[^1].Id;
            await Write(tx =>
            {
                if (after is { } last) tx.Table<Host>().Delete(last);
                return tx.Table<Host>().Insert(new Host(Guid.CreateVersion7(Now.AddSeconds(-1)), $"early{page}", $"iqn.early{page}", Now));
            });
        }

        Assert.Equal(hosts.Select(host => host.Id), seen);
    }

    [Fact]
    public async Task Lease_OfAnother_IsFreeWhenItsTimeIsOver()
    {
        Lease first = (await Write(tx => tx.TryTake(Now, "reconciler", "a", Term)))!;
        Assert.Null(await Write(tx => tx.TryTake(Now + Term - TimeSpan.FromTicks(1), "reconciler", "b", Term)));
        Lease renewed = (await Write(tx => tx.TryTake(Now + TimeSpan.FromSeconds(5), "reconciler", "a", Term)))!;
        Assert.Equal((first.Epoch, Now + TimeSpan.FromSeconds(20)), (renewed.Epoch, renewed.ExpiresAt));
        Lease second = (await Write(tx => tx.TryTake(Now + TimeSpan.FromSeconds(20), "reconciler", "b", Term)))!;
        Assert.Equal(("b", first.Epoch + 1), (second.Holder, second.Epoch));
        Assert.NotNull(await Write(tx => tx.TryTake(Now, "another", "c", Term)));
    }

    [Fact]
    public async Task Lease_TakenOver_FencesTheFormerHoldersWrites()
    {
        Lease first = (await Write(tx => tx.TryTake(Now, "reconciler", "a", Term)))!;
        Lease second = await Write(tx => tx.TakeOver(Now, "reconciler", "a", Term));
        await Assert.ThrowsAsync<LeaseLostException>(() => Write(tx =>
        {
            tx.Table<Host>().Insert(new Host(Guid.NewGuid(), "late", "iqn.late", Now));
            tx.RequireEpoch("reconciler", first.Epoch);
            return true;
        }));
        Assert.Equal(0, await Read(tx => tx.Table<Host>().Count));
        await Write(tx =>
        {
            tx.RequireEpoch("reconciler", second.Epoch);
            return true;
        });
    }

    [Fact]
    public async Task Lease_ClockSetBack_IsNobodyElses()
    {
        await Write(tx => tx.TryTake(Now, "reconciler", "a", Term));
        Assert.Null(await Write(tx => tx.TryTake(Now.AddYears(-1), "reconciler", "b", Term)));
    }

    private static IReadOnlyList<VSan.Station.Domain.Unit> AllUnits(IStationTransaction transaction) => transaction.Table<VSan.Station.Domain.Unit>().Page(after: null, int.MaxValue);

    private static (Guid Id, int Weight, long Generation) Brief(VSan.Station.Domain.Unit unit) => (unit.Id, unit.Weight, unit.Generation);
}
