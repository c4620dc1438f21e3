using VSan.Tests.Harness;

namespace VSan.Tests.Proof.Guest;

/// <summary>Kernel and root file system of the guest, as tests/Guest/image.sh makes them in <c>artifacts/guest</c>.</summary>
internal static class GuestImage
{
    public static string Kernel => Find("vmlinuz");

    public static string InitialRamDisk => Find("initrd");

    private static string Find(string name)
    {
        string path = Path.Combine(Path.GetDirectoryName(ProductBinaries.ResultsFolder)!, "guest", name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"'{path}' does not exist: run ./dev guest, or tests/Guest/image.sh artifacts/guest.");
    }
}
