using VSan.Images;
using VSan.UnitAgent.Updating;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>A boot partition as build.sh makes it, and what the two boot loaders do with it.</summary>
internal static class BootPartition
{
    /// <summary>Makes one with its first version.</summary>
    public static void Make(string root, byte[] image, string version = "0.1.0")
    {
        Directory.CreateDirectory(Path.Combine(root, BootSlots.Folder));
        Directory.CreateDirectory(Path.Combine(root, "vsan", "grub"));
        File.WriteAllBytes(Path.Combine(root, BootSlots.Folder, $"vsan_{version}.efi"), image);
        File.WriteAllText(Path.Combine(root, BootSlots.Folder, $"vsan_{version}.grub"), string.Empty);
        File.WriteAllBytes(Path.Combine(root, BootSlots.Environment), new GrubEnvironment(version, null, 0).Format());
    }

    /// <summary>The version that systemd-boot starts: the newest that has tries left or was blessed. It must be whole.</summary>
    public static string WhatBoots(EspFiles files) => Next(files).Version.Text;

    /// <summary>Starts it, as systemd-boot counts: a try goes before the version is started.</summary>
    public static string Boot(EspFiles files)
    {
        Slot slot = Next(files);
        if (slot.TriesLeft is { } left) files.Move($"{BootSlots.Folder}/{slot.FileName}", $"{BootSlots.Folder}/vsan_{slot.Version}+{left - 1}-{Slot.Tries - left + 1}.efi");
        return slot.Version.Text;
    }

    private static Slot Next(EspFiles files)
    {
        Slot slot = files.Names(BootSlots.Folder).Select(name => Slot.TryParse(name, out Slot? found) ? found : null).OfType<Slot>().Where(slot => slot.TriesLeft is null or > 0).MaxBy(slot => slot.Version)!;
        using Stream file = files.Open($"{BootSlots.Folder}/{slot.FileName}");
        try
        {
            ImageFile.Inspect(file, ImageSigners.None);
        }
        catch (ImageRefusedException whole) when (whole.Message.StartsWith("Nobody", StringComparison.Ordinal))
        {
            return slot;
        }

        throw new InvalidOperationException("An image without signers cannot be believed.");
    }
}
