using System.Runtime.InteropServices;
using VSan.Contracts.Api;
using VSan.Tests.Harness;
using VSan.Tests.Lab;

// ./dev lab: boots the appliance's image in QEMU; docs/image.md says what is shown.
if (LabOptions.TryParse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(LabOptions.Usage);
    return 2;
}

// Whoever ends the lab ends its machines and its network too.
TaskCompletionSource stopped = new();
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    if (options.Verb == "update")
    {
        await using UpdateLab updates = await UpdateLab.MakeAsync(TestDirectory.For($"lab.update-{options.Firmware}"), options.Firmware);
        Task updating = UpdateAsync(updates);
        await await Task.WhenAny(updating, stopped.Task);
        return updating.IsCompletedSuccessfully ? 0 : 130;
    }

    await using BootLab lab = await BootLab.MakeAsync(TestDirectory.For($"lab.{options.Verb}-{options.Firmware}"), options.Firmware);
    Task work = RunAsync(lab);
    await await Task.WhenAny(work, stopped.Task);
    return work.IsCompletedSuccessfully ? 0 : 130;
}
catch (Exception failure) when (failure is TimeoutException or InvalidOperationException or IOException)
{
    await Console.Error.WriteLineAsync($"lab: {failure.Message}");
    return 1;
}

async Task RunAsync(BootLab lab)
{
    (Unit unit, TimeSpan first) = await lab.BootAsync();
    Console.WriteLine($"unit ready in {first.TotalSeconds:0.0} s ({unit.Name}, {string.Join(", ", unit.Portals)})");
    for (int round = 1; options.Verb == "powercut" && round <= options.Rounds; round++)
    {
        await lab.CutPowerAsync();
        (Unit again, TimeSpan time) = await lab.BootAsync();
        if (again.Id != unit.Id) throw new InvalidOperationException($"The unit came back as another one: {again.Id}, not {unit.Id}.");
        Console.WriteLine($"round {round}: unit ready in {time.TotalSeconds:0.0} s, the same unit");
    }
}

// Versions: 0.1.0 is flashed, 0.2.0 is good, 0.3.0 never gets healthy, 0.4.0 is good.
async Task UpdateAsync(UpdateLab lab)
{
    for (int number = 0; number < options.Units; number++) Console.WriteLine($"{(await lab.AddUnitAsync(options.Firmware)).Name} is ready");
    await lab.RefuseTamperedAsync("0.2.0");
    await lab.AddVersionAsync("0.2.0");
    List<string> shown = ["a tampered file was refused"];
    foreach (Unit unit in lab.Units) shown.Add($"{unit.Name} updated in {(await lab.UpdateAsync(unit, "0.2.0")).TotalSeconds:0} s");
    Unit first = lab.Units.First();
    if (!options.Short)
    {
        await lab.AddVersionAsync("0.3.0");
        shown.Add($"{first.Name} back from a broken version by itself after {(await lab.FallBackAsync(first, "0.3.0", before: "0.2.0")).TotalSeconds:0} s");
        await lab.AddVersionAsync("0.4.0");
        shown.Add($"power cut twice during an update: back with {string.Join(", then ", await lab.CutPowerAsync(first, "0.4.0"))}, at last 0.4.0");
    }

    Console.WriteLine(string.Join("; ", shown));
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    _ = stopped.TrySetResult();
}
