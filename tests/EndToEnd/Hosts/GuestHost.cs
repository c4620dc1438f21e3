using System.Globalization;
using VSan.Contracts.Api;
using VSan.Tests.EndToEnd.Harness;
using VSan.Tests.Proof.Guest;

namespace VSan.Tests.EndToEnd.Hosts;

/// <summary>
/// A Linux guest with the real <c>vsan-host</c> that uses a pool of processes on this machine: it reaches their loopback addresses through QEMU's own
/// network. What the agent remembers lies on a disk that outlives a power cut of the guest.
/// </summary>
internal sealed class GuestHost : IAsyncDisposable
{
    private const int SectorBytes = 512;
    private const long StateBytes = 64L << 20;

    private readonly TestDirectory _directory;
    private readonly TestPool _pool;
    private readonly TextWriter _log;
    private LinuxGuest? _guest;

    private GuestHost(TestDirectory directory, TestPool pool, TextWriter log) => (_directory, _pool, _log) = (directory, pool, log);

    private LinuxGuest Guest => _guest ?? throw new InvalidOperationException("The guest is off.");

    /// <summary>The host as the station has it, with a quota for what the tests ask for.</summary>
    public Host Row { get; private set; } = null!;

    /// <summary>Switches one on that has joined the pool.</summary>
    public static async Task<GuestHost> JoinAsync(TestDirectory directory, TestPool pool, TextWriter log)
    {
        GuestHost host = new(directory, pool, log)
        {
            Row = await pool.Api.PostAsync<Host>("hosts", new HostCreate("guest", "iqn.2026-11.io.example:host")),
        };
        await pool.Api.SendAsync(HttpMethod.Put, $"/api/v1/hosts/{host.Row.Id}/quota", """{ "bytesMax": 17179869184, "volumesMax": 8 }""");
        await using (FileStream state = File.Create(host.State)) state.SetLength(StateBytes);
        await host.SwitchOnAsync();
        try
        {
            string token = (await pool.Cli.RunAsync("host", "enroll-token", "guest", "-o", "name")).Succeeded().Output.Trim();
            await host.StepAsync($"umask 77 && echo {token} > /run/token && vsan-host join --station {pool.Station.Address.GetLeftPart(UriPartial.Authority)} --ca-fingerprint {pool.Station.CaFingerprint} --token-file /run/token");
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Boots; the agent's directories are as they were.</summary>
    public async Task SwitchOnAsync()
    {
        long length = new FileInfo(ProductBinaries.Host).Length;
        string program = _directory.File("vsan-host.disk");
        File.Copy(ProductBinaries.Host, program, overwrite: true);
        await using (FileStream disk = File.OpenWrite(program)) disk.SetLength((length + SectorBytes - 1) / SectorBytes * SectorBytes);
        string[] devices =
        [
            "-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,mac=52:54:00:77:01:01",
            "-drive", $"file={program},format=raw,if=none,id=program,read-only=on", "-device", "virtio-blk-pci,drive=program",
            "-drive", $"file={State},format=raw,if=none,id=state,cache=directsync", "-device", "virtio-blk-pci,drive=state",
        ];
        _guest = await LinuxGuest.BootAsync(_directory, ["qemu-system-x86_64"], devices, "nomultipath");
        await StepAsync($"pool_network && host_program {length.ToString(CultureInfo.InvariantCulture)} && host_state");
    }

    /// <summary>It loses its power.</summary>
    public async Task CutPowerAsync()
    {
        await Guest.KillAsync();
        await Guest.DisposeAsync();
        _guest = null;
    }

    /// <summary>A line of shell that has to end well; what it said.</summary>
    public async Task<string> StepAsync(string line)
    {
        GuestAnswer answer = await AskAsync(line);
        return answer.ExitCode == 0 ? answer.Said : throw new InvalidOperationException($"{line}\nexit {answer.ExitCode}\n{answer.Said}\nconsole:\n{Guest.ConsoleEnd()}");
    }

    /// <summary>A line of shell, however it ends.</summary>
    public async Task<GuestAnswer> AskAsync(string line)
    {
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        GuestAnswer answer = await Guest.AskAsync(line);
        await _log.WriteLineAsync($"[{answer.ExitCode}] {line} ({System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s)\n{answer.Said}");
        return answer;
    }

    /// <summary>Which unit serves a leg of a volume.</summary>
    public async Task<UnitUnderTest> UnitOfAsync(string volume, int leg)
    {
        Volume found = await _pool.FindVolumeAsync(volume);
        return _pool.Units.Single(unit => unit.Name == found.Legs[leg].UnitName);
    }

    public async ValueTask DisposeAsync()
    {
        if (_guest is not null) await _guest.DisposeAsync();
    }

    private string State => _directory.File("state.disk");
}
