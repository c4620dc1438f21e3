using System.Text.RegularExpressions;
using VSan.Tests.EndToEnd.Harness;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>Our systemd units against systemd's own measure, and the calls of a server that serves against its unit's list.</summary>
public sealed partial class PrivilegeUnitFileTests
{
    // systemd-analyze takes ten times the exposure: 1.5.
    private const string ThresholdTenths = "15";

    [Theory]
    [InlineData("vsan-blockserver.service")]
    [InlineData("vsan-unit.service")]
    public async Task Unit_AsShipped_IsExposedNoMoreThan1Point5(string unit)
    {
        ToolRun run = await ScoreAsync(ProductBinaries.SystemdUnit(unit));
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("Overall exposure level", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vsan-blockserver.service")]
    [InlineData("vsan-unit.service")]
    public async Task Unit_WithoutItsUserAndCallFilter_IsSeenToBeExposed(string unit)
    {
        using TestDirectory directory = TestDirectory.For(this, $"{nameof(Unit_WithoutItsUserAndCallFilter_IsSeenToBeExposed)}.{unit}");
        string loosened = directory.File(unit);
        string[] kept = [.. (await File.ReadAllLinesAsync(ProductBinaries.SystemdUnit(unit))).Where(line =>
            !line.StartsWith("User=", StringComparison.Ordinal) && !line.StartsWith("SystemCallFilter=", StringComparison.Ordinal) && !line.StartsWith("CapabilityBoundingSet=", StringComparison.Ordinal))];
        await File.WriteAllLinesAsync(loosened, kept);
        Assert.NotEqual(0, (await ScoreAsync(loosened)).ExitCode);
    }

    [Fact]
    public async Task Calls_OfAServerThatServes_AreAllOnItsUnitsList()
    {
        using TestDirectory directory = TestDirectory.For(this);
        string trace = directory.File("calls");
        string control = directory.Socket("control");
        await using ProcessUnderTest server = ProcessUnderTest.Start(
            "strace",
            ["-f", "-c", "-o", trace, ProductBinaries.BlockServer, "run", "--state", directory.Folder("state"), "--control", control, "--rings", "1", "--metrics", "127.0.0.1:0"],
            directory.File("blockserver.log"));
        await server.LineAsync("event=ready");
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        string file = directory.File("wanted.json");
        await File.WriteAllBytesAsync(file, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(setup.Next(), Contracts.BlockServer.BlockServerJson.Default.BlockServerConfiguration));
        _ = (await ToolRun.RunAsync(ProductBinaries.BlockServer, ["apply", "--control", control, file])).Succeeded();
        await QemuIo.WriteAndReadBackAsync(directory, setup.Access(), 0x5A);
        _ = (await ToolRun.RunAsync(ProductBinaries.BlockServer, ["metrics", "--control", control])).Succeeded();

        // strace takes SIGTERM for itself; its only child is the server.
        string child = (await File.ReadAllTextAsync($"/proc/{server.Id}/task/{server.Id}/children")).Trim();
        _ = (await ToolRun.RunAsync("kill", [child])).Succeeded();
        await server.ExitAsync();

        HashSet<string> allowed = await AllowedAsync(await File.ReadAllLinesAsync(ProductBinaries.SystemdUnit("vsan-blockserver.service")));
        string[] used = [.. (await File.ReadAllLinesAsync(trace)).Select(line => CallRow().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).Where(name => name is not ("total" or "syscall"))];
        Assert.Contains("io_uring_enter", used);
        Assert.Empty(used.Except(allowed));
        Assert.DoesNotContain("ptrace", allowed);
        Assert.DoesNotContain("mount", allowed);
    }

    private static Task<ToolRun> ScoreAsync(string path) => ToolRun.RunAsync("systemd-analyze", ["security", "--no-pager", "--offline=true", $"--threshold={ThresholdTenths}", path]);

    // In the order of the file, as systemd adds and takes away.
    private static async Task<HashSet<string>> AllowedAsync(string[] unit)
    {
        HashSet<string> allowed = [];
        foreach (string line in unit.Where(line => line.StartsWith("SystemCallFilter=", StringComparison.Ordinal)))
        {
            string list = line["SystemCallFilter=".Length..];
            bool takesAway = list.StartsWith('~');
            foreach (string word in list.TrimStart('~').Split(' '))
            {
                HashSet<string> calls = await CallsAsync(word);
                if (takesAway) allowed.ExceptWith(calls);
                else allowed.UnionWith(calls);
            }
        }

        return allowed;
    }

    private static async Task<HashSet<string>> CallsAsync(string word)
    {
        if (!word.StartsWith('@')) return [word];
        HashSet<string> calls = [];
        string output = (await ToolRun.RunAsync("systemd-analyze", ["syscall-filter", "--no-pager", word])).Succeeded().Output;
        foreach (string line in output.Split('\n').Skip(1).Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith('#')))
            calls.UnionWith(await CallsAsync(line));
        return calls;
    }

    [GeneratedRegex(@"^\s*\d.*\s(\w+)$")]
    private static partial Regex CallRow();
}
