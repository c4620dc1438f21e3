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

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    _ = stopped.TrySetResult();
}
