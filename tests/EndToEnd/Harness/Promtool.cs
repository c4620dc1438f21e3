namespace VSan.Tests.EndToEnd.Harness;

/// <summary>Prometheus' own checker. Where it is missing it is taken out of Debian's package, which is not installed: that would start a server.</summary>
internal static class Promtool
{
    public static async Task<ToolRun> CheckAsync(string pagePath)
        => await ToolRun.RunAsync("sh", ["-c", $"exec '{await FindAsync()}' check metrics < '{pagePath}'"]);

    private static async Task<string> FindAsync()
    {
        string folder = Path.Combine(Path.GetDirectoryName(ProductBinaries.ResultsFolder)!, "tools", "prometheus");
        string own = Path.Combine(folder, "usr", "bin", "promtool");
        if ((await ToolRun.RunAsync("sh", ["-c", "command -v promtool"])) is { ExitCode: 0 } found) return found.Output.Trim();
        if (File.Exists(own)) return own;
        Directory.CreateDirectory(folder);
        _ = (await ToolRun.RunAsync(
            "sh",
            ["-c", $"cd '{folder}' && (apt-get download -q prometheus || (apt-get update -q && apt-get download -q prometheus)) && dpkg-deb -x prometheus_*.deb ."],
            within: TimeSpan.FromMinutes(3))).Succeeded();
        return own;
    }
}
