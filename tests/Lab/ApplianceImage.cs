using VSan.Tests.Harness;

namespace VSan.Tests.Lab;

/// <summary>What <c>./dev image</c> made in <c>artifacts/image</c>.</summary>
internal static class ApplianceImage
{
    public static string Folder => Path.Combine(RepositoryRoot.Path, "artifacts", "image");

    /// <summary>The disk, as it is flashed.</summary>
    public static string Disk => Find("vsan-appliance.img");

    /// <summary>The kernel with everything in it.</summary>
    public static string Kernel => Find("vsan-appliance.efi");

    public static string FirmwareCode => Find(Path.Combine("firmware", "OVMF_CODE_4M.fd"));

    public static string FirmwareVariables => Find(Path.Combine("firmware", "OVMF_VARS_4M.fd"));

    public static string Find(string name)
    {
        string path = Path.Combine(Folder, name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"'{path}' does not exist: run ./dev image first.");
    }
}
