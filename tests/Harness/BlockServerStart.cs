namespace VSan.Tests.Harness;

/// <summary>How a block server is started.</summary>
internal sealed record BlockServerStart
{
    /// <summary>Rings, one thread each.</summary>
    public int Rings { get; init; } = 1;

    /// <summary>Where it keeps its state; null for a folder of the test's directory.</summary>
    public string? StateFolder { get; init; }

    /// <summary>The promise that it is to break, a name of appliance/Sabotage.cs; null for the binary that ships.</summary>
    public string? Sabotage { get; init; }

    /// <summary>A command that runs the server in its own place, such as <c>ip netns exec NAME</c>; empty for none.</summary>
    public IReadOnlyList<string> Wrapper { get; init; } = [];

    public string Executable => Sabotage is null ? ProductBinaries.BlockServer : ProductBinaries.BrokenBlockServer;

    public Dictionary<string, string> Environment => Sabotage is null ? [] : new() { ["VSAN_SABOTAGE"] = Sabotage };
}
