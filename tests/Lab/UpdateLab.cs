using System.Diagnostics;
using System.Text.Json;
using VSan.Contracts.Api;
using VSan.Tests.Harness;

namespace VSan.Tests.Lab;

/// <summary>A station that keeps several versions, and booted units that are updated to them one at a time.</summary>
internal sealed class UpdateLab : IAsyncDisposable
{
    /// <summary>Under emulation, on a machine that does other things too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(40);

    private static readonly TimeSpan BootPatience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly TestDirectory _directory;
    private readonly LabNetwork _network;
    private readonly LabStation _station;
    private readonly NetBoot _netBoot;
    private readonly List<Appliance> _appliances = [];
    private readonly List<(Appliance Appliance, Unit Unit)> _units = [];

    private UpdateLab(TestDirectory directory, LabNetwork network, LabStation station, NetBoot netBoot) =>
        (_directory, _network, _station, _netBoot) = (directory, network, station, netBoot);

    /// <summary>The units, as they joined.</summary>
    public IEnumerable<Unit> Units => _units.Select(one => one.Unit);

    /// <summary>Makes everything; no unit is there yet.</summary>
    public static async Task<UpdateLab> MakeAsync(TestDirectory directory, Firmware firmware)
    {
        LabNetwork network = await LabNetwork.MakeAsync();
        try
        {
            LabStation station = await LabStation.StartAsync(network, directory);
            return new UpdateLab(directory, network, station, await NetBoot.StartAsync(network, directory, station, firmware));
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Switches another unit on and waits until it is ready.</summary>
    public async Task<Unit> AddUnitAsync(Firmware firmware)
    {
        int number = _units.Count + 1;
        Appliance appliance = new(_directory, $"unit-{number}", firmware, await _network.AddTapAsync(), number);
        foreach ((string key, string value) in _netBoot.Credentials) appliance.Credentials[key] = value;
        await appliance.MakeAsync(_netBoot.Disk);
        HashSet<Guid> known = [.. Units.Select(unit => unit.Id)];
        _appliances.Add(appliance);
        appliance.Start(_network);
        Unit ready = await ReadyAsync(appliance, unit => !known.Contains(unit.Id) && unit.State == UnitState.Ready);
        _units.Add((appliance, ready));
        return ready;
    }

    /// <summary>Gives the station a version.</summary>
    public async Task AddVersionAsync(string version) => (await _station.CliAsync("image", "add", VersionFile(version))).Succeeded();

    /// <summary>The station takes no file of which a byte was changed.</summary>
    public async Task RefuseTamperedAsync(string version)
    {
        string tampered = _directory.File("tampered.efi");
        File.Copy(VersionFile(version), tampered, overwrite: true);
        using (FileStream file = new(tampered, FileMode.Open))
        {
            file.Position = file.Length / 2;
            int there = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(there ^ 1));
        }

        ToolRun run = await _station.CliAsync("image", "add", tampered);
        File.Delete(tampered);
        if (run.ExitCode == 0 || !run.Errors.Contains("was changed", StringComparison.Ordinal)) throw new InvalidOperationException($"A tampered file was not refused: {run}");
    }

    /// <summary>Updates a unit.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> UpdateAsync(Unit unit, string version)
    {
        long start = Stopwatch.GetTimestamp();
        (await RunUpdateAsync(unit, version)).Succeeded();
        await RunsAsync(unit, version);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Updates a unit to a version that never gets healthy: it goes back by itself, and the operation says so.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> FallBackAsync(Unit unit, string broken, string before)
    {
        long start = Stopwatch.GetTimestamp();
        ToolRun run = await RunUpdateAsync(unit, broken);
        if (run.ExitCode == 0 || !run.Errors.Contains("went back by itself", StringComparison.Ordinal)) throw new InvalidOperationException($"The broken version was not noticed: {run}");
        await RunsAsync(unit, before);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Updates a unit and cuts its power at two moments: while it fetches the version, and when it has just begun to start it.</summary>
    /// <returns>The versions that it came back with after each cut.</returns>
    public async Task<IReadOnlyList<string>> CutPowerAsync(Unit unit, string version)
    {
        Appliance appliance = _units.First(one => one.Unit.Id == unit.Id).Appliance;
        (await _station.CliAsync("unit", "update", unit.Name, "--version", version)).Succeeded();
        List<string> back = [];
        foreach (string moment in (string[])["fetches version", "starts again with version"])
        {
            await PhaseAsync(appliance, moment);
            await appliance.CutPowerAsync();
            DateTimeOffset on = TimeProvider.System.GetUtcNow();
            appliance.Start(_network);
            back.Add((await ReadyAsync(appliance, found => found.Id == unit.Id && found.State == UnitState.Ready && found.LastSeenAt > on)).ImageVersion);
        }

        await Eventually.TrueAsync($"the update of {unit.Name} has ended", async () => await PhaseAsync() == "done", Patience);
        await RunsAsync(unit, version);
        return back;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Appliance appliance in _appliances) await appliance.CutPowerAsync();
        await _netBoot.DisposeAsync();
        await _station.DisposeAsync();
        await _network.DisposeAsync();
        _directory.Dispose();
    }

    private static string VersionFile(string version) => ApplianceImage.Find(Path.Combine("versions", $"vsan_{version}.efi"));

    private Task<ToolRun> RunUpdateAsync(Unit unit, string version) =>
        _station.CliAsync(Patience, "unit", "update", unit.Name, "--version", version, "--wait", "--timeout", $"{Patience.TotalMinutes:0}m");

    private Task RunsAsync(Unit unit, string version) => Eventually.TrueAsync(
        $"{unit.Name} is ready and runs version {version}",
        async () => (await LookAsync()).Any(found => found.Id == unit.Id && found.State == UnitState.Ready && found.ImageVersion == version),
        BootPatience);

    private async Task<Unit> ReadyAsync(Appliance appliance, Predicate<Unit> isIt)
    {
        try
        {
            return await Eventually.SomeAsync(
                "the unit is ready in the pool",
                async () =>
                {
                    appliance.MustRun();
                    return (await LookAsync()).FirstOrDefault(unit => isIt(unit));
                },
                BootPatience);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message} Its console:\n{appliance.ConsoleEnd()}");
        }
    }

    private async Task<IReadOnlyList<Unit>> LookAsync()
    {
        await Task.Delay(Look);
        return await _station.UnitsAsync();
    }

    private Task PhaseAsync(Appliance appliance, string moment) => Eventually.TrueAsync(
        $"the update's phase is '{moment}'",
        async () =>
        {
            appliance.MustRun();
            string phase = await PhaseAsync();
            if (phase is "done" or "failed") throw new InvalidOperationException($"The update has ended before '{moment}': {phase}");
            return phase.Contains(moment, StringComparison.Ordinal);
        },
        BootPatience);

    // Of the newest operation.
    private async Task<string> PhaseAsync()
    {
        await Task.Delay(Look / 5);
        ToolRun run = await _station.CliAsync("operation", "list", "-o", "json");
        return run.ExitCode != 0 ? string.Empty
            : ((OperationPage)JsonSerializer.Deserialize(run.Output, ApiJson.Default.GetTypeInfo(typeof(OperationPage))!)!).Items[0].Phase;
    }
}
