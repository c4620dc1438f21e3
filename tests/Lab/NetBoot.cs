using VSan.Tests.Harness;

namespace VSan.Tests.Lab;

/// <summary>
/// The servers that a machine is started by, and how the unit on it is told of its station: each way of starting shows another of the ways of
/// docs/protocol.md, 0.
/// <code>
///   uefi      credentials        bios     configuration file on the boot partition
///   pxe-uefi  command line       pxe-bios command line           http  DHCP option 224, the token by a credential
/// </code>
/// </summary>
internal sealed class NetBoot : IAsyncDisposable
{
    private const string EspOffset = "@@2M";
    private static readonly string Files = $"http://{LabNetwork.ServerAddress}:8080";

    private readonly List<IAsyncDisposable> _servers = [];

    private NetBoot(IReadOnlyDictionary<string, string> hints) => Hints = hints;

    /// <summary>What the machine is given by SMBIOS.</summary>
    public IReadOnlyDictionary<string, string> Credentials { get; private set; } = new Dictionary<string, string>();

    /// <summary>What is on the machine's disk.</summary>
    public string Disk { get; private set; } = ApplianceImage.Disk;

    private IReadOnlyDictionary<string, string> Hints { get; }

    private string KernelWords => string.Join(' ', Hints.Select(hint => $"vsan.{hint.Key}={hint.Value}"));

    public static async Task<NetBoot> StartAsync(LabNetwork network, TestDirectory directory, LabStation station, Firmware firmware)
    {
        NetBoot boot = new(new Dictionary<string, string> { ["station"] = LabStation.Address, ["ca"] = station.CaFingerprint, ["token"] = station.Token });
        try
        {
            await boot.ServeAsync(network, directory, firmware);
        }
        catch
        {
            await boot.DisposeAsync();
            throw;
        }

        return boot;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable server in _servers) await server.DisposeAsync();
    }

    private async Task ServeAsync(LabNetwork network, TestDirectory directory, Firmware firmware)
    {
        string[] more = [];
        switch (firmware)
        {
            case Firmware.Uefi:
                Credentials = Hints.ToDictionary(hint => $"vsan.{hint.Key}", hint => hint.Value);
                break;
            case Firmware.Bios:
                await ConfigureDiskAsync(directory);
                break;
            case Firmware.PxeUefi:
                more = Pxe($"kernel {Files}/vsan-appliance.efi {BaseWords()} {KernelWords}", directory);
                break;
            case Firmware.PxeBios:
                more = Pxe($"kernel {Files}/netboot/vmlinuz initrd=initrd {BaseWords()} {KernelWords}\ninitrd {Files}/netboot/initrd", directory);
                break;
            case Firmware.Http:
                Credentials = new Dictionary<string, string> { ["vsan.token"] = Hints["token"] };
                more =
                [
                    "--dhcp-match=set:efihttp,option:client-arch,16", "--dhcp-option-force=tag:efihttp,60,HTTPClient", $"--dhcp-boot=tag:efihttp,{Files}/vsan-appliance.efi",
                    $"--dhcp-option-force=224,{Hints["station"]}#{Hints["ca"]}",
                ];
                break;
        }

        _servers.Add(await LabDhcp.StartAsync(network, directory, more));
        if (firmware is Firmware.PxeUefi or Firmware.PxeBios or Firmware.Http) _servers.Add(ServeFiles(network, directory));
    }

    private static string BaseWords() => File.ReadAllText(ApplianceImage.Find(Path.Combine("netboot", "cmdline"))).Trim();

    private async Task ConfigureDiskAsync(TestDirectory directory)
    {
        Disk = directory.File("configured.img");
        string folder = directory.Folder("esp"), token = directory.SecretFile("token", Hints["token"]);
        (await ToolRun.RunAsync(
            ProductBinaries.Cli,
            ["image", "flash", "--image", ApplianceImage.Disk, "--to", Disk, "--station", Hints["station"], "--ca", Hints["ca"], "--token-file", token])).Succeeded();
        if (Appliance.MoreWords is not { } words) return;
        string entry = Path.Combine(folder, "entry.grub"), onDisk = $"::EFI/Linux/{Path.GetFileName(Directory.GetFiles(ApplianceImage.Folder, "vsan_*.efi").Single()).Replace(".efi", ".grub", StringComparison.Ordinal)}";
        await CopyAsync(onDisk, entry);
        string[] lines = await File.ReadAllLinesAsync(entry);
        await File.WriteAllLinesAsync(entry, lines.Select(line => line.StartsWith("linux ", StringComparison.Ordinal) ? $"{line} {words}" : line));
        await CopyAsync(entry, onDisk);
    }

    private async Task CopyAsync(string from, string to) =>
        (await ToolRun.RunAsync("mcopy", ["-o", "-i", $"{Disk}{EspOffset}", from, to], new Dictionary<string, string> { ["MTOOLS_SKIP_CHECK"] = "1" })).Succeeded();

    private static string[] Pxe(string script, TestDirectory directory)
    {
        File.WriteAllText(Path.Combine(directory.Folder("http"), "boot.ipxe"), $"#!ipxe\n{script}\nboot\n");
        return
        [
            "--enable-tftp", $"--tftp-root={Path.Combine(ApplianceImage.Folder, "netboot")}", "--dhcp-userclass=set:ipxe,iPXE", "--dhcp-match=set:efi,option:client-arch,7",
            "--dhcp-boot=tag:efi,tag:!ipxe,snponly.efi", "--dhcp-boot=tag:!efi,tag:!ipxe,undionly.kpxe", $"--dhcp-boot=tag:ipxe,{Files}/boot.ipxe",
        ];
    }

    private static ProcessUnderTest ServeFiles(LabNetwork network, TestDirectory directory)
    {
        string folder = directory.Folder("http");
        File.CreateSymbolicLink(Path.Combine(folder, "vsan-appliance.efi"), ApplianceImage.Kernel);
        Directory.CreateSymbolicLink(Path.Combine(folder, "netboot"), Path.Combine(ApplianceImage.Folder, "netboot"));
        return network.Start("busybox", ["httpd", "-f", "-p", Files["http://".Length..], "-h", folder], directory.File("http.log"));
    }
}
