using System.Globalization;
using System.Text;
using VSan.Tests.Harness;

namespace VSan.Tests.Lab;

/// <summary>
/// One storage server in QEMU under software emulation, with a disk that the image was written to. What it says on its serial line is in
/// <c>NAME.console.log</c>. Power is cut by killing QEMU; its disks are opened without a cache of the host's, so that what the
/// machine has not flushed may be gone.
/// </summary>
internal sealed class Appliance(TestDirectory directory, string name, Firmware firmware, string tap, int number)
{
    private const int MemoryMiB = 1536;
    private const string DiskSize = "6G";

    private ProcessUnderTest? _machine;

    /// <summary>For a person who looks for a fault: more words for the kernel's command line.</summary>
    public static string? MoreWords { get; } = Environment.GetEnvironmentVariable("VSAN_LAB_CMDLINE") is { Length: > 0 } words ? words : null;

    /// <summary>systemd credentials that the machine is given by SMBIOS, as a hypervisor's owner gives them.</summary>
    public Dictionary<string, string> Credentials { get; } = [];

    public string Console => directory.File($"{name}.console.log");

    public bool IsFromDisk => firmware is Firmware.Uefi or Firmware.Bios;

    private string Disk => directory.File($"{name}.qcow2");

    private string Variables => directory.File($"{name}.vars.fd");

    /// <summary>Makes its disk: the image's bytes, and free space behind them.</summary>
    public async Task MakeAsync(string image)
    {
        File.Copy(ApplianceImage.FirmwareVariables, Variables, overwrite: true);
        if (IsFromDisk) (await ToolRun.RunAsync("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "raw", "-b", image, Disk, DiskSize])).Succeeded();
    }

    /// <summary>Switches it on.</summary>
    public void Start(LabNetwork network)
    {
        if (_machine is { Running: true }) throw new InvalidOperationException($"{name} is on.");
        _machine = network.Start("qemu-system-x86_64", [.. Board(), .. Boot(), .. Card(), .. Smbios()], directory.File($"{name}.qemu.log"));
    }

    /// <summary>Cuts its power.</summary>
    public async Task CutPowerAsync()
    {
        if (_machine is null) return;
        await _machine.DisposeAsync();
        _machine = null;
    }

    /// <summary>Fails when it ended by itself.</summary>
    public void MustRun()
    {
        if (_machine is not { Running: true }) throw new InvalidOperationException($"{name} is off: {_machine?.Output}\n{ConsoleEnd()}");
    }

    /// <summary>The last that it said on its serial line.</summary>
    public string ConsoleEnd() => File.Exists(Console) ? string.Join('\n', File.ReadLines(Console).TakeLast(40)) : string.Empty;

    private string[] Board() =>
    [
        "-nodefaults", "-no-user-config", "-display", "none", "-machine", "q35", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2",
        "-m", MemoryMiB.ToString(CultureInfo.InvariantCulture), "-vga", "std", "-serial", $"file:{Console}", "-device", "virtio-rng-pci",
    ];

    private string[] Boot()
    {
        string[] uefi =
        [
            "-drive", $"if=pflash,unit=0,format=raw,readonly=on,file={ApplianceImage.FirmwareCode}", "-drive", $"if=pflash,unit=1,format=raw,file={Variables}",
        ];
        string[] disk = ["-drive", $"if=none,id=disk,file={Disk},format=qcow2,cache=none", "-device", $"virtio-blk-pci,drive=disk,serial=boot-{number},bootindex=1"];
        return firmware switch
        {
            Firmware.Uefi => [.. uefi, .. disk],
            Firmware.Bios => disk,
            Firmware.PxeUefi => uefi,
            // Straight to HTTP: OVMF tries PXE before it, and IPv6 before IPv4.
            Firmware.Http => [.. uefi, "-fw_cfg", "name=opt/org.tianocore/IPv4PXESupport,string=n", "-fw_cfg", "name=opt/org.tianocore/IPv6PXESupport,string=n"],
            Firmware.PxeBios => [],
        };
    }

    private string[] Card()
    {
        string start = IsFromDisk ? ",romfile=" : firmware == Firmware.PxeBios ? ",bootindex=1" : ",bootindex=1,romfile=";
        return ["-netdev", $"tap,id=net,ifname={tap},script=no,downscript=no", "-device", $"virtio-net-pci,netdev=net,mac=52:54:00:77:00:{number:x2}{start}"];
    }

    private IEnumerable<string> Smbios()
    {
        IEnumerable<string> strings = Credentials.Select(credential =>
            $"io.systemd.credential.binary:{credential.Key}={Convert.ToBase64String(Encoding.ASCII.GetBytes(credential.Value))}");
        if (MoreWords is not null) strings = strings.Append($"io.systemd.stub.kernel-cmdline-extra={MoreWords}");
        // QEMU takes two commas for one.
        return strings.SelectMany(text => (string[])["-smbios", $"type=11,value={text.Replace(",", ",,", StringComparison.Ordinal)}"]);
    }
}
