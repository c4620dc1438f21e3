using System.Diagnostics;
using VSan.Contracts.Api;
using VSan.Tests.Harness;

namespace VSan.Tests.Lab;

/// <summary>A station, and one appliance that is switched on with nothing typed at it.</summary>
internal sealed class BootLab : IAsyncDisposable
{
    /// <summary>Under emulation, on a machine that does other things too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly TestDirectory _directory;
    private readonly LabNetwork _network;
    private readonly LabStation _station;
    private readonly NetBoot _netBoot;
    private readonly Appliance _appliance;

    private BootLab(TestDirectory directory, LabNetwork network, LabStation station, NetBoot netBoot, Appliance appliance) =>
        (_directory, _network, _station, _netBoot, _appliance) = (directory, network, station, netBoot, appliance);

    /// <summary>Makes everything; the appliance is still off.</summary>
    public static async Task<BootLab> MakeAsync(TestDirectory directory, Firmware firmware)
    {
        LabNetwork network = await LabNetwork.MakeAsync();
        try
        {
            LabStation station = await LabStation.StartAsync(network, directory);
            NetBoot netBoot = await NetBoot.StartAsync(network, directory, station, firmware);
            Appliance appliance = new(directory, "unit", firmware, await network.AddTapAsync(), number: 1);
            foreach ((string key, string value) in netBoot.Credentials) appliance.Credentials[key] = value;
            await appliance.MakeAsync(netBoot.Disk);
            return new BootLab(directory, network, station, netBoot, appliance);
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Switches the appliance on and waits until the pool calls its unit ready.</summary>
    /// <returns>The unit, and the time from the switch to ready.</returns>
    public async Task<(Unit Unit, TimeSpan Time)> BootAsync()
    {
        long start = Stopwatch.GetTimestamp();
        DateTimeOffset on = TimeProvider.System.GetUtcNow();
        _appliance.Start(_network);
        try
        {
            Unit unit = await Eventually.SomeAsync("the unit is ready in the pool", () => ReadyAsync(on), Patience);
            return (unit, Stopwatch.GetElapsedTime(start));
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message} Its console:\n{_appliance.ConsoleEnd()}");
        }
    }

    public Task CutPowerAsync() => _appliance.CutPowerAsync();

    public async ValueTask DisposeAsync()
    {
        await _appliance.CutPowerAsync();
        await _netBoot.DisposeAsync();
        await _station.DisposeAsync();
        await _network.DisposeAsync();
        _directory.Dispose();
    }

    // Seen since the power came: what it was before is not what it is.
    private async Task<Unit?> ReadyAsync(DateTimeOffset since)
    {
        _appliance.MustRun();
        await Task.Delay(Look);
        return (await _station.UnitsAsync()).FirstOrDefault(unit => unit.State == UnitState.Ready && unit.LastSeenAt > since);
    }
}
