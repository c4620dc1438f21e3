using VSan.Contracts.Api;
using VSan.Station.Domain;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>The chain of the audit log: what was done to it shows.</summary>
public sealed class AuditTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, Func<List<AuditLine>, List<AuditLine>>, string> Damages => new()
    {
        { "who", lines => Replace(lines, 2, line => line with { Who = "somebody else" }), "Line 3" },
        { "when", lines => Replace(lines, 2, line => line with { At = line.At.AddTicks(1) }), "Line 3" },
        { "outcome", lines => Replace(lines, 4, line => line with { Outcome = "granted" }), "Line 5" },
        { "hash", lines => Replace(lines, 2, line => line with { Hash = new string('0', 64) }), "Line 3" },
        { "changed and hashed anew", lines => Replace(lines, 2, line => Rehash(line with { Who = "somebody else" }, lines[1])), "Line 4" },
        { "removed", lines => [.. lines[..2], .. lines[3..]], "After line 2 comes line 4" },
        { "removed and renumbered", lines => [.. lines[..2], .. lines[3..].Select(line => line with { Number = line.Number - 1 })], "Line 3" },
        { "reordered", lines => [lines[0], lines[2], lines[1], .. lines[3..]], "After line 1 comes line 3" },
        { "first removed", lines => lines[1..], "After line 0 comes line 2" },
    };

    [Fact]
    public void Walk_WholeLog_IsWhole()
    {
        AuditVerification found = Walk(Lines());
        Assert.True(found.Whole);
        Assert.Equal(6, found.Lines);
    }

    [Theory]
    [MemberData(nameof(Damages), DisableDiscoveryEnumeration = true)]
    public void Walk_Damage_IsFoundWhereItIs(string damage, Func<List<AuditLine>, List<AuditLine>> apply, string fault)
    {
        AuditVerification found = Walk(apply(Lines()));
        Assert.False(found.Whole, damage);
        Assert.StartsWith(fault, found.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Walk_NewestLinesCutOff_ShowsByWhatWasNotedOnly()
    {
        List<AuditLine> lines = Lines(), cut = lines[..4];
        Assert.True(Walk(cut).Whole);
        AuditWalk walk = new();
        foreach (AuditLine line in cut) walk.Take(line);
        walk.Compare(6, lines[5].Hash, hashNow: null);
        Assert.False(walk.Outcome().Whole);
    }

    [Fact]
    public async Task Station_MutationsAndDenials_AreInTheLogAndItIsWhole()
    {
        InMemoryStore store = new();
        StationServices services = new SimulatedStation(store).Services;
        await services.Hosts.CreateAsync(SimulatedStation.Admin, new HostCreate("h", "iqn.h"), null, default);
        await Assert.ThrowsAsync<ProblemException>(() => services.Hosts.CreateAsync(Caller.Of("v", Role.Viewer), new HostCreate("h2", "iqn.h2"), null, default));
        await Assert.ThrowsAsync<ProblemException>(() => services.Users.ListAsync(Caller.Of("v", Role.Viewer), new ListQuery(), default));

        AuditPage page = await services.Audit.ListAsync(SimulatedStation.Admin, new AuditQuery(), default);
        Assert.Equal(
            [("v", "user.read", "forbidden"), ("v", "host.create", "forbidden"), ("admin", "host.create", "granted")],
            page.Items.Select(line => (line.Who, line.Action, line.Outcome)));
        Assert.True((await services.Audit.VerifyAsync(SimulatedStation.Admin, (3, page.Items[0].Hash), default)).Whole);
        Assert.False((await services.Audit.VerifyAsync(SimulatedStation.Admin, (3, page.Items[1].Hash), default)).Whole);
        Assert.False((await services.Audit.VerifyAsync(SimulatedStation.Admin, (4, page.Items[0].Hash), default)).Whole);
    }

    private static List<AuditLine> Lines()
    {
        List<AuditLine> lines = [];
        AuditRecord? last = null;
        for (int index = 1; index <= 6; index++)
        {
            last = AuditChain.After(last, Now.AddSeconds(index), "admin", "volume.create", $"volume/v{index}", index == 5 ? "forbidden" : "granted");
            lines.Add(AuditChain.View(last));
        }

        return lines;
    }

    private static AuditVerification Walk(IEnumerable<AuditLine> lines)
    {
        AuditWalk walk = new();
        foreach (AuditLine line in lines) walk.Take(line);
        return walk.Outcome();
    }

    private static List<AuditLine> Replace(List<AuditLine> lines, int index, Func<AuditLine, AuditLine> change) => [.. lines[..index], change(lines[index]), .. lines[(index + 1)..]];

    private static AuditLine Rehash(AuditLine line, AuditLine before) => line with { Hash = line.HashAfter(before.Hash) };
}
