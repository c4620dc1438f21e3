namespace VSan.Tests.EndToEnd.Harness;

/// <summary>Finds the product's executables: in <c>$VSAN_BIN</c>, or in <c>artifacts/bin-aot</c> of the tree that this assembly was built in.</summary>
internal static class ProductBinaries
{
    public static string BlockServer => Find("vsan-blockserver");

    public static string Unit => Find("vsan-unit");

    public static string Station => Find("vsan-station");

    public static string Cli => Find("vsan");

    /// <summary>Where tests leave their logs: <c>artifacts/end-to-end</c>.</summary>
    public static string ResultsFolder => Path.Combine(Root(), "artifacts", "end-to-end");

    /// <summary>A systemd unit as it is shipped.</summary>
    public static string SystemdUnit(string name) => Path.Combine(Root(), "appliance", "systemd", name);

    private static string Find(string name)
    {
        string folder = Environment.GetEnvironmentVariable("VSAN_BIN") ?? Path.Combine(Root(), "artifacts", "bin-aot");
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"'{path}' does not exist: run ./dev build first, or point VSAN_BIN at the executables.");
    }

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "VSanAppliance.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No VSanAppliance.sln above '{AppContext.BaseDirectory}': run the tests from their tree.");
    }
}
