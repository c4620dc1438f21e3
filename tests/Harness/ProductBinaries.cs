namespace VSan.Tests.Harness;

/// <summary>Finds the product's executables: in <c>$VSAN_BIN</c>, or in <c>artifacts/bin-aot</c> of the tree that this assembly was built in.</summary>
internal static class ProductBinaries
{
    public static string BlockServer => Find("vsan-blockserver");

    /// <summary>The block server that can be told to break a promise (docs/adr/0024); <c>$VSAN_BIN_BROKEN</c>, or <c>artifacts/bin-broken</c>.</summary>
    public static string BrokenBlockServer => Find("vsan-blockserver", "VSAN_BIN_BROKEN", "bin-broken");

    /// <summary>The simulator of a product that can be told to break a promise; <c>$VSAN_SIM_BROKEN</c>, or where <c>./dev sim --planted</c> builds it.</summary>
    public static string BrokenSimulator => Find("VSan.Tests.Simulation", "VSAN_SIM_BROKEN", "sim-broken/bin/VSan.Tests.Simulation/release");

    public static string Unit => Find("vsan-unit");

    public static string Station => Find("vsan-station");

    public static string Cli => Find("vsan");

    public static string Host => Find("vsan-host");

    /// <summary>Where tests leave their logs: <c>artifacts/end-to-end</c>.</summary>
    public static string ResultsFolder => Path.Combine(Root(), "artifacts", "end-to-end");

    /// <summary>A systemd unit as it is shipped.</summary>
    public static string SystemdUnit(string name) => Path.Combine(Root(), "appliance", "systemd", name);

    private static string Find(string name, string variable = "VSAN_BIN", string otherwise = "bin-aot")
    {
        string folder = Environment.GetEnvironmentVariable(variable) ?? Path.Combine(Root(), "artifacts", otherwise);
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"'{path}' does not exist: run ./dev build first, or point {variable} at the executables.");
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
