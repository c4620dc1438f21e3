using VSan.Contracts.Api;
using VSan.Tests.EndToEnd.Harness;
using Xunit;

namespace VSan.Tests.EndToEnd.Pool;

/// <summary>The station is lost with its keys and without a backup; another takes its place and learns everything from the units (I8).</summary>
public sealed class ImportTests
{
    [Fact]
    public async Task StationLost_AnotherImportsFromTheUnits_TheHostReadsItsBytes()
    {
        using TestDirectory directory = TestDirectory.For(this);
        Volume before, mirror;
        string formerCa, initiator;
        await using (TestPool pool = await TestPool.StartAsync(directory, units: 2))
        {
            Host host = await pool.AddHostAsync("db");
            HostAccess access = await pool.CreateVolumeAsync("kept", host);
            await QemuIo.WriteAndReadBackAsync(directory, access, 0x5a);
            VolumeAccepted both = await pool.Api.PostAsync<VolumeAccepted>("volumes?wait=30s", new VolumeCreate("both", 64L << 20, null, null, null, null) { Layout = "mirror-2" });
            Assert.Equal(OperationState.Succeeded, both.Operation.State);
            (before, mirror, initiator) = (await pool.FindVolumeAsync("kept"), await pool.FindVolumeAsync("both"), access.Initiator);
            formerCa = await File.ReadAllTextAsync(pool.Station.CaFile);
        }

        await using TestPool next = await TestPool.StartAsync(directory, units: 0, stateFolder: "station-2.state");
        next.StartUnit();
        next.StartUnit();
        await Eventually.TrueAsync("both units are known to know more", async () =>
            (await next.Api.GetAsync<UnitPage>("units")).Items.Count(unit => unit.Conditions.Any(condition => condition.Code == "generation-refused")) == 2);

        ImportReport strange = await next.Api.PostAsync<ImportReport>("pool:import", new ImportRequest(null, null));
        Assert.Empty(strange.Volumes);
        Assert.All(strange.Notes, note => Assert.Contains("--former-ca", note, StringComparison.Ordinal));

        ImportReport report = await next.Api.PostAsync<ImportReport>("pool:import", new ImportRequest(formerCa, null));
        Assert.Equal(["both", "kept"], report.Volumes.Order());
        Assert.Empty(report.Notes);
        await next.AllReadyAsync();
        Volume after = await next.FindVolumeAsync("kept");
        Assert.Equal((before.Id, before.Legs[0].Naa, before.Mappings[0].Legs[0].Lun), (after.Id, after.Legs[0].Naa, after.Mappings[0].Legs[0].Lun));
        Assert.Equal(mirror.Legs.Select(leg => leg.Naa), (await next.FindVolumeAsync("both")).Legs.Select(leg => leg.Naa));
        HostAccess again = await next.AccessAsync(after.Id);
        Assert.Equal(initiator, again.Initiator);
        await Eventually.TrueAsync("the host reads its bytes by its new secret", async () => (await QemuIo.RunAsync(directory, again, "read -P 0x5a 0 1M", "read -P 0xa5 1M 4k")).ExitCode == 0);
    }
}
