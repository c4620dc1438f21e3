using System.Globalization;
using System.Net.Sockets;
using VSan.Tests.Harness;

namespace VSan.Tests.Proof.Guest;

/// <summary>
/// A Debian kernel with its stock iSCSI initiator in QEMU under software emulation. It carries out lines of shell that come over a virtio console;
/// what its kernel says is in <c>console.log</c>, what it was asked and answered in <c>guest.log</c>.
/// </summary>
internal sealed class LinuxGuest : IAsyncDisposable
{
    private const int ProcessorCount = 2;
    private const int MemoryMiB = 1024;
    private const int ConsoleLines = 40;
    private const string End = "EXIT ";

    /// <summary>
    /// Everything is some twenty times slower than on the machine itself, and that is busy: 128 MiB of a verifying load took more than three minutes.
    /// A step that waits for something has its own, shorter time.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly ProcessUnderTest _machine;
    private readonly string _console;
    private readonly StreamWriter _log;
    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;

    private LinuxGuest(ProcessUnderTest machine, string console, StreamWriter log, Socket channel)
    {
        (_machine, _console, _log) = (machine, console, log);
        NetworkStream stream = new(channel, ownsSocket: true);
        (_reader, _writer) = (new StreamReader(stream), new StreamWriter(stream) { AutoFlush = true, NewLine = "\n" });
    }

    /// <summary>Switches it on and waits until it takes steps.</summary>
    public static Task<LinuxGuest> BootAsync(TestDirectory directory, GuestNetwork network) =>
        BootAsync(directory, [.. network.Enter, "qemu-system-x86_64"], [.. network.Links.SelectMany(Card)]);

    /// <summary>Switches one on that is no host by multipath, and has the devices that are told.</summary>
    /// <param name="directory">Where its logs go.</param>
    /// <param name="machine">The command that QEMU's arguments are put behind.</param>
    /// <param name="devices">QEMU's arguments for cards and disks.</param>
    /// <param name="options">What the kernel's command line says besides.</param>
    public static async Task<LinuxGuest> BootAsync(TestDirectory directory, IReadOnlyList<string> machine, IReadOnlyList<string> devices, string options = "")
    {
        string path = directory.Socket("channel"), console = directory.File("console.log");
        File.Delete(path);
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        string[] command = [.. machine, .. Machine(console, path, options), .. devices];
        ProcessUnderTest process = ProcessUnderTest.Start(command[0], command[1..], directory.File("qemu.log"));
        Task<Socket> connected = listener.AcceptAsync();
        await Eventually.TrueAsync("QEMU connects to the channel", () => connected.IsCompleted || !process.Running);
        if (!connected.IsCompleted) throw new InvalidOperationException($"QEMU ended: {process.Output}");
        LinuxGuest guest = new(process, console, new StreamWriter(directory.File("guest.log"), append: true) { AutoFlush = true }, await connected);
        await guest.ReadUntilAsync("READY");
        return guest;
    }

    /// <summary>Has the guest carry out a line of shell (tests/Guest/root/guest/steps.sh is there to use) and waits for its end.</summary>
    public async Task<GuestAnswer> AskAsync(string line)
    {
        await _log.WriteLineAsync($"# {line}");
        await _writer.WriteLineAsync(line);
        (List<string> said, string end) = await ReadUntilAsync(End);
        return new GuestAnswer(int.Parse(end[End.Length..], CultureInfo.InvariantCulture), string.Join('\n', said));
    }

    /// <summary>Closes the channel, on which the guest switches itself off, and waits for that.</summary>
    public async Task SwitchOffAsync()
    {
        await _writer.WriteLineAsync("exec poweroff -f");
        if (await _machine.ExitAsync(Patience) != 0) throw new InvalidOperationException($"QEMU ended badly: {_machine.Output}");
    }

    /// <summary>It loses its power.</summary>
    public Task KillAsync() => _machine.KillAsync();

    /// <summary>The last that its kernel said.</summary>
    public string ConsoleEnd() => string.Join('\n', File.ReadLines(_console).TakeLast(ConsoleLines));

    public async ValueTask DisposeAsync()
    {
        await _machine.DisposeAsync();
        _reader.Dispose();
        await _log.DisposeAsync();
    }

    private static string[] Machine(string console, string channel, string options) =>
    [
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-machine", "q35,usb=off", "-accel", "tcg,thread=multi", "-cpu", "max",
        "-smp", ProcessorCount.ToString(CultureInfo.InvariantCulture), "-m", MemoryMiB.ToString(CultureInfo.InvariantCulture),
        "-kernel", GuestImage.Kernel, "-initrd", GuestImage.InitialRamDisk,
        "-append", $"console=ttyS0 panic=-1 net.ifnames=0 mitigations=off {options}", "-serial", $"file:{console}",
        "-device", "virtio-serial-pci", "-chardev", $"socket,id=channel,path={channel}", "-device", "virtconsole,chardev=channel",
    ];

    private static string[] Card(GuestLink link) =>
    [
        "-netdev", $"tap,id={link.Tap},ifname={link.Tap},script=no,downscript=no",
        "-device", $"virtio-net-pci,netdev={link.Tap},mac=52:54:00:77:00:0{link.PortalGroup}",
    ];

    /// <returns>The lines before the one that begins so, and that one.</returns>
    private async Task<(List<string> Said, string End)> ReadUntilAsync(string beginning)
    {
        List<string> said = [];
        using CancellationTokenSource late = new(Patience);
        while (true)
        {
            string? line;
            try
            {
                line = await _reader.ReadLineAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The guest does not answer within {Patience.TotalSeconds} s. Its console:\n{ConsoleEnd()}");
            }

            if (line is null) throw new IOException($"The guest has ended. Its console:\n{ConsoleEnd()}");
            await _log.WriteLineAsync(line);
            if (line.StartsWith(beginning, StringComparison.Ordinal)) return (said, line);
            said.Add(line);
        }
    }
}
